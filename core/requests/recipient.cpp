#include "core/requests/recipient.h"

#include "core/base/text.h"
#include "core/chains/payload_format.h"

namespace coffer::requests {

namespace {

constexpr std::size_t compared_characters = 4; // what a hurried eye reads at either end
constexpr std::size_t most_differing = 4;

/// Both ends of an address, without the prefix that all of them share.
std::string ends_of(std::string_view address)
{
    auto body = to_lower_ascii(address);
    for (const std::string_view prefix : {"0x", "bc1", "tb1", "bcrt1"})
        if (body.starts_with(prefix)) {
            body.erase(0, prefix.size());
            break;
        }
    if (body.size() <= 2 * compared_characters)
        return body;
    return body.substr(0, compared_characters) + body.substr(body.size() - compared_characters);
}

/// Letters that are the same in both cases count as one character, since people read them so.
bool differs_little(std::string_view one, std::string_view other)
{
    const auto a = to_lower_ascii(one);
    const auto b = to_lower_ascii(other);
    if (a.size() != b.size())
        return false;
    std::size_t differing = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        differing += a[i] == b[i] ? 0U : 1U;
    return differing <= most_differing;
}

} // namespace

policy::ChainWords words_of(const charter::Charter& charter, const charter::Wallet& payer)
{
    const auto& chain = charter.chain(payer.chain);
    const auto& format = chains::format_of(chain);
    return {.address = [&](ByteView address) { return format.format_address(address, chain); },
            .feerate = [&](const Uint256& rate) { return format.format_feerate(rate); },
            .owner = [&](ByteView address) { return format.find_owner(charter, chain, address); }};
}

Recipient name_recipient(const charter::Charter& charter, const charter::Wallet& payer, ByteView address)
{
    const auto& chain = charter.chain(payer.chain);
    Recipient recipient;
    recipient.address = chains::format_of(chain).format_address(address, chain);
    if (const auto* wallet = chains::format_of(chain).find_owner(charter, chain, address); wallet != nullptr) {
        recipient.kind = wallet->id == payer.id ? Recipient::Kind::payer : Recipient::Kind::own_wallet;
        recipient.name = wallet->id;
    } else if (const auto* entry = charter.find_destination_at(payer.chain, address); entry != nullptr) {
        recipient.kind = Recipient::Kind::address_book;
        recipient.name = entry->id;
    }
    return recipient;
}

std::vector<std::string> find_alike(const charter::Charter& charter, const charter::Chain& chain, ByteView address)
{
    const auto& format = chains::format_of(chain);
    const auto text = format.format_address(address, chain);
    std::vector<std::string> alike;
    const auto compare = [&](const std::string& id, const std::string& on, const Bytes& other) {
        if (on != chain.id || other.empty() || equal(other, address))
            return;
        const auto other_text = format.format_address(other, chain);
        if (ends_of(other_text) == ends_of(text) || differs_little(other_text, text))
            alike.push_back(id);
    };
    for (const auto& entry : charter.destinations)
        compare(entry.id, entry.chain, entry.address);
    for (const auto& wallet : charter.wallets)
        compare(wallet.id, wallet.chain, wallet.address);
    return alike;
}

Recipient identify_recipient(const charter::Charter& charter, const charter::Wallet& payer, ByteView address)
{
    const auto& chain = charter.chain(payer.chain);
    const auto& format = chains::format_of(chain);
    auto recipient = name_recipient(charter, payer, address);

    const auto ends = ends_of(recipient.address);
    const auto compare = [&](const std::string& id, const std::string& on, const Bytes& other) {
        if (on == payer.chain && !other.empty() && !equal(other, address) && ends_of(format.format_address(other, chain)) == ends)
            recipient.alike.push_back(id);
    };
    for (const auto& entry : charter.destinations)
        compare(entry.id, entry.chain, entry.address);
    for (const auto& wallet : charter.wallets)
        compare(wallet.id, wallet.chain, wallet.address);
    return recipient;
}

} // namespace coffer::requests

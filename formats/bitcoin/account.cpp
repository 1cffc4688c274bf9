#include "formats/bitcoin/account.h"

#include "core/base/document.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/descriptor.h"
#include "formats/bitcoin/wallet_draft.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

constexpr std::string_view both_branches = "/<0;1>/*";
constexpr int last_index = 999; // as many as Bitcoin Core watches ahead

const Network& network_of(const chains::AccountChain& chain)
{
    const auto* network = find_network(chain.name == "bitcoin" ? "mainnet" : chain.name);
    require(network != nullptr, "an account on a network that is none");
    return *network;
}

std::string extended_key_of(const chains::AccountKey& key)
{
    return std::get<keys::ExtendedPublicKey>(key.key).format();
}

/// Of the wallet of this key alone.
Descriptor descriptor_of(const chains::AccountChain& chain, const chains::AccountKey& key)
{
    const chains::DraftKey alone{"key", {{}, key.origin.format(), extended_key_of(key)}};
    return Descriptor::parse(draft_wallet(network_of(chain), "", {&alone, 1}).descriptor);
}

std::string key_expression(const chains::AccountKey& key)
{
    return key.origin.format() + extended_key_of(key) + std::string{both_branches};
}

std::string with_branch(std::string descriptor, std::string_view branch)
{
    descriptor.erase(descriptor.find('#'));
    descriptor.replace(descriptor.find(both_branches), both_branches.size(), branch);
    return Descriptor::parse(descriptor).canonical();
}

std::string core_text(const chains::AccountChain& chain, const chains::AccountKey& key)
{
    const auto descriptor = descriptor_of(chain, key).canonical();
    auto requests = Document::list();
    for (const auto is_change : {false, true})
        requests.add(Document::object()
                         .set("desc", with_branch(descriptor, is_change ? "/1/*" : "/0/*"))
                         .set("active", true)
                         .set("internal", is_change)
                         .set("range", Document::list().add(0).add(last_index))
                         .set("timestamp", 0)); // the key may have been paid before
    return requests.to_json();
}

std::string upper_hex(ByteView bytes)
{
    auto digits = encoding::encode_hex(bytes);
    std::ranges::transform(digits, digits.begin(), [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
    return digits;
}

/// The path with `'` for hardened steps, as Coldcard writes it.
std::string coldcard_path(const keys::DerivationPath& path)
{
    auto text = path.format();
    std::ranges::replace(text, 'h', '\'');
    return text;
}

std::string sparrow_text(const chains::AccountChain& chain, const chains::AccountKind& kind, const chains::AccountKey& key)
{
    const auto path = coldcard_path(key.origin.path);
    auto text = Document::object().set("xfp", upper_hex(key.origin.fingerprint.bytes()));
    if (kind.use == chains::AccountUse::cosigner)
        return text.set("p2wsh_deriv", path).set("p2wsh", extended_key_of(key)).to_json();
    return text
        .set("bip" + std::to_string(kind.purpose), Document::object()
                                                       .set("name", kind.address_type)
                                                       .set("deriv", path)
                                                       .set("xpub", extended_key_of(key))
                                                       .set("first", first_address(chain, key).text))
        .to_json();
}

} // namespace

chains::AccountAddress first_address(const chains::AccountChain& chain, const chains::AccountKey& key)
{
    const auto scripts = descriptor_of(chain, key).derive(0, 0);
    const auto child = std::get<keys::ExtendedPublicKey>(key.key).derive(keys::DerivationPath::parse("0/0")).key();
    return {"0/0", to_bytes(child.compressed()), *format_address(scripts.script_pubkey, network_of(chain))};
}

std::string account_text(std::string_view format, const chains::AccountChain& chain, const chains::AccountKind& kind,
                         const chains::AccountKey& key)
{
    const bool is_alone = kind.use == chains::AccountUse::alone;
    if (format == "descriptor")
        return is_alone ? descriptor_of(chain, key).canonical() : key_expression(key);
    if (format == "sparrow")
        return sparrow_text(chain, kind, key);
    if (format != "core")
        throw Error{ErrorCode::usage, "accounts on " + std::string{chain.name} + " are written as descriptor, core or sparrow, not as " + quoted(format)};
    if (!is_alone)
        throw Error{ErrorCode::usage, "the account of a cosigner is no wallet that Bitcoin Core could watch",
                    "--format descriptor gives its key for the descriptor of all"};
    return core_text(chain, key);
}

} // namespace coffer::bitcoin

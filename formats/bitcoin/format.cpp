#include "formats/bitcoin/format.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/hash.h"
#include "core/encoding/base64.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/check_charter.h"
#include "formats/bitcoin/described_addresses.h"
#include "formats/bitcoin/feerate.h"
#include "formats/bitcoin/foreign_signatures.h"
#include "formats/bitcoin/inspect.h"
#include "formats/bitcoin/message.h"
#include "formats/bitcoin/payload.h"
#include "formats/bitcoin/psbt_adopt.h"
#include "formats/bitcoin/script.h"
#include "formats/bitcoin/wallet_draft.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

const BitcoinPayload& transaction_of(const payments::Payload& payload)
{
    const auto* bitcoin = dynamic_cast<const BitcoinPayload*>(&payload);
    require(bitcoin != nullptr, "a payload of Bitcoin is none");
    return *bitcoin;
}

Error no_such_index(std::uint32_t index)
{
    return Error{ErrorCode::malformed, "index " + std::to_string(index) + " is above 2147483647"};
}

constexpr std::string_view mainnet_chain = "bitcoin"; // the name of a chain of its own; `mainnet` is a network of many
constexpr std::string_view symbol = "BTC";
constexpr unsigned decimals = 8;

charter::Chain chain_of(const Network& network)
{
    charter::Chain chain;
    chain.id = network.coin_type == 0 ? mainnet_chain : network.name;
    chain.family = family_name;
    chain.network = network.name;
    chain.symbol = symbol;
    chain.decimals = decimals;
    return chain;
}

} // namespace

std::unique_ptr<const payments::Payload> BitcoinFormat::decode(ByteView payload, const chains::PayloadContext& context) const
{
    if (payments::is_message(payload))
        return BitcoinMessage::decode(payload, context, m_wallets);
    return BitcoinPayload::decode(payload, context, m_wallets);
}

Bytes BitcoinFormat::parse_address(std::string_view text, const charter::Chain& chain) const
{
    return bitcoin::parse_address(text, network_of(chain));
}

std::string BitcoinFormat::format_address(ByteView address, const charter::Chain& chain) const
{
    return bitcoin::format_address(address, network_of(chain)).value_or("script " + encoding::encode_hex(address));
}

Bytes BitcoinFormat::derive_address(const charter::Charter& charter, const charter::Wallet& wallet, Branch branch, std::uint32_t index) const
{
    if (index >= keys::hardened)
        throw no_such_index(index);
    return m_wallets.wallet_of(charter, wallet)->script_pubkey({branch, index});
}

Bytes BitcoinFormat::make_message(ByteView text, const chains::PayloadContext& context, std::uint32_t index) const
{
    if (index >= keys::hardened)
        throw no_such_index(index);
    return bitcoin::make_message(text, *m_wallets.wallet_of(context.charter, context.wallet), {Branch::receive, index});
}

const charter::Wallet* BitcoinFormat::find_owner(const charter::Charter& charter, const charter::Chain& chain, ByteView address) const
{
    return m_wallets.find_owner(charter, chain, address);
}

std::vector<chains::HeldKey> BitcoinFormat::keys_of(const charter::Charter& charter, const charter::Wallet& wallet) const
{
    const auto known = m_wallets.wallet_of(charter, wallet);
    std::vector<chains::HeldKey> keys;
    for (std::size_t i = 0; i < known->cosigners().size(); ++i) {
        const auto& expression = known->descriptor().keys()[i];
        const auto& [appliance, key, outside] = known->cosigners()[i];
        keys.push_back({{.appliance = appliance, .key = key, .path = {}, .outside = outside},
                        expression.origin ? expression.origin->format() : std::string{},
                        std::get<keys::ExtendedPublicKey>(expression.key).format()});
    }
    return keys;
}

std::size_t BitcoinFormat::signers_needed(const charter::Charter& charter, const charter::Wallet& wallet) const
{
    return std::max(m_wallets.wallet_of(charter, wallet)->descriptor().threshold(), 1U);
}

std::optional<charter::Chain> BitcoinFormat::chain_named(std::string_view name) const
{
    const auto* network = find_network(name == mainnet_chain ? "mainnet" : name);
    if (network == nullptr || name == "mainnet")
        return std::nullopt;
    return chain_of(*network);
}

std::vector<std::string_view> BitcoinFormat::chain_names() const
{
    std::vector<std::string_view> names;
    for (const auto& network : networks())
        names.push_back(network.coin_type == 0 ? mainnet_chain : network.name);
    return names;
}

Bytes BitcoinFormat::derive_address(const charter::Chain& chain, std::string_view extended_public, std::string_view path) const
{
    const auto [plain, script] = read_slip132(extended_public);
    const auto key = keys::ExtendedPublicKey::parse(plain);
    if (key.position().network != key_network(chain))
        throw Error{ErrorCode::network, "the extended key is not of " + chain.network};
    const auto child = key.derive(keys::DerivationPath::parse(path)).key();
    const auto hash = crypto::hash160(child.compressed());
    switch (script) {
    case Slip132Script::p2sh_p2wpkh: return p2sh_script_of(p2wpkh_script(hash));
    case Slip132Script::any:
    case Slip132Script::p2wpkh: return p2wpkh_script(hash);
    case Slip132Script::p2wsh:
    case Slip132Script::p2sh_p2wsh: break;
    }
    throw Error{ErrorCode::usage, "this prefix is for wallets of several keys; give a descriptor", "coffer wallet addresses --descriptor DESC"};
}

chains::AccountUse BitcoinFormat::use_of(const keys::KeyOrigin& origin) const
{
    return is_cosigner_account(origin) ? chains::AccountUse::cosigner : chains::AccountUse::alone;
}

charter::Chain BitcoinFormat::usual_chain(std::string_view extended_public) const
{
    return chain_of(usual_network(extended_public));
}

charter::Wallet BitcoinFormat::draft_wallet(const charter::Chain& chain, std::string_view policy, std::span<const chains::DraftKey> keys) const
{
    return bitcoin::draft_wallet(network_of(chain), policy, keys);
}

std::optional<charter::Chain> BitcoinFormat::chain_of_descriptor(std::string_view descriptor) const
{
    return chain_of(usual_network(Descriptor::parse(descriptor)));
}

std::vector<chains::DescribedAddress> BitcoinFormat::derive_described(const charter::Chain& chain, std::string_view descriptor, Branch branch,
                                                                      std::uint32_t start, std::uint32_t count) const
{
    return bitcoin::derive_described(Descriptor::parse(descriptor), network_of(chain), branch, start, count);
}

keys::KeyNetwork BitcoinFormat::key_network(const charter::Chain& chain) const
{
    return network_of(chain).coin_type == 0 ? keys::KeyNetwork::main : keys::KeyNetwork::test;
}

Uint256 BitcoinFormat::parse_feerate(std::string_view text) const
{
    return bitcoin::parse_feerate(text);
}

std::string BitcoinFormat::format_feerate(const Uint256& rate) const
{
    return bitcoin::format_feerate(rate);
}

std::vector<charter::Problem> BitcoinFormat::check_charter(const charter::Charter& charter) const
{
    return bitcoin::check_charter(charter);
}

Bytes BitcoinFormat::adopt(ByteView foreign) const
{
    return encode_psbt(bitcoin::adopt(decode_foreign_psbt(foreign)));
}

bool BitcoinFormat::is_foreign_artefact(ByteView bytes) const
{
    return is_signed_artefact(bytes);
}

std::optional<std::vector<payments::TaskSignature>> BitcoinFormat::find_signatures(ByteView foreign, const payments::Payload& payload) const
{
    if (!payload.goes_to_chain())
        return std::nullopt;
    return find_foreign_signatures(foreign, transaction_of(payload));
}

Bytes BitcoinFormat::export_foreign(std::string_view kind, const payments::Payload& payload, std::span<const payments::TaskSignature> signatures) const
{
    if (!payload.goes_to_chain())
        throw Error{ErrorCode::state, "a message is not handed out as " + std::string{kind} + ": no transaction is sent", "`coffer show` has its signature"};
    auto bytes = encode_psbt(with_signatures(transaction_of(payload), signatures));
    if (kind == "psbt")
        return bytes;
    if (kind == "psbt-base64")
        return to_bytes(bytes_of(encoding::encode_base64(bytes) + "\n"));
    throw Error{ErrorCode::usage, "payloads of Bitcoin are handed out as psbt or psbt-base64, not as " + quoted(kind)};
}

std::string_view BitcoinFormat::native_symbol() const
{
    return symbol;
}

unsigned BitcoinFormat::native_decimals() const
{
    return decimals;
}

std::optional<Document> BitcoinFormat::inspect(ByteView bytes, std::string_view text, std::string_view kind) const
{
    return bitcoin::inspect(bytes, text, kind);
}

} // namespace coffer::bitcoin

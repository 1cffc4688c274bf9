#include "formats/bitcoin/message.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/bip322.h"
#include "formats/bitcoin/psbt_map.h"
#include "formats/bitcoin/psbt_update.h"
#include "formats/bitcoin/script.h"

namespace coffer::bitcoin {

namespace {

Place place_of(const payments::Message& message)
{
    if (message.standard != message_standard || !message.place)
        throw Error{ErrorCode::malformed, "message of the standard " + quoted(message.standard) + " without a place, or of another than " +
                                              std::string{message_standard}};
    const auto [branch, index] = *message.place;
    if (branch > static_cast<std::uint32_t>(Branch::change) || index >= keys::hardened)
        throw Error{ErrorCode::malformed, "message: there is no address " + std::to_string(branch) + "/" + std::to_string(index)};
    return {static_cast<Branch>(branch), index};
}

Psbt psbt_of(const payments::Message& message, const Place& place, const DescriptorWallet& wallet)
{
    const auto to_spend = bip322_to_spend(message.address, message.text);
    auto psbt = create_psbt(bip322_to_sign(to_spend));
    auto& input = psbt.inputs.front();
    update_input(input, wallet.descriptor(), static_cast<std::size_t>(place.branch), place.index);
    update_spent(input, to_spend);
    return psbt;
}

std::string name_of(ByteView script_pubkey, const Network& network)
{
    return format_address(script_pubkey, network).value_or("script " + encoding::encode_hex(script_pubkey));
}

} // namespace

Bytes make_message(ByteView text, const DescriptorWallet& wallet, const Place& place)
{
    return payments::encode_message({.standard = std::string{message_standard},
                                     .address = wallet.script_pubkey(place),
                                     .text = to_bytes(text),
                                     .place = payments::MessagePlace{static_cast<std::uint32_t>(place.branch), place.index}});
}

BitcoinMessage::BitcoinMessage(ByteView bytes, payments::Message message, const Place& place, std::shared_ptr<const DescriptorWallet> wallet,
                               const AssetId& native)
    : Payload{to_bytes(bytes)}, m_message{std::move(message)}, m_wallet{std::move(wallet)}, m_psbt{psbt_of(m_message, place, *m_wallet)},
      m_digests{input_digests(m_psbt, spent_outputs(m_psbt))}, m_places{place},
      m_description{.payer = m_wallet->id(), .payments = {}, .change = {}, .fee = {.maximum = {native, 0}, .rate = 0, .priority_rate = 0}},
      m_digest{payments::message_digest(m_message, m_wallet->network().genesis())}
{
}

std::unique_ptr<const BitcoinMessage> BitcoinMessage::decode(ByteView bytes, const chains::PayloadContext& context, const WalletCache& wallets)
{
    auto message = payments::decode_message(bytes);
    const auto place = place_of(message);
    auto wallet = wallets.wallet_of(context.charter, context.wallet);
    const auto& script = wallet->script_pubkey(place);
    if (message.address != script)
        throw Error{ErrorCode::input_owner, "message for " + name_of(message.address, wallet->network()) + ", wallet " + quoted(wallet->id()) +
                                                " has " + name_of(script, wallet->network()) + " there"};
    if (!witness_version(script))
        throw Error{ErrorCode::output_script, "address " + name_of(script, wallet->network()) + " is no native segwit one: it signs no messages of BIP-322's simple form"};
    return std::unique_ptr<const BitcoinMessage>{
        new BitcoinMessage{bytes, std::move(message), place, std::move(wallet), context.chain().native()}};
}

Bytes BitcoinMessage::chain_hash() const
{
    const auto txid = txid_of(unsigned_transaction(m_psbt));
    return {txid.bytes().rbegin(), txid.bytes().rend()};
}

std::vector<payments::Payload::Detail> BitcoinMessage::details() const
{
    return payments::message_details(m_message, name_of(m_message.address, m_wallet->network()));
}

payments::SignedTransaction BitcoinMessage::finalize(std::span<const payments::TaskSignature> signatures) const
{
    const auto psbt = signing().finalize(m_psbt, signatures);
    auto witness = encode_witness(psbt.inputs.front().final_script_witness.value_or(std::vector<Bytes>{}));
    auto text = format_simple_signature(witness);
    return {std::move(witness), std::move(text)};
}

} // namespace coffer::bitcoin

#include "formats/evm/message.h"

#include "core/base/byte_writer.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/keccak.h"
#include "core/encoding/hex.h"
#include "formats/evm/payload.h"
#include "formats/evm/signing.h"

namespace coffer::evm {

namespace {

constexpr std::string_view version_e = "\x19" "Ethereum Signed Message:\n";
constexpr std::uint8_t least_v = 27;

/// EIP-191 names no chain.
void require_one_chain(const chains::PayloadContext& context, const Address& address)
{
    for (const auto& other : context.charter.wallets)
        if (other.chain != context.wallet.chain && context.charter.chain(other.chain).family == family_name && equal(other.address, address.bytes()))
            throw Error{ErrorCode::policy_sharedkey, "account " + format_address(address) + " is wallet " + quoted(context.wallet.id) + " on " +
                                                         context.wallet.chain + " and wallet " + quoted(other.id) + " on " + other.chain +
                                                         ": a message that it signs would be good on both"};
}

} // namespace

ByteArray<32> message_hash(ByteView text)
{
    ByteWriter writer;
    writer.write(bytes_of(version_e)).write(bytes_of(std::to_string(text.size()))).write(text);
    return crypto::keccak256(std::move(writer).bytes());
}

EvmMessage::EvmMessage(ByteView bytes, payments::Message message, payments::SigningTask task, const chains::PayloadContext& context)
    : Payload{to_bytes(bytes)}, m_message{std::move(message)}, m_task{std::move(task)},
      m_description{.payer = context.wallet.id, .payments = {}, .change = {}, .fee = {.maximum = {context.chain().native(), 0}, .rate = 0, .priority_rate = 0}},
      m_digest{payments::message_digest(m_message, context.chain().chain_id)}
{
}

std::unique_ptr<const EvmMessage> EvmMessage::decode(ByteView bytes, const chains::PayloadContext& context, const AccountCache& accounts)
{
    auto message = payments::decode_message(bytes);
    if (message.standard != message_standard || message.place)
        throw Error{ErrorCode::malformed, "message of the standard " + quoted(message.standard) + ", an account signs " + std::string{message_standard}};
    const auto account = accounts.account_of(context.charter, context.wallet);
    if (!equal(message.address, account.address.bytes()))
        throw Error{ErrorCode::input_owner, "message for address " + encoding::encode_hex(message.address) + ", wallet " + quoted(context.wallet.id) +
                                                " has " + format_address(account.address)};
    require_one_chain(context, account.address);
    auto task = signing_task(context.wallet.keys.front(), account, message_hash(message.text));
    return std::unique_ptr<const EvmMessage>{new EvmMessage{bytes, std::move(message), std::move(task), context}};
}

std::vector<payments::Payload::Detail> EvmMessage::details() const
{
    return payments::message_details(m_message, format_address(Address::from(m_message.address)));
}

void EvmMessage::verify(const payments::TaskSignature& signature) const
{
    verify_signature(m_task, signature);
}

payments::SignedTransaction EvmMessage::finalize(std::span<const payments::TaskSignature> signatures) const
{
    const auto signature = only_signature(m_task, signatures);
    auto bytes = to_bytes(signature.compact);
    bytes.push_back(static_cast<std::uint8_t>(least_v + signature.recovery_id));
    auto text = "0x" + encoding::encode_hex(bytes);
    return {std::move(bytes), std::move(text)};
}

} // namespace coffer::evm

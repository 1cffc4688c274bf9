#include "core/payments/message.h"

#include "core/artefacts/artefact.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/hash.h"
#include "core/encoding/cbor.h"

#include <algorithm>
#include <limits>

namespace coffer::payments {

namespace {

constexpr std::size_t hash_size = 32;
constexpr std::size_t items_without_place = 3;
constexpr std::size_t items_with_place = 5;

const Bytes& prefix()
{
    static const auto made = artefacts::domain_separated("message", {});
    return made;
}

/// C0 but for the line feed, DEL, and C1 (two bytes in UTF-8).
bool has_control_character(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte < 0x20 && byte != '\n') || byte == 0x7f)
            return true;
        if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0)
            return true;
    }
    return false;
}

std::uint32_t read_u32(const cbor::Value& value, std::string_view what)
{
    const auto number = value.number(what);
    if (number > std::numeric_limits<std::uint32_t>::max())
        throw Error{ErrorCode::malformed, "message: " + std::string{what} + " " + std::to_string(number) + " is too large"};
    return static_cast<std::uint32_t>(number);
}

PayloadDigest digest_on(const Message& message, cbor::Value chain)
{
    const cbor::Value value{cbor::Value::Array{"message", message.standard, std::move(chain), message.address, message.text}};
    return PayloadDigest{crypto::sha256(artefacts::domain_separated("payload", cbor::encode(value)))};
}

} // namespace

void require_readable(ByteView text)
{
    if (text.empty())
        throw Error{ErrorCode::malformed, "the message is empty"};
    if (text.size() > most_message_bytes)
        throw Error{ErrorCode::limit, "a message of " + std::to_string(text.size()) + " bytes is over the limit of " + std::to_string(most_message_bytes)};
    const auto characters = text_of(text);
    if (is_valid_utf8(characters) && !has_control_character(characters))
        return;
    throw Error{ErrorCode::blind,
                text.size() == hash_size ? "the message is 32 raw bytes, the hash of something that nobody sees"
                                         : "the message is no text that can be shown whole: it is not UTF-8, or has control characters"};
}

bool is_message(ByteView payload)
{
    return payload.size() >= prefix().size() && equal(payload.first(prefix().size()), prefix());
}

Bytes encode_message(const Message& message)
{
    cbor::Value::Array items{message.standard, message.address, message.text};
    if (message.place) {
        items.emplace_back(message.place->branch);
        items.emplace_back(message.place->index);
    }
    return artefacts::domain_separated("message", cbor::encode(cbor::Value{std::move(items)}));
}

Message decode_message(ByteView payload)
{
    if (!is_message(payload))
        throw Error{ErrorCode::malformed, "not the payload of a message"};
    const auto value = cbor::decode(payload.subspan(prefix().size()));
    const auto& items = value.array("message");
    if (items.size() != items_without_place && items.size() != items_with_place)
        throw Error{ErrorCode::malformed, "message: " + std::to_string(items.size()) + " items, not 3 or 5"};
    Message message{.standard = items[0].text("standard"), .address = items[1].bytes("address"), .text = items[2].bytes("text")};
    if (items.size() == items_with_place)
        message.place = {read_u32(items[3], "branch"), read_u32(items[4], "index")};
    require_readable(message.text);
    return message;
}

PayloadDigest message_digest(const Message& message, std::uint64_t chain_id)
{
    return digest_on(message, chain_id);
}

PayloadDigest message_digest(const Message& message, const ByteArray<32>& genesis_hash)
{
    return digest_on(message, genesis_hash);
}

std::vector<Payload::Detail> message_details(const Message& message, std::string address)
{
    const auto lines = split(text_of(message.text), '\n');
    std::vector<Payload::Detail> details;
    for (std::size_t i = 0; i < lines.size(); ++i)
        details.push_back({lines.size() == 1 ? std::string{"message"} : "line " + std::to_string(i + 1) + " of " + std::to_string(lines.size()),
                           quoted(lines[i], most_message_bytes)});
    details.push_back({"signs as", std::move(address)});
    return details;
}

} // namespace coffer::payments

#include "formats/evm/inspect.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "formats/evm/calldata.h"
#include "formats/evm/decode.h"
#include "formats/evm/sighash.h"

#include <algorithm>

namespace coffer::evm {

namespace {

constexpr std::string_view address_kind = "address";
constexpr std::string_view transaction_kind = "evm_transaction";
constexpr std::string_view hex_prefix = "0x";
constexpr std::size_t address_characters = 42;
constexpr std::uint8_t first_list_byte = 0xc0;
constexpr std::size_t longest_short_list = 55;

bool looks_like_address(std::string_view text)
{
    return text.starts_with(hex_prefix) && text.size() == address_characters;
}

Document inspect_address(std::string_view text)
{
    const auto address = parse_address(text, Checksum::optional);
    auto document = Document::object();
    document.set("kind", address_kind);
    document.set("type", "evm");
    document.set("normalized", format_address(address));
    if (text != format_address(address))
        document.set("warnings", Document::list().add("the address was written without its checksum (EIP-55)"));
    return document;
}

bool is_hex_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// What hex text spells, with or without 0x; none for other input.
std::optional<Bytes> hex_bytes(std::string_view word)
{
    const auto digits = word.substr(word.starts_with(hex_prefix) ? hex_prefix.size() : 0);
    if (digits.empty() || digits.size() % 2 != 0 || !std::ranges::all_of(digits, is_hex_digit))
        return std::nullopt;
    return encoding::decode_hex(digits);
}

/// A list, behind a type byte or not.
bool begins_like_transaction(ByteView bytes)
{
    const bool has_type = !bytes.empty() && bytes[0] >= 1 && bytes[0] <= static_cast<std::uint8_t>(TransactionType::set_code);
    const std::size_t list = has_type ? 1 : 0;
    return bytes.size() > list && bytes[list] >= first_list_byte;
}

/// The same, and the list's header announces exactly the bytes that follow: other formats may begin alike.
bool looks_like_transaction(ByteView bytes)
{
    if (!begins_like_transaction(bytes))
        return false;
    const auto list = bytes.subspan(bytes[0] < first_list_byte ? 1 : 0);
    const std::size_t code = list[0] - first_list_byte;
    if (code <= longest_short_list)
        return list.size() == 1 + code;
    const auto digits = code - longest_short_list;
    return list.size() > digits &&
           Uint256::from_big_endian(list.subspan(1, digits)) == Uint256{list.size() - 1 - digits};
}

Document argument_value(const Argument& argument)
{
    if (argument.type == "address")
        return format_address(Address::from(ByteView{argument.word}.last(Address::size)));
    if (argument.type == "bool")
        return argument.word.back() != 0;
    if (argument.type == "bytes32")
        return Document::hex(argument.word);
    return Uint256::from_big_endian(argument.word);
}

Document call_document(const Method& method, ByteView data)
{
    auto arguments = Document::object();
    for (const auto& argument : decode_arguments(method, data))
        arguments.set(argument.name, argument_value(argument));
    auto call = Document::object();
    call.set("method", method.name());
    call.set("signature", method.signature);
    call.set("arguments", std::move(arguments));
    return call;
}

void add_call(Document& document, Document& warnings, const Transaction& transaction)
{
    if (transaction.data.empty())
        return;
    const auto* method = transaction.to ? find_method(transaction.data) : nullptr;
    if (method == nullptr) {
        warnings.add(transaction.to ? "the data is not understood" : "the transaction creates a contract");
        return;
    }
    try {
        document.set("call", call_document(*method, transaction.data));
    } catch (const Error& error) {
        warnings.add("the data is not encoded exactly: " + error.message());
        return;
    }
    if (method->purpose == MethodPurpose::approval)
        warnings.add("the call lets another account spend tokens");
}

void add_access_list(Document& document, const Transaction& transaction)
{
    auto list = Document::list();
    for (const auto& entry : transaction.access_list) {
        auto keys = Document::list();
        for (const auto& key : entry.storage_keys)
            keys.add(Document::hex(key));
        list.add(Document::object().set("address", format_address(entry.address)).set("storage_keys", std::move(keys)));
    }
    document.set("access_list", std::move(list));
}

void add_authorizations(Document& document, const Transaction& transaction)
{
    auto list = Document::list();
    for (const auto& item : transaction.authorization_list)
        list.add(Document::object()
                     .set("chain_id", item.chain_id)
                     .set("address", format_address(item.address))
                     .set("nonce", item.nonce));
    document.set("authorization_list", std::move(list));
}

void add_blob_fields(Document& document, const Transaction& transaction)
{
    auto hashes = Document::list();
    for (const auto& hash : transaction.blob_versioned_hashes)
        hashes.add(Document::hex(hash));
    document.set("max_fee_per_blob_gas", transaction.max_fee_per_blob_gas);
    document.set("blob_versioned_hashes", std::move(hashes));
}

void add_type_warnings(Document& warnings, const Transaction& transaction)
{
    switch (transaction.type) {
    case TransactionType::legacy:
        if (!transaction.chain_id)
            warnings.add("no chain id: any chain accepts the transaction (before EIP-155)");
        return;
    case TransactionType::fee_market: return;
    case TransactionType::access_list:
    case TransactionType::blob: warnings.add("coffer signs types 0 and 2 only"); return;
    case TransactionType::set_code:
        warnings.add("the transaction hands accounts to foreign code (EIP-7702); coffer never signs it");
        return;
    }
}

Document transaction_document(const Transaction& transaction)
{
    auto document = Document::object();
    auto warnings = Document::list();
    document.set("kind", transaction_kind);
    document.set("type", static_cast<unsigned>(transaction.type));
    document.set("type_name", name_of(transaction.type));
    document.set("chain_id", transaction.chain_id ? Document{*transaction.chain_id} : Document{});
    document.set("nonce", transaction.nonce);
    document.set("to", transaction.to ? Document{format_address(*transaction.to)} : Document{});
    document.set("value", transaction.value);
    document.set("data", Document::hex(transaction.data));
    add_call(document, warnings, transaction);
    document.set("gas_limit", transaction.gas_limit);
    if (transaction.has_gas_price()) {
        document.set("gas_price", transaction.gas_price);
    } else {
        document.set("max_fee_per_gas", transaction.max_fee_per_gas);
        document.set("max_priority_fee_per_gas", transaction.max_priority_fee_per_gas);
    }
    if (transaction.type != TransactionType::legacy)
        add_access_list(document, transaction);
    if (transaction.type == TransactionType::blob)
        add_blob_fields(document, transaction);
    if (transaction.type == TransactionType::set_code)
        add_authorizations(document, transaction);
    document.set("signing_hash", Document::hex(signing_hash(transaction)));
    add_type_warnings(warnings, transaction);
    document.set("warnings", std::move(warnings));
    return document;
}

Document inspect_transaction(ByteView bytes)
{
    if (!is_signed(bytes))
        return transaction_document(decode_unsigned(bytes)).set("signed", false);
    const auto transaction = decode_signed(bytes);
    return transaction_document(transaction.transaction)
        .set("signed", true)
        .set("hash", Document::hex(transaction_hash(transaction)))
        .set("from", format_address(recover_sender(transaction)));
}

} // namespace

std::optional<Document> inspect(ByteView bytes, std::string_view text, std::string_view kind)
{
    const auto word = trim(text);
    if (kind == address_kind ? word.starts_with(hex_prefix) : kind.empty() && looks_like_address(word))
        return inspect_address(word);
    const auto spelled = hex_bytes(word);
    const auto candidate = spelled ? ByteView{*spelled} : bytes;
    if (kind == transaction_kind) {
        if (!spelled && word.starts_with(hex_prefix))
            static_cast<void>(encoding::decode_hex(word.substr(hex_prefix.size()))); // throws with the offset
        return inspect_transaction(candidate);
    }
    const bool is_ours = looks_like_transaction(candidate) ||
                         (word.starts_with(hex_prefix) && spelled && begins_like_transaction(candidate));
    if (!kind.empty() || !is_ours)
        return std::nullopt;
    return inspect_transaction(candidate);
}

} // namespace coffer::evm

#include "tests/attacks/payload_maker.h"

#include "core/base/byte_writer.h"
#include "core/crypto/hash.h"
#include "core/crypto/keccak.h"
#include "core/encoding/cbor.h"
#include "formats/evm/encode.h"
#include "tests/attacks/bitcoin_maker.h"
#include "tests/attacks/charter_patch.h"

#include <algorithm>

namespace coffer::test::attacks {

namespace {

Uint256 number(const Json& object, const char* name, const char* otherwise)
{
    return Uint256::from_decimal(get<std::string>(object, name, otherwise));
}

/// One ABI word: a decimal number, 0x and 64 digits, or an address.
Bytes word(const Json& value, const charter::Charter& charter)
{
    const auto text = value.get<std::string>();
    if (text.starts_with("0x") && text.size() == 66)
        return hex_bytes(text);
    if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
        const auto big_endian = Uint256::from_decimal(text).big_endian();
        return {big_endian.begin(), big_endian.end()};
    }
    Bytes padded(12);
    coffer::append(padded, address_in(charter, text));
    return padded;
}

Bytes calldata(const Json& data, const charter::Charter& charter)
{
    if (data.is_string())
        return hex_bytes(data.get<std::string>());
    require_known(data, {"selector", "words", "edit"}, "data");
    auto bytes = hex_bytes(data.at("selector").get<std::string>());
    for (const auto& value : data.at("words"))
        coffer::append(bytes, word(value, charter));
    return edited(std::move(bytes), member(data, "edit"));
}

std::vector<evm::AccessListEntry> access_list(const Json& list, const charter::Charter& charter)
{
    std::vector<evm::AccessListEntry> entries;
    for (const auto& item : list)
        entries.push_back({evm::Address::from(address_in(charter, item.get<std::string>())), {ByteArray<32>{}}});
    return entries;
}

std::vector<evm::Authorization> authorizations(const Json& list, const charter::Charter& charter)
{
    std::vector<evm::Authorization> all;
    for (const auto& item : list) {
        require_known(item, {"chain_id", "address", "nonce"}, "authorization");
        all.push_back({.chain_id = Uint256{get<std::uint64_t>(item, "chain_id", 1)},
                       .address = evm::Address::from(address_in(charter, item.at("address").get<std::string>())),
                       .nonce = get<std::uint64_t>(item, "nonce", 0),
                       .y_parity = 1,
                       .r = Uint256{7},
                       .s = Uint256{9}});
    }
    return all;
}

} // namespace

Bytes make_payload(const Json& payload, const charter::Charter& charter, const charter::Wallet& wallet)
{
    if (!wallet.descriptor.empty())
        return make_psbt(payload, charter, wallet);
    require_known(payload,
                  {"type", "chain_id", "nonce", "gas_limit", "max_fee_per_gas", "max_priority_fee_per_gas", "gas_price",
                   "to", "value", "value_wei", "data", "access_list", "authorizations", "edit", "raw"},
                  "payload");
    if (payload.contains("raw"))
        return edited(hex_bytes(payload.at("raw").get<std::string>()), member(payload, "edit"));
    evm::Transaction transaction;
    transaction.type = static_cast<evm::TransactionType>(get<int>(payload, "type", 2));
    if (const auto chain_id = get<std::uint64_t>(payload, "chain_id", 1); chain_id != 0)
        transaction.chain_id = chain_id;
    transaction.nonce = get<std::uint64_t>(payload, "nonce", 0);
    transaction.gas_limit = get<std::uint64_t>(payload, "gas_limit", 21'000);
    if (transaction.has_gas_price()) {
        transaction.gas_price = number(payload, "gas_price", "50000000000");
    } else {
        transaction.max_fee_per_gas = number(payload, "max_fee_per_gas", "50000000000");
        transaction.max_priority_fee_per_gas = number(payload, "max_priority_fee_per_gas", "1000000000");
    }
    if (payload.contains("to"))
        transaction.to = evm::Address::from(address_in(charter, payload.at("to").get<std::string>()));
    transaction.value = payload.contains("value_wei") ? number(payload, "value_wei", "0")
                                                      : parse_decimal(get<std::string>(payload, "value", "0"), 18);
    if (payload.contains("data"))
        transaction.data = calldata(payload.at("data"), charter);
    transaction.access_list = access_list(member(payload, "access_list"), charter);
    transaction.authorization_list = authorizations(member(payload, "authorizations"), charter);
    return edited(evm::encode_unsigned(transaction), member(payload, "edit"));
}

PayloadDigest digest_without_decoding(ByteView payload, std::uint64_t chain_id, ByteView sender)
{
    const cbor::Value value{cbor::Value::Array{"evm", chain_id, sender, crypto::keccak256(payload)}};
    return PayloadDigest{crypto::sha256(artefacts::domain_separated("payload", cbor::encode(value)))};
}

} // namespace coffer::test::attacks

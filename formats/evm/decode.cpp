#include "formats/evm/decode.h"

#include "core/base/error.h"
#include "formats/evm/rlp.h"

#include <algorithm>
#include <limits>
#include <string>

namespace coffer::evm {

namespace {

using Items = std::vector<rlp::Item>;

constexpr std::uint8_t first_list_byte = 0xc0;
constexpr std::uint8_t last_type_byte = 0x7f; // EIP-2718
constexpr std::size_t unprotected_items = 6;
constexpr std::size_t signature_items = 3;

Error bad(ErrorCode code, std::string message, const rlp::Item& item)
{
    return Error{code, std::move(message)}.at_offset(item.offset);
}

/// Without the signature; a legacy transaction has 3 more, of EIP-155 or of its signature.
std::size_t item_count(TransactionType type)
{
    switch (type) {
    case TransactionType::legacy: return 6;
    case TransactionType::access_list: return 8;
    case TransactionType::fee_market: return 9;
    case TransactionType::blob: return 11;
    case TransactionType::set_code: return 10;
    }
    fatal("transaction type without a number of items");
}

struct Envelope {
    TransactionType type;
    rlp::Item list;

    const Items& items() const { return list.items; }
};

Envelope open(ByteView bytes)
{
    const auto type = type_of(bytes);
    const std::size_t header = type == TransactionType::legacy ? 0 : 1;
    return {type, rlp::decode(bytes.subspan(header), header)}; // a string has no items, so its count is wrong
}

void require_count(const Envelope& envelope, std::size_t expected)
{
    if (envelope.items().size() != expected)
        throw bad(ErrorCode::rlp, "transaction has " + std::to_string(envelope.items().size()) + " items, not " +
                                      std::to_string(expected), envelope.list);
}

/// Hands out the items of a list in order; the caller has checked how many there are.
class Fields {
public:
    explicit Fields(const Items& items) : m_next{items.begin()} {}
    const rlp::Item& take() { return *m_next++; }

private:
    Items::const_iterator m_next;
};

std::uint64_t read_chain_id(const rlp::Item& item)
{
    const auto value = rlp::integer_of(item, "chain id");
    if (value.is_zero())
        throw bad(ErrorCode::chain, "chain id is 0: any chain would accept the transaction", item);
    if (!value.to_u64())
        throw bad(ErrorCode::chain, "chain id " + value.decimal() + " is over 64 bits", item);
    return *value.to_u64();
}

std::uint64_t read_nonce(const rlp::Item& item)
{
    const auto nonce = rlp::u64_of(item, "nonce");
    if (nonce == std::numeric_limits<std::uint64_t>::max()) // EIP-2681
        throw bad(ErrorCode::rlp, "nonce is over 2^64 - 2", item);
    return nonce;
}

std::optional<Address> read_to(const rlp::Item& item, TransactionType type)
{
    const bool may_create = type != TransactionType::blob && type != TransactionType::set_code;
    if (may_create && rlp::string_of(item, "to").empty())
        return std::nullopt;
    return Address{rlp::array_of<20>(item, "to")};
}

AccessListEntry read_access_list_entry(const rlp::Item& item)
{
    const auto& pair = rlp::list_of(item, "access list entry");
    if (pair.size() != 2)
        throw bad(ErrorCode::rlp, "access list entry has " + std::to_string(pair.size()) + " items, not 2", item);
    AccessListEntry entry{Address{rlp::array_of<20>(pair[0], "access list address")}, {}};
    for (const auto& key : rlp::list_of(pair[1], "storage keys"))
        entry.storage_keys.push_back(rlp::array_of<32>(key, "storage key"));
    return entry;
}

Authorization read_authorization(const rlp::Item& item)
{
    const auto& items = rlp::list_of(item, "authorization");
    if (items.size() != 6)
        throw bad(ErrorCode::rlp, "authorization has " + std::to_string(items.size()) + " items, not 6", item);
    Fields fields{items};
    Authorization authorization;
    authorization.chain_id = rlp::integer_of(fields.take(), "authorization chain id");
    authorization.address = Address{rlp::array_of<20>(fields.take(), "authorization address")};
    authorization.nonce = rlp::u64_of(fields.take(), "authorization nonce");
    const auto& parity = fields.take();
    const auto y_parity = rlp::u64_of(parity, "authorization y parity");
    if (y_parity > 0xff) // EIP-7702 bounds it to 8 bits
        throw bad(ErrorCode::rlp, "authorization y parity is over 8 bits", parity);
    authorization.y_parity = static_cast<std::uint8_t>(y_parity);
    authorization.r = rlp::integer_of(fields.take(), "authorization r");
    authorization.s = rlp::integer_of(fields.take(), "authorization s");
    return authorization;
}

/// Legacy: nonce gasPrice gas to value data. Typed: chainId nonce (gasPrice, or maxPriority
/// maxFee) gas to value data accessList, then what only types 3 and 4 have.
Transaction read_unsigned_fields(TransactionType type, Fields& fields)
{
    Transaction transaction;
    transaction.type = type;
    if (type != TransactionType::legacy)
        transaction.chain_id = read_chain_id(fields.take());
    transaction.nonce = read_nonce(fields.take());
    if (transaction.has_gas_price()) {
        transaction.gas_price = rlp::integer_of(fields.take(), "gas price");
    } else {
        transaction.max_priority_fee_per_gas = rlp::integer_of(fields.take(), "max priority fee");
        transaction.max_fee_per_gas = rlp::integer_of(fields.take(), "max fee");
    }
    transaction.gas_limit = rlp::u64_of(fields.take(), "gas limit");
    transaction.to = read_to(fields.take(), type);
    transaction.value = rlp::integer_of(fields.take(), "value");
    transaction.data = to_bytes(rlp::string_of(fields.take(), "data"));
    if (type == TransactionType::legacy)
        return transaction;
    for (const auto& entry : rlp::list_of(fields.take(), "access list"))
        transaction.access_list.push_back(read_access_list_entry(entry));
    if (type == TransactionType::blob) {
        transaction.max_fee_per_blob_gas = rlp::integer_of(fields.take(), "max fee per blob gas");
        for (const auto& hash : rlp::list_of(fields.take(), "blob hashes"))
            transaction.blob_versioned_hashes.push_back(rlp::array_of<32>(hash, "blob hash"));
    }
    if (type == TransactionType::set_code)
        for (const auto& authorization : rlp::list_of(fields.take(), "authorization list"))
            transaction.authorization_list.push_back(read_authorization(authorization));
    return transaction;
}

bool is_empty_string(const rlp::Item& item)
{
    return item.kind == rlp::Item::Kind::string && item.content.empty();
}

/// v of a legacy transaction: 27 or 28, or 35 + 2 * chain id + parity (EIP-155).
std::uint8_t read_v(const rlp::Item& item, Transaction& transaction)
{
    const auto v = rlp::integer_of(item, "v");
    if (v == Uint256{27} || v == Uint256{28})
        return v == Uint256{28};
    if (v < Uint256{35})
        throw bad(ErrorCode::sig_verify, "v is " + v.decimal() + ", neither 27, 28 nor 35 + 2 * chain id + parity", item);
    const auto chain_id = (v - Uint256{35}) / Uint256{2};
    if (chain_id.is_zero() || !chain_id.to_u64())
        throw bad(ErrorCode::chain, "v " + v.decimal() + " names chain id " + chain_id.decimal(), item);
    transaction.chain_id = *chain_id.to_u64();
    return v.big_endian()[31] % 2 == 0; // 35 is odd
}

std::uint8_t read_y_parity(const rlp::Item& item)
{
    const auto parity = rlp::integer_of(item, "y parity");
    if (parity > Uint256{1})
        throw bad(ErrorCode::sig_verify, "y parity is " + parity.decimal() + ", neither 0 nor 1", item);
    return parity == Uint256{1};
}

ByteArray<64> read_r_and_s(const rlp::Item& r, const rlp::Item& s)
{
    ByteArray<64> compact{};
    std::ranges::copy(rlp::integer_of(r, "r").big_endian(), compact.begin());
    std::ranges::copy(rlp::integer_of(s, "s").big_endian(), compact.begin() + 32);
    if (crypto::normalize_low_s(compact) != compact)
        throw bad(ErrorCode::sig_verify, "s is in the upper half (EIP-2)", s);
    return compact;
}

} // namespace

TransactionType type_of(ByteView bytes)
{
    if (bytes.empty())
        throw Error{ErrorCode::rlp, "transaction is empty"}.at_offset(0);
    if (bytes[0] >= first_list_byte)
        return TransactionType::legacy;
    if (bytes[0] > last_type_byte)
        throw Error{ErrorCode::rlp, "transaction is a string, not a list"}.at_offset(0);
    // Type 0 has no envelope: a legacy transaction begins with its list.
    if (bytes[0] == 0 || bytes[0] > static_cast<std::uint8_t>(TransactionType::set_code))
        throw Error{ErrorCode::txtype, "transaction type " + std::to_string(bytes[0]) + " is not known"}.at_offset(0);
    return static_cast<TransactionType>(bytes[0]);
}

Transaction decode_unsigned(ByteView bytes)
{
    const auto envelope = open(bytes);
    const bool is_protected =
        envelope.type == TransactionType::legacy && envelope.items().size() != unprotected_items;
    require_count(envelope, item_count(envelope.type) + (is_protected ? signature_items : 0));
    Fields fields{envelope.items()};
    auto transaction = read_unsigned_fields(envelope.type, fields);
    if (is_protected) {
        transaction.chain_id = read_chain_id(fields.take());
        for (const auto* name : {"r", "s"})
            if (const auto& item = fields.take(); !is_empty_string(item))
                throw bad(ErrorCode::rlp, std::string{name} + " of an unsigned transaction is not empty", item);
    }
    return transaction;
}

SignedTransaction decode_signed(ByteView bytes)
{
    const auto envelope = open(bytes);
    require_count(envelope, item_count(envelope.type) + signature_items);
    Fields fields{envelope.items()};
    SignedTransaction result;
    result.transaction = read_unsigned_fields(envelope.type, fields);
    const auto& v = fields.take();
    result.signature.recovery_id =
        envelope.type == TransactionType::legacy ? read_v(v, result.transaction) : read_y_parity(v);
    const auto& r = fields.take();
    result.signature.compact = read_r_and_s(r, fields.take());
    return result;
}

bool is_signed(ByteView bytes)
{
    const auto envelope = open(bytes);
    const auto& items = envelope.items();
    if (items.size() != item_count(envelope.type) + signature_items)
        return false;
    return envelope.type != TransactionType::legacy || !is_empty_string(items[7]) || !is_empty_string(items[8]);
}

} // namespace coffer::evm

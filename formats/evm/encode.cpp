#include "formats/evm/encode.h"

#include "core/base/error.h"
#include "formats/evm/rlp.h"

namespace coffer::evm {

namespace {

void add_access_list(rlp::ListWriter& list, const std::vector<AccessListEntry>& entries)
{
    rlp::ListWriter inner;
    for (const auto& entry : entries) {
        rlp::ListWriter keys;
        for (const auto& key : entry.storage_keys)
            keys.add(key);
        inner.add(rlp::ListWriter{}.add(entry.address.bytes()).add(keys));
    }
    list.add(inner);
}

void add_blob_fields(rlp::ListWriter& list, const Transaction& transaction)
{
    rlp::ListWriter hashes;
    for (const auto& hash : transaction.blob_versioned_hashes)
        hashes.add(hash);
    list.add(transaction.max_fee_per_blob_gas).add(hashes);
}

void add_authorizations(rlp::ListWriter& list, const std::vector<Authorization>& authorizations)
{
    rlp::ListWriter inner;
    for (const auto& item : authorizations)
        inner.add(rlp::ListWriter{}
                      .add(item.chain_id)
                      .add(item.address.bytes())
                      .add(Uint256{item.nonce})
                      .add(Uint256{item.y_parity})
                      .add(item.r)
                      .add(item.s));
    list.add(inner);
}

/// What signed and unsigned form have in common, in the order of read_unsigned_fields().
rlp::ListWriter common_fields(const Transaction& transaction)
{
    rlp::ListWriter list;
    if (transaction.type != TransactionType::legacy)
        list.add(Uint256{transaction.chain_id.value_or(0)});
    list.add(Uint256{transaction.nonce});
    if (transaction.has_gas_price())
        list.add(transaction.gas_price);
    else
        list.add(transaction.max_priority_fee_per_gas).add(transaction.max_fee_per_gas);
    list.add(Uint256{transaction.gas_limit});
    list.add(transaction.to ? ByteView{transaction.to->bytes()} : ByteView{});
    list.add(transaction.value).add(transaction.data);
    if (transaction.type != TransactionType::legacy)
        add_access_list(list, transaction.access_list);
    if (transaction.type == TransactionType::blob)
        add_blob_fields(list, transaction);
    if (transaction.type == TransactionType::set_code)
        add_authorizations(list, transaction.authorization_list);
    return list;
}

Bytes enclose(TransactionType type, const rlp::ListWriter& list)
{
    auto bytes = list.encode();
    if (type != TransactionType::legacy)
        bytes.insert(bytes.begin(), static_cast<std::uint8_t>(type));
    return bytes;
}

Uint256 encode_v(const SignedTransaction& transaction)
{
    const Uint256 parity{transaction.signature.recovery_id};
    const auto& chain_id = transaction.transaction.chain_id;
    if (transaction.transaction.type != TransactionType::legacy)
        return parity;
    if (!chain_id)
        return Uint256{27} + parity;
    return Uint256{35} + Uint256{*chain_id} * Uint256{2} + parity;
}

} // namespace

Bytes encode_unsigned(const Transaction& transaction)
{
    auto list = common_fields(transaction);
    if (transaction.type == TransactionType::legacy && transaction.chain_id)
        list.add(Uint256{*transaction.chain_id}).add(Uint256{}).add(Uint256{});
    return enclose(transaction.type, list);
}

Bytes encode_signed(const SignedTransaction& transaction)
{
    require(transaction.signature.recovery_id <= 1, "y parity is 0 or 1");
    const ByteView compact{transaction.signature.compact};
    auto list = common_fields(transaction.transaction);
    list.add(encode_v(transaction))
        .add(Uint256::from_big_endian(compact.first(32)))
        .add(Uint256::from_big_endian(compact.last(32)));
    return enclose(transaction.transaction.type, list);
}

} // namespace coffer::evm

#include "formats/bitcoin/weight.h"

#include "core/encoding/compact_size.h"
#include "formats/bitcoin/script.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

constexpr std::size_t ecdsa_size = 72; // DER of two 33- and 32-byte numbers, and the sighash type
constexpr std::size_t public_key_size = 33;
constexpr std::size_t base_factor = 4; // BIP-141: bytes outside of the witness count four times
constexpr std::size_t marker_and_flag = 2;

/// A stack item as a witness has it: its length, and itself.
std::size_t witness_item(std::size_t size)
{
    return encoding::compact_size_length(size) + size;
}

/// The same as a push in a script_sig.
std::size_t push(std::size_t size)
{
    Bytes script;
    append_push(script, Bytes(size));
    return script.size();
}

template <typename Item>
std::size_t satisfaction(const Spend& spend, Item item)
{
    if (spend.is_multisig)
        return 1 + spend.threshold * item(ecdsa_size);
    const auto key_size = spend.keys.empty() ? public_key_size : spend.keys.front().size();
    return item(ecdsa_size) + item(key_size);
}

} // namespace

std::size_t signature_weight(const Spend& spend, std::uint8_t sighash_type, bool is_segwit)
{
    std::size_t script_sig = 0;
    std::size_t witness = 1; // how many items
    if (!spend.redeem_script.empty())
        script_sig += push(spend.redeem_script.size());
    switch (spend.scheme) {
    case SpendScheme::legacy:
        script_sig += satisfaction(spend, push);
        break;
    case SpendScheme::segwit_v0:
        witness += satisfaction(spend, witness_item);
        if (!spend.witness_script.empty())
            witness += witness_item(spend.witness_script.size());
        break;
    case SpendScheme::taproot:
        witness += witness_item(sighash_type == 0 ? 64 : 65);
        break;
    }
    // The empty script_sig of an unsigned input has its length byte already.
    const auto longer_length = encoding::compact_size_length(script_sig) - 1;
    return base_factor * (script_sig + longer_length) + (is_segwit ? witness : 0);
}

std::size_t signed_vsize(const Transaction& unsigned_transaction, const std::vector<InputDigest>& digests)
{
    const bool is_segwit = std::ranges::any_of(digests, [](const InputDigest& digest) { return digest.spend.scheme != SpendScheme::legacy; });
    auto weight = weight_of(unsigned_transaction) + (is_segwit ? marker_and_flag : 0);
    for (const auto& digest : digests)
        weight += signature_weight(digest.spend, digest.sighash_type, is_segwit);
    return (weight + base_factor - 1) / base_factor;
}

} // namespace coffer::bitcoin

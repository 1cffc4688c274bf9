#include "cli/chains/bitcoin/weight.h"

#include "core/base/error.h"
#include "formats/bitcoin/payload.h"

namespace coffer::cli {

namespace {

using bitcoin::DescriptorType;

constexpr std::uint64_t witness_scale = 4;
constexpr std::uint64_t outpoint_and_sequence = 36 + 4;
constexpr std::uint64_t ecdsa_signature = 72;
constexpr std::uint64_t schnorr_signature = 64;

std::uint64_t compact_size_bytes(std::uint64_t number)
{
    return number < 0xfd ? 1 : number <= 0xffff ? 3 : 5;
}

std::uint64_t with_length(std::uint64_t bytes)
{
    return compact_size_bytes(bytes) + bytes;
}

/// In a script: an opcode that is the length, or OP_PUSHDATA1 or 2 and the length.
std::uint64_t push_bytes(std::uint64_t bytes)
{
    return (bytes <= 75 ? 1 : bytes <= 0xff ? 2 : 3) + bytes;
}

std::uint64_t input_weight(std::uint64_t script_sig, std::uint64_t witness)
{
    return witness_scale * (outpoint_and_sequence + with_length(script_sig)) + witness;
}

/// Number of items, each with its length.
std::uint64_t key_hash_witness(const bitcoin::DerivedScripts& scripts)
{
    return 1 + with_length(ecdsa_signature) + with_length(scripts.keys.front().public_key.size());
}

/// The same with the empty item that OP_CHECKMULTISIG drops.
std::uint64_t multisig_witness(const bitcoin::DerivedScripts& scripts, unsigned threshold)
{
    return 1 + with_length(0) + threshold * with_length(ecdsa_signature) + with_length(scripts.witness_script.size());
}

std::uint64_t input_weight(const bitcoin::Descriptor& descriptor, const bitcoin::DerivedScripts& scripts)
{
    const auto redeem_push = push_bytes(scripts.redeem_script.size());
    switch (descriptor.type()) {
    case DescriptorType::pkh:
        return input_weight(push_bytes(ecdsa_signature) + push_bytes(scripts.keys.front().public_key.size()), 0);
    case DescriptorType::wpkh:
        return input_weight(0, key_hash_witness(scripts));
    case DescriptorType::sh_wpkh:
        return input_weight(redeem_push, key_hash_witness(scripts));
    case DescriptorType::sh_multi:
        return input_weight(1 + descriptor.threshold() * push_bytes(ecdsa_signature) + redeem_push, 0);
    case DescriptorType::wsh_multi:
        return input_weight(0, multisig_witness(scripts, descriptor.threshold()));
    case DescriptorType::sh_wsh_multi:
        return input_weight(redeem_push, multisig_witness(scripts, descriptor.threshold()));
    case DescriptorType::tr:
        return input_weight(0, 1 + with_length(schnorr_signature));
    case DescriptorType::addr:
    case DescriptorType::raw:
        break;
    }
    throw Error{ErrorCode::output_script, "a wallet of addr() or raw() cannot be spent: nobody knows its keys"};
}

} // namespace

WalletWeights weights_of(const bitcoin::Descriptor& descriptor)
{
    const auto scripts = descriptor.derive(0, 0); // sizes are the same at every place
    WalletWeights weights;
    weights.input = input_weight(descriptor, scripts);
    weights.change_output_bytes = output_bytes(scripts.script_pubkey);
    weights.change_dust = bitcoin::dust_limit(scripts.script_pubkey);
    weights.is_segwit = descriptor.type() != DescriptorType::pkh && descriptor.type() != DescriptorType::sh_multi;
    return weights;
}

std::uint64_t output_bytes(ByteView script_pubkey)
{
    return 8 + with_length(script_pubkey.size());
}

std::uint64_t fee_for(std::uint64_t weight, std::uint64_t feerate)
{
    const auto vsize = (weight + witness_scale - 1) / witness_scale;
    return (vsize * feerate + 999) / 1000;
}

TransactionShape::TransactionShape(const WalletWeights& wallet, std::span<const bitcoin::TxOutput> payments)
    : m_wallet{wallet}, m_outputs{payments.size()}
{
    for (const auto& payment : payments)
        m_output_bytes += output_bytes(payment.script_pubkey);
}

std::uint64_t TransactionShape::weight(std::size_t inputs, WithChange change) const
{
    const auto has_change = change == WithChange::yes;
    const auto bytes = 4 + 4 + compact_size_bytes(inputs) + compact_size_bytes(m_outputs + (has_change ? 1 : 0)) +
                       m_output_bytes + (has_change ? m_wallet.change_output_bytes : 0);
    const std::uint64_t marker_and_flag = m_wallet.is_segwit ? 2 : 0;
    return witness_scale * bytes + marker_and_flag + inputs * m_wallet.input;
}

std::size_t TransactionShape::most_inputs() const
{
    constexpr std::size_t many = 0xfd; // from here on their number takes the bytes that it takes for all
    const auto fixed = weight(many, WithChange::yes) - many * m_wallet.input;
    return fixed < most_standard_weight ? static_cast<std::size_t>((most_standard_weight - fixed) / m_wallet.input) : 0;
}

} // namespace coffer::cli

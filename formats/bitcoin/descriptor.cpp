#include "formats/bitcoin/descriptor.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/crypto/hash.h"
#include "core/crypto/schnorr.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/descriptor_checksum.h"
#include "formats/bitcoin/script.h"
#include "formats/bitcoin/sighash.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

/// The key that a `tr` output really has: the internal one, tweaked for no script tree.
ByteArray<32> taproot_output_key(ByteView key)
{
    const auto internal = crypto::XOnlyPublicKey::decode(key.last(32));
    const auto output = internal.tweak_add(taproot_tweak(internal.bytes()));
    require(output.has_value(), "a key, of probability 2^-128, that taproot cannot tweak");
    return output->bytes();
}

Bytes script_of_keys(unsigned threshold, const std::vector<DerivedScripts::Key>& keys)
{
    std::vector<Bytes> public_keys;
    for (const auto& key : keys)
        public_keys.push_back(key.public_key);
    return multisig_script(threshold, public_keys);
}

void wrap_in_p2sh(DerivedScripts& scripts, Bytes redeem_script)
{
    scripts.script_pubkey = p2sh_script_of(redeem_script);
    scripts.redeem_script = std::move(redeem_script);
}

} // namespace

bool Descriptor::is_ranged() const
{
    return std::ranges::any_of(m_keys, &KeyExpression::is_ranged);
}

std::size_t Descriptor::branches() const
{
    std::size_t most = 1;
    for (const auto& key : m_keys)
        most = std::max(most, key.branches());
    return most;
}

Descriptor Descriptor::branch(std::size_t branch) const
{
    auto walked = *this;
    for (auto& key : walked.m_keys)
        key = key.branch(branch);
    return walked;
}

DerivedScripts Descriptor::derive(std::size_t branch, std::uint32_t index) const
{
    require(branch < branches() && (index == 0 || is_ranged()), "a place that the descriptor does not have");
    DerivedScripts scripts;
    for (std::size_t i = 0; i < m_keys.size(); ++i)
        scripts.keys.push_back({i, m_keys[i].derive(branch, index)});
    if (m_is_sorted)
        std::ranges::sort(scripts.keys, {}, &DerivedScripts::Key::public_key);
    switch (m_type) {
    case DescriptorType::pkh:
        scripts.script_pubkey = p2pkh_script(crypto::hash160(scripts.keys.front().public_key));
        break;
    case DescriptorType::wpkh:
        scripts.script_pubkey = p2wpkh_script(crypto::hash160(scripts.keys.front().public_key));
        break;
    case DescriptorType::sh_wpkh:
        wrap_in_p2sh(scripts, p2wpkh_script(crypto::hash160(scripts.keys.front().public_key)));
        break;
    case DescriptorType::sh_multi:
        wrap_in_p2sh(scripts, script_of_keys(m_threshold, scripts.keys));
        break;
    case DescriptorType::wsh_multi:
        scripts.witness_script = script_of_keys(m_threshold, scripts.keys);
        scripts.script_pubkey = p2wsh_script_of(scripts.witness_script);
        break;
    case DescriptorType::sh_wsh_multi:
        scripts.witness_script = script_of_keys(m_threshold, scripts.keys);
        wrap_in_p2sh(scripts, p2wsh_script_of(scripts.witness_script));
        break;
    case DescriptorType::tr:
        scripts.script_pubkey = p2tr_script(taproot_output_key(scripts.keys.front().public_key));
        break;
    case DescriptorType::addr:
    case DescriptorType::raw:
        scripts.script_pubkey = m_script;
        break;
    }
    return scripts;
}

std::string Descriptor::body() const
{
    std::vector<std::string> parts;
    for (const auto& key : m_keys)
        parts.push_back(key.format());
    const auto keys = join(parts, ",");
    const auto multi = (m_is_sorted ? "sortedmulti(" : "multi(") + std::to_string(m_threshold) + "," + keys + ")";
    switch (m_type) {
    case DescriptorType::pkh:
        return "pkh(" + keys + ")";
    case DescriptorType::wpkh:
        return "wpkh(" + keys + ")";
    case DescriptorType::sh_wpkh:
        return "sh(wpkh(" + keys + "))";
    case DescriptorType::sh_multi:
        return "sh(" + multi + ")";
    case DescriptorType::wsh_multi:
        return "wsh(" + multi + ")";
    case DescriptorType::sh_wsh_multi:
        return "sh(wsh(" + multi + "))";
    case DescriptorType::tr:
        return "tr(" + keys + ")";
    case DescriptorType::addr:
        return "addr(" + m_address + ")";
    case DescriptorType::raw:
        break;
    }
    return "raw(" + encoding::encode_hex(m_script) + ")";
}

std::string Descriptor::canonical() const
{
    const auto text = body();
    return text + "#" + descriptor_checksum(text);
}

} // namespace coffer::bitcoin

#include "formats/bitcoin/inspect_psbt_inputs.h"

#include "core/base/byte_writer.h"
#include "core/base/error.h"
#include "core/encoding/hex.h"
#include "formats/bitcoin/psbt_sign.h"
#include "formats/bitcoin/script.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

/// `ALL`, `SINGLE|ANYONECANPAY`; what has no name as 8 hex digits.
std::string sighash_name(std::uint32_t type, bool is_taproot)
{
    const std::string suffix = (type & sighash_anyonecanpay) != 0 ? "|ANYONECANPAY" : "";
    switch (type & ~sighash_anyonecanpay) {
    case sighash_all: return "ALL" + suffix;
    case sighash_none: return "NONE" + suffix;
    case sighash_single: return "SINGLE" + suffix;
    case sighash_default:
        if (is_taproot && suffix.empty())
            return "DEFAULT";
        break;
    default: break;
    }
    return "0x" + encoding::encode_hex(ByteWriter{}.write_u32_be(type).bytes());
}

/// Judges signatures of one input. Hashes only where there is a signature, since the legacy scheme hashes everything each time.
class InputJudge {
public:
    InputJudge(InputFindings& findings, std::size_t number, const SignatureHasher& hasher, bool is_all_known)
        : m_findings{findings}, m_number{number}, m_hasher{hasher}, m_is_all_known{is_all_known}
    {
    }

    void judge(const PsbtInput& input)
    {
        if (!input.final_script_sig && !input.final_script_witness) {
            if (const auto digest = take_spend(input))
                count(input, *digest);
            return;
        }
        const auto opened = reopen_input(input, m_findings.spent()->script_pubkey);
        if (!opened) {
            warn("its final scripts are not of a form that is understood");
            return;
        }
        const auto digest = take_spend(opened->input, opened->multisig_signatures.size());
        if (!digest)
            return;
        m_findings.is_complete = is_final_as(input, *opened, *digest);
        if (m_findings.is_complete)
            m_findings.have = m_findings.need;
        else
            warn("its final scripts do not hold the signatures that they should");
    }

private:
    void warn(const std::string& what) { m_findings.warn(m_number, what); }

    /// How it is spent and what that signs; none where there is nothing to verify, or it cannot be.
    std::optional<InputDigest> take_spend(const PsbtInput& input, std::size_t other_signatures = 0)
    {
        try {
            auto spend = spend_of(input, *m_findings.spent());
            const bool is_taproot = spend.scheme == SpendScheme::taproot;
            m_findings.need = spend.threshold;
            m_findings.sighash = sighash_name(input.sighash_type.value_or(is_taproot ? sighash_default : sighash_all), is_taproot);
            if (m_findings.sighash != "ALL" && m_findings.sighash != "DEFAULT") {
                warn("its signature hash type is " + m_findings.sighash + ", which does not cover the whole transaction");
                return std::nullopt;
            }
            if (other_signatures == 0 && (is_taproot ? !input.tap_key_signature : input.partial_signatures.empty())) {
                m_findings.have = 0;
                return std::nullopt;
            }
            if (is_taproot && !m_is_all_known) {
                warn("its signature covers what every input spends, which is not known");
                return std::nullopt;
            }
            return input_digest(input, m_number, std::move(spend), m_findings.spent()->amount, m_hasher);
        } catch (const Error& error) {
            warn(error.message());
            return std::nullopt;
        }
    }

    void count(const PsbtInput& input, const InputDigest& digest)
    {
        unsigned have = 0;
        for (const auto& key : digest.spend.keys)
            if (is_signed_by(input, digest, key))
                ++have;
        m_findings.have = have;
        m_findings.is_complete = have >= digest.spend.threshold;
        const auto strangers = std::ranges::count_if(input.partial_signatures, [&](const auto& signature) {
            return std::ranges::find(digest.spend.keys, signature.first) == digest.spend.keys.end();
        });
        if (strangers != 0)
            warn("signatures of keys that its script does not have: " + std::to_string(strangers));
    }

    bool is_signed_by(const PsbtInput& input, const InputDigest& digest, const Bytes& key)
    {
        if (const auto found = input.partial_signatures.find(key);
            found != input.partial_signatures.end() && !found->second.empty() && found->second.back() != digest.sighash_type) {
            warn("the signature of key " + encoding::encode_hex(key) + " is of the type " + sighash_name(found->second.back(), false));
            return false;
        }
        try {
            return find_signature(input, digest, key).has_value();
        } catch (const Error& error) {
            warn(error.message());
            return false;
        }
    }

    InputFindings& m_findings;
    std::size_t m_number;
    const SignatureHasher& m_hasher;
    bool m_is_all_known;
};

InputFindings find_spent(const PsbtInput& input, std::size_t number)
{
    InputFindings findings;
    try {
        findings.proved = spent_output(input, number);
    } catch (const Error& error) {
        findings.warnings.push_back(error.message());
        findings.claimed = input.witness_utxo;
    }
    return findings;
}

} // namespace

void InputFindings::warn(std::size_t input, const std::string& what)
{
    warnings.push_back("input " + std::to_string(input) + ": " + what);
}

std::vector<InputFindings> find_inputs(const Psbt& psbt, const Transaction& transaction)
{
    std::vector<InputFindings> found;
    std::vector<TxOutput> spent;
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i) {
        found.push_back(find_spent(psbt.inputs[i], i));
        if (const auto* output = found.back().spent())
            spent.push_back(*output);
    }
    const bool is_all_known = spent.size() == psbt.inputs.size();
    const SignatureHasher hasher{transaction, is_all_known ? std::span<const TxOutput>{spent} : std::span<const TxOutput>{}};
    for (std::size_t i = 0; i < psbt.inputs.size(); ++i)
        if (found[i].spent() != nullptr)
            InputJudge{found[i], i, hasher, is_all_known}.judge(psbt.inputs[i]);
    return found;
}

} // namespace coffer::bitcoin

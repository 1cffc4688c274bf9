#pragma once

#include "core/keys/signer.h"

#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace coffer::test {

/// A fault in one bit of each signature, as a glitch between nonce and s would leave behind.
class FaultySigner final : public keys::Signer {
public:
    explicit FaultySigner(std::unique_ptr<keys::Signer> sound) : m_sound{std::move(sound)} {}

    std::vector<keys::TaskSignature> sign(std::span<const keys::SigningTask> tasks) override
    {
        auto signatures = m_sound->sign(tasks);
        for (auto& signature : signatures)
            signature.signature.back() ^= 1;
        return signatures;
    }

private:
    std::unique_ptr<keys::Signer> m_sound;
};

} // namespace coffer::test

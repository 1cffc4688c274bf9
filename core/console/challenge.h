#pragma once

#include "core/base/amount.h"
#include "core/console/terminal.h"
#include "core/crypto/random.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::console {

/// What leaves to one external destination.
struct ChallengePayment {
    std::string destination; ///< the address as the review shows it
    Amount amount;
    unsigned decimals = 0;
};

/// The content that a challenge is made of (PROTOCOL.md, 9).
struct ChallengeContent {
    std::vector<ChallengePayment> payments; ///< external ones only
    std::string fingerprint;                ///< six words joined by `-`; asked when there are no payments
};

/// One question. Positions count from 1 and leave out a leading `0x`.
struct ChallengeQuestion {
    std::string prompt; ///< without the purpose: "Type characters 13 to 18 of the destination, and the amount in ETH"
    std::string characters; ///< or words, joined by `-`
    bool case_matters = false;
    std::optional<Amount> amount{};
    unsigned decimals = 0;

    /// Blanks do not matter; nor does case where the address has none of its own (hex, bech32);
    /// `120.0` is 120.
    bool is_answered_by(std::string_view typed) const;
};

/// One question for each asset, in order of appearance: six consecutive characters from the middle, at a
/// random position, of the destination that gets most of it in all, and what it gets. Without
/// payments: two random words of the fingerprint.
std::vector<ChallengeQuestion> make_challenge(const ChallengeContent& content, crypto::Random& random);

/// Asks at the terminal, after discarding what was typed before; comes back only when every question was
/// answered rightly. `purpose` is "to sign", "to approve".
///
/// `n` throws Error{declined}; so does the third wrong answer, and each wrong one moves the positions. Without a
/// terminal: Error{presence}.
void require_challenge(Terminal& terminal, crypto::Random& random, const ChallengeContent& content,
                       std::string_view purpose);

} // namespace coffer::console

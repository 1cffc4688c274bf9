#pragma once

#include "core/base/document.h"
#include "core/charter/charter.h"

#include <string>
#include <vector>

namespace coffer::cli {

/// What a valid charter means for those who live with it.
struct CharterSurvey {
    struct LargestSum {
        std::string wallet;
        const charter::Limit* limit = nullptr; ///< points into the charter
        std::size_t held = 0;    ///< keys of the wallet that appliances hold
        std::size_t needed = 0;  ///< signatures that they have to give, when all outside keys sign
        Document describe(const charter::Charter& charter) const;
        std::string in_words(const charter::Charter& charter) const;
    };

    /// "without carol nobody can fulfil rule "small": 1 of compliance would be missing".
    std::vector<std::string> single_points;
    /// Per wallet and limit the largest sum that all appliances together would sign, each by its own windows (PROTOCOL 8).
    std::vector<LargestSum> largest_sums;
    /// Wallets that no limit of an amount covers.
    std::vector<std::string> unlimited;
};

/// Throws what PayloadFormat::signers_needed() does; nothing for a charter without problems.
CharterSurvey survey(const charter::Charter& charter);

} // namespace coffer::cli

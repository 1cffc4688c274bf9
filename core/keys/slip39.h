#pragma once

#include "core/base/secret.h"
#include "core/crypto/random.h"

#include <span>
#include <vector>

/// SLIP-39: a secret of 16 to 32 bytes, an even number, as words kept by several people. Some of the
/// groups, and in each some of the members, restore it; fewer know nothing about it.
namespace coffer::keys {

/// What a share states openly. Indexes count from 0; messages for people count from 1.
struct ShareHeader {
    std::uint16_t identifier = 0; ///< 15 bits, the same in the whole set
    bool extendable = true;
    unsigned iteration_exponent = 0; ///< 10000 * 2^e iterations of PBKDF2, at most 15
    unsigned group_index = 0;
    unsigned group_threshold = 1;
    unsigned group_count = 1;
    unsigned member_index = 0;
    unsigned member_threshold = 1;
    bool operator==(const ShareHeader&) const = default;
};

struct Share {
    ShareHeader header;
    SecretBytes value;
};

/// Reads the words of a share, whole or only the first four letters of each, in upper or lower case, between which any
/// blanks and line breaks may stand.
///
/// Throws Error{share_word} for a word that is not on the list, Error{share_length} for a number of words that no
/// share has, Error{share_checksum}, Error{share_threshold} for a group threshold over the number of groups,
/// Error{share_index} for a group index beyond it, and Error{share_padding}. Messages name places, never words.
Share parse_share(const SecretBytes& words);

/// Whole words with one space between. A header or value out of range is a broken invariant.
SecretBytes format_share(const Share& share);

struct GroupShape {
    unsigned threshold;
    unsigned count;
};

/// Some of the groups of a set, and in each some of its members.
struct SharePlan {
    unsigned group_threshold = 1;
    std::vector<GroupShape> groups;
    unsigned iteration_exponent = 1;
    bool extendable = true;
    std::uint16_t identifier = 0; ///< 15 random bits: people tell sets apart by them
};

/// Shares by group and member. What makes no sense is refused before any work: Error{share_threshold} for groups,
/// members or thresholds that are none or over 16, thresholds over their count, and a threshold of 1 among several
/// members, who would all have the same words; Error{limit} for an exponent over 15 or an identifier over 15 bits;
/// Error{share_length} for a secret of another size; Error{malformed} for a passphrase that is not printable ASCII.
std::vector<std::vector<Share>> split_secret(const SecretBytes& master_secret, const SecretBytes& passphrase,
                                             const SharePlan& plan, crypto::Random& random);

/// Shares that were entered one by one, each tested against those before it.
class ShareCollector {
public:
    struct Group {
        unsigned index;
        unsigned given;
        unsigned threshold;
        bool is_complete() const { return given == threshold; }
    };
    struct Progress {
        unsigned group_threshold = 0; ///< 0 before the first share
        unsigned group_count = 0;
        std::vector<Group> groups{}; ///< those begun, by index
    };

    /// Refused, and then as if it had never been given: Error{share_set} for a share of another set, Error{share_index}
    /// for one whose place is taken (saying whether it is the same share again), Error{share_threshold} for one whose
    /// group needs no more, of a group beyond those needed, or with another member threshold than the rest of its
    /// group.
    void add(Share share);

    std::span<const Share> shares() const { return m_shares; }
    Progress progress() const;
    bool is_complete() const;

private:
    std::vector<Share> m_shares;
};

/// The secret of exactly the shares that it takes. Throws what ShareCollector::add throws, Error{share_threshold}
/// naming what is missing, Error{share_digest} when the shares of a group, or the groups, do not make up the secret
/// that was split, Error{malformed} as split_secret. A wrong passphrase gives another secret: compare what is derived
/// from it.
SecretBytes combine_shares(std::span<const Share> shares, const SecretBytes& passphrase);

} // namespace coffer::keys

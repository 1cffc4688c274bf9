#pragma once

#include "core/charter/link.h"
#include "core/keys/seed.h"
#include "core/payments/payload.h"
#include "core/policy/windows.h"
#include "core/requests/share_set.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace coffer::requests {

/// What the appliance's log records. The log is the appliance's whole durable memory: its state is
/// what these records say, replayed in order.
namespace vault {

/// The home was made; `identity` is `ed25519:<hex>`. Its time is the date that a person confirmed.
struct HomeMade {
    std::string environment;
    std::string identity;
};
/// The first charter was pinned; `appliance` is this appliance's id there.
struct Pinned {
    std::string appliance;
    Bytes charter;
};
/// How a key rests between sessions.
enum class KeyRest {
    sealed, ///< in a file under the home key
    none,   ///< nowhere here, once a set of shares of it was kept: they are entered when it is used
};
struct KeyMade {
    std::string id;
    std::string fingerprint; ///< of its master key, 8 hex digits
    std::string source;      ///< `generated`, `imported`, …
    keys::SeedScheme scheme = keys::SeedScheme::bip39;
    KeyRest rest = KeyRest::sealed;
};
/// Shares of a key are about to be shown: whatever comes of it, each is known from now on.
struct ShareSetBegun {
    ShareSet set;
};
/// Every share of the set was confirmed; sets of the key before it are retired.
struct ShareSetKept {
    Hash256 set;
};
/// Shares of the set were shown again, each by a person who came.
struct SharesDrilled {
    Hash256 set;
    std::vector<std::pair<Hash256, std::string>> shown;
};
/// The BIP-39 words of a key are about to be shown.
struct WordsShown {
    std::string key;
    std::optional<RequestDigest> request; ///< that officers voted for; none of a key that no charter has named
};
struct Linked {
    charter::Link link;
};
/// Another branch of the policy chain replaced the one held, from its first link's number on.
struct BranchTaken {
    std::vector<charter::Link> links;
};
struct FirstSeen {
    RequestDigest request;
};
/// A valid rejection was seen; it counts for ever.
struct RejectionSeen {
    RequestDigest request;
    std::string officer;
    Bytes vote;
};
/// A run of `sign` began; the date was shown and confirmed.
struct SessionBegun {
    std::uint64_t number = 0;
};
/// Signing is about to begin: slots are taken and windows charged, for ever.
struct Intended {
    RequestDigest request;
    RequestId id;
    std::vector<PayloadDigest> payloads;
    std::vector<payments::SpendSlot> slots;
    /// Where change comes back to: the wallet and the highest index.
    struct ChangeIndex {
        std::string wallet;
        std::uint32_t index = 0;
    };
    std::optional<ChangeIndex> change{};
    /// What limits count of it, from then on; none in records of before there were limits.
    std::optional<policy::Outflow> outflow{};
};
/// The signatures of a request, one list a payload.
struct Signed {
    RequestDigest request;
    std::vector<std::vector<payments::TaskSignature>> signatures;
};
struct Refused {
    RequestDigest request; ///< zero when the whole bundle was refused
    std::string code;
};
struct Declined {
    RequestDigest request;
};
/// A receipt was handed out. Kept whole, so that the same bundle gives the same bytes.
struct ReceiptMade {
    BundleDigest bundle;
    Bytes receipt;
    bool all_signed = false;
};
/// The clock was set: `offset_seconds` are added to the machine's; may be negative.
struct ClockSet {
    std::int64_t offset_seconds = 0;
};
/// A restored home continues this log under a new identity and is inactive until an amendment names it.
struct Restored {
    std::string identity;
};

/// An entry that has a cool-down was seen under a date that counts: it begins here.
struct EntrySeen {
    EntryHash entry;
};
/// The person at the vault froze wallets; the entry is a `freeze` that this appliance signed.
struct FrozenHere {
    Bytes entry;
};

using Event = std::variant<HomeMade, Pinned, KeyMade, Linked, FirstSeen, RejectionSeen, SessionBegun, Intended, Signed,
                           Refused, Declined, ReceiptMade, ClockSet, Restored, BranchTaken, EntrySeen, FrozenHere, ShareSetBegun,
                           ShareSetKept, SharesDrilled, WordsShown>;

/// A record of the log: when, and what.
struct Record {
    UtcTime time;
    Event event;
};

std::string_view name_of(const Event& event);
/// `sealed`, `none`.
std::string_view name_of(KeyRest rest);
/// Throws Error{malformed}.
KeyRest parse_key_rest(std::string_view name);

/// CBOR [name, time, …fields in the order above]. Throws what cbor::decode does, and
/// Error{schema} for an event that a newer program wrote.
Bytes encode(const Record& record);
Record decode_record(ByteView bytes);

} // namespace vault
} // namespace coffer::requests

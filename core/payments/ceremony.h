#pragma once

#include "core/base/ids.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coffer::payments {

/// Something that is done with a bound key of an appliance and not with coins: it is voted on like a payment (PROTOCOL 2, 5).
struct Ceremony {
    enum class Operation {
        create,  ///< a first set of shares
        refresh, ///< a new set instead of the one in use
        combine, ///< the key is put together again from its shares, in a home that has lost it
        words,   ///< its BIP-39 words are shown, which are the whole key
    };
    /// A threshold and a count.
    using Group = std::pair<unsigned, unsigned>;

    std::string appliance;
    std::string key;  ///< its id in that appliance, by the charter
    Bytes public_key; ///< 33 bytes: of the account that the charter names
    Operation operation = Operation::create;
    unsigned group_threshold = 0; ///< 0 where no shares are made
    std::vector<Group> groups{};
    std::uint16_t share_set = 0; ///< the SLIP-39 identifier of the shares that are made
    bool operator==(const Ceremony&) const = default;

    /// The fewest shares that restore the key.
    unsigned least_shares() const;
    unsigned share_count() const;
};

inline constexpr std::array all_ceremonies = {Ceremony::Operation::create, Ceremony::Operation::refresh, Ceremony::Operation::combine,
                                       Ceremony::Operation::words};

std::string_view name_of(Ceremony::Operation operation);
/// True for those that make a set of shares, of the shape that the ceremony says.
bool makes_shares(Ceremony::Operation operation);
/// Throws Error{malformed} for none of them.
Ceremony::Operation parse_ceremony_operation(std::string_view name);

/// True for what begins like the payload of a ceremony; no transaction or message does.
bool is_ceremony(ByteView payload);
/// `coffer/v1/ceremony` 00 CBOR[appliance, key, public key, operation, group threshold, [[threshold, count]…], share set].
Bytes encode_ceremony(const Ceremony& ceremony);
/// Errors: those of cbor::decode; `malformed` for another shape, thresholds that the counts do not reach, over 16 groups or members, a
/// group of several shares of which one is enough, shares where none are made.
Ceremony decode_ceremony(ByteView payload);

/// SHA-256("coffer/v1/payload" 00 CBOR["ceremony", …the items above]) (PROTOCOL 2).
PayloadDigest ceremony_digest(const Ceremony& ceremony);

} // namespace coffer::payments

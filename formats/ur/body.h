#pragma once

#include "core/encoding/cbor.h"
#include "formats/ur/registry.h"

/// What bodies of the registry have in common.
namespace coffer::ur {

/// Keys and descriptors, nested and tagged.
constexpr cbor::Limits body_limits{64 * 1024, 16, 8 * 1024, cbor::Tags::taken};

/// The tag of a nested item in messages of either version (BCR-2020-006, BCR-2023-010).
struct TagPair {
    std::uint64_t version_1;
    std::uint64_t version_2;

    std::uint64_t in(Naming naming) const { return naming == Naming::version_1 ? version_1 : version_2; }
    bool holds(const cbor::Value& value) const;
};

constexpr TagPair tag_of_hd_key{303, 40303};
constexpr TagPair tag_of_key_path{304, 40304};
constexpr TagPair tag_of_coin_info{305, 40305};
constexpr TagPair tag_of_ec_key{306, 40306};
constexpr TagPair tag_of_output_descriptor{308, 40308};

/// What stands under either tag. Throws Error{malformed}, naming `what`, for another one or none.
const cbor::Value& untagged(const cbor::Value& value, const TagPair& tag, std::string_view what);

/// A number of 32 bits at most. Throws Error{malformed}.
std::uint32_t u32_of(const cbor::Value& value, std::string_view what);

} // namespace coffer::ur

#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"

#include <cstdint>
#include <string>

namespace coffer::audit {

/// One link of a log's hash chain.
struct Record {
    /// From 0 and without gaps: also the index of its leaf in the Merkle tree.
    std::uint64_t sequence = 0;
    std::string stream;
    UtcTime time;
    /// An encoded Event.
    Bytes event;
    /// The hash of the record before; zero in the first one.
    Hash256 previous;
    Hash256 hash;
    bool operator==(const Record&) const = default;
};

/// The hash that the record must have. SHA-256 over, in this order:
///
///   "coffer/v1/record" 00
///   sequence          8 bytes, big endian
///   time              8 bytes, big endian, UTC seconds
///   length of stream  4 bytes, big endian
///   stream
///   previous          32 bytes
///   event             the rest
Hash256 hash_record(const Record& record);

/// The leaf of the record in the Merkle tree: hash_leaf() over its hash.
Hash256 leaf_of(const Record& record);

/// Throws Error{log_chain} naming the record unless it is number `sequence`, follows a record of
/// hash `previous`, and has the hash that it must have.
void verify_record(const Record& record, std::uint64_t sequence, const Hash256& previous);

} // namespace coffer::audit

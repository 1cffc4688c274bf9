#include "core/audit/hash_chain.h"

#include "core/audit/merkle.h"
#include "core/base/byte_writer.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"

#include <string_view>

namespace coffer::audit {

namespace {

using namespace std::string_view_literals;
constexpr auto domain = "coffer/v1/record\0"sv;

} // namespace

Hash256 hash_record(const Record& record)
{
    ByteWriter head;
    head.write(bytes_of(domain))
        .write_u64_be(record.sequence)
        .write_u64_be(static_cast<std::uint64_t>(record.time.seconds))
        .write_u32_be(static_cast<std::uint32_t>(record.stream.size()))
        .write(bytes_of(record.stream))
        .write(record.previous.bytes());
    return Hash256{crypto::Sha256{}.update(head.bytes()).update(record.event).finish()};
}

Hash256 leaf_of(const Record& record)
{
    return hash_leaf(record.hash.bytes());
}

void verify_record(const Record& record, std::uint64_t sequence, const Hash256& previous)
{
    const auto fail = [&](std::string_view what) {
        return Error{ErrorCode::log_chain, "audit record " + std::to_string(sequence) + " " + std::string{what}};
    };
    if (record.sequence != sequence)
        throw fail("is missing: record " + std::to_string(record.sequence) + " stands in its place");
    if (record.previous != previous)
        throw fail("does not follow the record before it");
    if (record.hash != hash_record(record))
        throw fail("was changed: its hash does not match its content");
}

} // namespace coffer::audit

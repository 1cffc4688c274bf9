#pragma once

#include "core/base/amount.h"
#include "core/base/bytes.h"

#include <string_view>
#include <vector>

/// Recursive Length Prefix (Ethereum Yellow Paper, appendix B), in its one canonical form.
namespace coffer::evm::rlp {

/// Nodes relay no larger transaction.
constexpr std::size_t most_bytes = 128 * 1024;
constexpr std::size_t most_depth = 8;

/// A byte string or a list. Views point into what was decoded, which must outlive the item.
struct Item {
    enum class Kind { string, list };

    Kind kind = Kind::string;
    ByteView content;        ///< the bytes of a string; the encoded items of a list
    std::size_t offset = 0;  ///< of the item's first byte in the whole input
    std::vector<Item> items; ///< of a list
};

/// Reads exactly one item. `base` is where `bytes` begins in the whole input, for error offsets.
/// Throws Error{rlp} for every form but the shortest, for what ends too early and for trailing
/// bytes; Error{limit} over `most_bytes` or `most_depth`. All with an offset.
Item decode(ByteView bytes, std::size_t base = 0);

/// What a field holds; `field` names it in errors. Each throws Error{rlp} when it is of another
/// kind or length; integers have no leading zero byte (zero is the empty string).
ByteView string_of(const Item& item, std::string_view field);
const std::vector<Item>& list_of(const Item& item, std::string_view field);
Uint256 integer_of(const Item& item, std::string_view field);
std::uint64_t u64_of(const Item& item, std::string_view field);

template <std::size_t N>
ByteArray<N> array_of(const Item& item, std::string_view field);

/// Collects the items of one list.
class ListWriter {
public:
    ListWriter& add(ByteView string);
    ListWriter& add(const Uint256& integer);
    ListWriter& add(const ListWriter& list);

    ListWriter& add(const Item& item);

    Bytes encode() const;

private:
    Bytes m_payload;
};

Bytes encode(ByteView string);
/// The inverse of decode().
Bytes encode(const Item& item);

namespace detail {
[[noreturn]] void throw_wrong_length(const Item& item, std::string_view field, std::size_t expected);
}

template <std::size_t N>
ByteArray<N> array_of(const Item& item, std::string_view field)
{
    const auto content = string_of(item, field);
    if (content.size() != N)
        detail::throw_wrong_length(item, field, N);
    return to_array<N>(content, field);
}

} // namespace coffer::evm::rlp

// Each size, count and pair of fields of a PSBT that is refused, beside the nearest that is not.

#include "core/base/byte_writer.h"
#include "core/encoding/compact_size.h"
#include "formats/bitcoin/feerate.h"
#include "formats/bitcoin/psbt_map.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::bitcoin {
namespace {

PsbtField field(std::uint64_t type, Bytes data, Bytes value)
{
    Bytes key{static_cast<std::uint8_t>(type)};
    append(key, data);
    return {.type = type, .data = std::move(data), .value = std::move(value), .key = std::move(key)};
}

Bytes u32(std::uint32_t value)
{
    return ByteWriter{}.write_u32_le(value).bytes();
}

void expect_input(bool is_good, const PsbtField& one)
{
    SCOPED_TRACE(one.data.size());
    if (is_good)
        EXPECT_NO_THROW(static_cast<void>(decode_input_map(std::array{one}, 0)));
    else
        EXPECT_ERROR(static_cast<void>(decode_input_map(std::array{one}, 0)), ErrorCode::psbt_parse);
}

TEST(PsbtEdges, AControlBlockIsAKeyAndUpTo128Hashes)
{
    const auto of_size = [](std::size_t size, Bytes value = {0xc0}) { return field(input_type::tap_leaf_script, Bytes(size), std::move(value)); };
    for (const auto size : {33U, 33U + 32, 33U + 32 * 128})
        expect_input(true, of_size(size));
    for (const auto size : {0U, 1U, 32U, 34U, 33U + 31, 33U + 32 * 129})
        expect_input(false, of_size(size));
    expect_input(false, of_size(33, {}));
}

TEST(PsbtEdges, LockTimesThatInputsAskForAreOfTheirSort)
{
    const auto outpoint = std::array{field(input_type::previous_txid, {}, Bytes(32)), field(input_type::output_index, {}, u32(0))};
    const auto decode = [&](std::uint64_t type, std::uint32_t value) {
        return decode_input_map(std::array{outpoint[0], outpoint[1], field(type, {}, u32(value))}, 2);
    };
    for (const std::uint32_t height : {1U, 499'999'999U})
        EXPECT_EQ(decode(input_type::required_height_lock, height).required_height_lock, height);
    for (const std::uint32_t height : {0U, 500'000'000U, 0xffffffffU})
        EXPECT_ERROR(static_cast<void>(decode(input_type::required_height_lock, height)), ErrorCode::psbt_parse);
    EXPECT_EQ(decode(input_type::required_time_lock, 500'000'000).required_time_lock, 500'000'000U);
    EXPECT_ERROR(static_cast<void>(decode(input_type::required_time_lock, 499'999'999)), ErrorCode::psbt_parse);
    for (const auto& half : outpoint)
        EXPECT_ERROR(static_cast<void>(decode_input_map(std::array{half}, 2)), ErrorCode::psbt_parse);
}

TEST(PsbtEdges, AnOutputOfVersion2HasAmountAndScript)
{
    const auto both = std::array{field(output_type::amount, {}, Bytes(8)), field(output_type::script, {}, {0x51})};
    EXPECT_NO_THROW(static_cast<void>(decode_output_map(both, 2)));
    for (const auto& half : both)
        EXPECT_ERROR(static_cast<void>(decode_output_map(std::array{half}, 2)), ErrorCode::psbt_parse);
    for (const auto& own : both)
        EXPECT_ERROR(static_cast<void>(decode_output_map(std::array{own}, 0)), ErrorCode::psbt_version);
}

TEST(PsbtEdges, AKeyOriginIsAFingerprintAndWholeSteps)
{
    for (const auto size : {std::size_t{4}, std::size_t{8}, 4 + 4 * keys::most_path_steps})
        EXPECT_EQ(decode_key_source(Bytes(size)).path.size(), size / 4 - 1);
    for (const auto size : {std::size_t{0}, std::size_t{3}, std::size_t{5}, 8 + 4 * keys::most_path_steps})
        EXPECT_ERROR(static_cast<void>(decode_key_source(Bytes(size))), ErrorCode::psbt_parse);
}

/// Leaves of these depths, each an empty script.
PsbtField tree(const std::vector<std::uint8_t>& depths, std::uint8_t leaf_version = 0xc0)
{
    Bytes value;
    for (const auto depth : depths)
        append(value, Bytes{depth, leaf_version, 0});
    return field(output_type::tap_tree, {}, value);
}

TEST(PsbtEdges, LeavesMakeOneTree)
{
    std::vector<std::uint8_t> deepest;
    for (std::uint8_t depth = 1; depth <= 128; ++depth)
        deepest.push_back(depth);
    deepest.push_back(128);
    for (const auto& depths : {std::vector<std::uint8_t>{0}, {1, 1}, {2, 2, 1}, {1, 2, 2}, {2, 2, 2, 2}, deepest})
        EXPECT_NO_THROW(static_cast<void>(decode_output_map(std::array{tree(depths)}, 0)));
    auto too_deep = deepest;
    too_deep.back() = 129;
    too_deep.push_back(129);
    for (const auto& depths : {std::vector<std::uint8_t>{}, {1}, {0, 0}, {1, 1, 1}, {2, 1, 2}, {2, 2}, {3, 3, 1, 1}, too_deep})
        EXPECT_ERROR(static_cast<void>(decode_output_map(std::array{tree(depths)}, 0)), ErrorCode::psbt_parse);
    EXPECT_ERROR(static_cast<void>(decode_output_map(std::array{tree({0}, 0xc1)}, 0)), ErrorCode::psbt_parse);
}

TEST(PsbtEdges, MusigParticipantsAreWholeKeys)
{
    const Bytes key = [] {
        Bytes point(33);
        point[0] = 2;
        const auto x = Bytes{0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b, 0x07,
                             0x02, 0x9b, 0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98};
        std::ranges::copy(x, point.begin() + 1);
        return point;
    }();
    auto two = key;
    append(two, key);
    auto cut = two;
    cut.pop_back();
    expect_input(true, field(input_type::musig_participants, key, two));
    expect_input(false, field(input_type::musig_participants, key, {}));
    expect_input(false, field(input_type::musig_participants, key, cut));
}

/// A PSBT of these global fields, and of no more.
Bytes psbt_of(const std::vector<PsbtField>& global)
{
    ByteWriter writer;
    writer.write(psbt_magic);
    for (const auto& one : global) {
        encoding::write_compact_size(writer, one.key.size());
        writer.write(one.key);
        encoding::write_compact_size(writer, one.value.size());
        writer.write(one.value);
    }
    return writer.write_u8(0).bytes();
}

TEST(PsbtEdges, Version0HasNoGlobalFieldOfVersion2)
{
    const auto transaction = field(global_type::unsigned_tx, {}, encode_without_witness({}));
    EXPECT_NO_THROW(static_cast<void>(decode_psbt(psbt_of({transaction}))));
    for (const auto& other :
         {field(global_type::transaction_version, {}, u32(2)), field(global_type::fallback_lock_time, {}, u32(0)),
          field(global_type::input_count, {}, {0}), field(global_type::output_count, {}, {0}), field(global_type::modifiable, {}, {0})})
        EXPECT_ERROR(static_cast<void>(decode_psbt(psbt_of({transaction, other}))), ErrorCode::psbt_version);
}

TEST(PsbtEdges, Version2SaysItsVersionAndCounts)
{
    const std::vector<PsbtField> whole{field(global_type::version, {}, u32(2)), field(global_type::transaction_version, {}, u32(2)),
                                       field(global_type::input_count, {}, {0}), field(global_type::output_count, {}, {0})};
    EXPECT_NO_THROW(static_cast<void>(decode_psbt(psbt_of(whole))));
    for (std::size_t gone = 1; gone < whole.size(); ++gone) {
        auto fields = whole;
        fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(gone));
        EXPECT_ERROR(static_cast<void>(decode_psbt(psbt_of(fields))), ErrorCode::psbt_parse);
    }
    for (const std::size_t count : {2U, 3U}) {
        auto fields = whole;
        fields[count].value = {0xfd, 0x11, 0x27}; // 10,001
        EXPECT_ERROR(static_cast<void>(decode_psbt(psbt_of(fields))), ErrorCode::limit);
    }
}

TEST(PsbtEdges, TheUnsignedTransactionIsUnsigned)
{
    Transaction transaction{.inputs = {{.previous = {}, .script_sig = {0x51}, .witness = {}}}, .outputs = {}};
    EXPECT_ERROR(static_cast<void>(decode_psbt(psbt_of({field(global_type::unsigned_tx, {}, encode_without_witness(transaction))}))),
                 ErrorCode::psbt_parse);
}

TEST(PsbtEdges, IsNoLongerThan64MiB)
{
    EXPECT_ERROR(static_cast<void>(decode_psbt(Bytes(most_psbt_bytes + 1))), ErrorCode::limit);
    EXPECT_ERROR(static_cast<void>(decode_psbt(Bytes(most_psbt_bytes))), ErrorCode::psbt_parse);
}

TEST(FeerateEdges, HasOneOfTwoUnits)
{
    EXPECT_EQ(parse_feerate("12.5 sat/vB"), Uint256{12'500});
    EXPECT_EQ(parse_feerate("12500 sat/kvB"), Uint256{12'500});
    for (const auto* text : {"12.5", "12.5 sat", "12.5 sat/vb", "12.5  sat/vB", ""})
        EXPECT_ERROR(static_cast<void>(parse_feerate(text)), ErrorCode::malformed);
}

} // namespace
} // namespace coffer::bitcoin

#include "formats/bitcoin/psbt.h"

#include "core/encoding/base58.h"
#include "core/encoding/base64.h"
#include "core/encoding/hex.h"
#include "tests/support/decoding.h"
#include "tests/support/vectors.h"

#include <algorithm>

namespace coffer::bitcoin {
namespace {

Bytes psbt_in(const test::Vector& vector)
{
    if (vector.has("hex"))
        return vector.bytes("hex");
    return encoding::decode_base64(vector.text("base64"));
}

/// The published ones that parse, those that only a signer refuses among them.
std::vector<Bytes> published()
{
    std::vector<Bytes> found;
    for (const auto* file : {"bip174_parse.json", "bip370.json", "bip371.json", "core_psbt.json"})
        for (const auto& vector : test::load_vectors(file))
            if ((vector.kind() == "parse" && !vector.is_invalid()) || vector.kind() == "signer_check")
                found.push_back(psbt_in(vector));
    return found;
}

Psbt example()
{
    return decode_psbt(published().at(3));
}

TEST(Psbt, PublishedOnesLoseNothing)
{
    EXPECT_GE(published().size(), 30U);
    for (const auto& bytes : published()) {
        SCOPED_TRACE(encoding::encode_hex(bytes).substr(0, 100));
        const auto psbt = decode_psbt(bytes);
        const auto again = encode_psbt(psbt);
        // The same fields, in the order of their keys; that the version is 0 is not said.
        const Bytes version_0{1, 0xfb, 4, 0, 0, 0, 0};
        const auto left_out = std::ranges::search(bytes, version_0).empty() ? 0 : version_0.size();
        EXPECT_EQ(again.size() + left_out, bytes.size());
        EXPECT_EQ(decode_psbt(again), psbt);
    }
}

TEST(Psbt, RefusesThePublishedInvalidOnes)
{
    std::size_t refused = 0;
    for (const auto* file : {"bip174_parse.json", "bip370.json", "bip371.json", "core_psbt.json"})
        for (const auto& vector : test::load_vectors(file)) {
            if (vector.kind() != "parse" || !vector.is_invalid())
                continue;
            SCOPED_TRACE(vector.name() + " " + (vector.has("case") ? vector.text("case") : ""));
            if (vector.name().starts_with("core_psbt.json 8 ")) {
                // The outpoint is not in the previous transaction: for a signer to refuse, not for a reader.
                EXPECT_NO_THROW(static_cast<void>(decode_psbt(psbt_in(vector))));
                continue;
            }
            try {
                static_cast<void>(decode_psbt(psbt_in(vector)));
                ADD_FAILURE() << "accepted";
            } catch (const Error& error) {
                EXPECT_EQ(error.exit_status(), ExitStatus::malformed) << error.message();
            }
            ++refused;
        }
    EXPECT_EQ(refused, 56U);
}

TEST(Psbt, RefusesEveryTruncationAndTrailingBytes)
{
    for (const auto& bytes : published())
        if (bytes.size() < 1500)
            test::expect_refuses_cut_and_trailing(bytes, [](ByteView cut) { return decode_psbt(cut); });
}

TEST(Psbt, RefusesAKeyThatStandsTwiceInAnyMap)
{
    auto psbt = example();
    psbt.unknown.emplace(Bytes{0xfc, 1}, Bytes{1});
    psbt.inputs[0].unknown.emplace(Bytes{0xfc, 2}, Bytes{1});
    psbt.outputs[0].unknown.emplace(Bytes{0xfc, 3}, Bytes{1});
    const auto good = encode_psbt(psbt);
    for (const auto map : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
        const Bytes field{2, 0xfc, map, 1, 1};
        const auto place = std::ranges::search(good, field);
        ASSERT_FALSE(place.empty());
        auto twice = good;
        twice.insert(twice.begin() + (place.begin() - good.begin()), field.begin(), field.end());
        EXPECT_ERROR(decode_psbt(twice), ErrorCode::psbt_dupkey);
    }
    EXPECT_EQ(decode_psbt(good), psbt);
}

TEST(Psbt, HasTheUnsignedTransactionAndIdsOfBip370)
{
    for (const auto& vector : test::load_vectors("psbt_v2_unsigned.json")) {
        SCOPED_TRACE(vector.name());
        const auto psbt = decode_psbt(vector.bytes("hex"));
        const auto transaction = unsigned_transaction(psbt);
        EXPECT_EQ(encode_without_witness(transaction), vector.bytes("unsigned_tx"));
        EXPECT_EQ(transaction.lock_time, vector.number("locktime"));
        EXPECT_EQ(format_txid(txid_of(transaction)), vector.text("txid"));
        EXPECT_EQ(format_txid(unique_id(psbt)), vector.text("psbt_unique_id"));
    }
}

TEST(Psbt, DeterminesTheLockTimeOfBip370)
{
    for (const auto& vector : test::load_vectors("bip370.json")) {
        if (vector.kind() != "locktime")
            continue;
        SCOPED_TRACE(vector.name());
        const auto psbt = decode_psbt(vector.bytes("hex"));
        if (vector.is_invalid()) {
            EXPECT_ERROR(unsigned_transaction(psbt), ErrorCode::psbt_parse);
        } else {
            EXPECT_EQ(unsigned_transaction(psbt).lock_time, vector.number("locktime"));
        }
    }
}

TEST(Psbt, ConvertsBetweenItsVersions)
{
    for (const auto& vector : test::load_vectors("psbt_convert.json")) {
        SCOPED_TRACE(vector.name() + " " + vector.text("case"));
        const auto old_form = decode_psbt(vector.bytes("v0_hex"));
        const auto new_form = decode_psbt(vector.bytes("v2_hex"));
        EXPECT_EQ(encode_without_witness(unsigned_transaction(old_form)), vector.bytes("unsigned_tx"));
        EXPECT_EQ(encode_without_witness(unsigned_transaction(to_version_0(new_form))), vector.bytes("unsigned_tx"));
        EXPECT_EQ(encode_without_witness(unsigned_transaction(to_version_2(old_form))), vector.bytes("unsigned_tx"));
        EXPECT_EQ(decode_psbt(encode_psbt(to_version_0(new_form))), to_version_0(new_form));
        EXPECT_EQ(decode_psbt(encode_psbt(to_version_2(old_form))), to_version_2(old_form));
        EXPECT_EQ(to_version_0(to_version_2(old_form)), old_form);
    }
}

TEST(Psbt, RefusesFieldsOfTheOtherVersion)
{
    auto psbt = to_version_2(example());
    psbt.modifiable = 3;
    const auto good = encode_psbt(psbt);
    EXPECT_EQ(decode_psbt(good), psbt);
    // A version 2 that says it is of version 0, 1 or 3.
    const Bytes field{1, 0xfb, 4, 2, 0, 0, 0};
    const auto place = std::ranges::search(good, field);
    ASSERT_FALSE(place.empty());
    for (const auto version : {std::uint8_t{1}, std::uint8_t{3}}) {
        auto other = good;
        other[static_cast<std::size_t>(place.begin() - good.begin()) + 3] = version;
        EXPECT_ERROR(decode_psbt(other), ErrorCode::psbt_version);
    }
    auto zero = good;
    zero[static_cast<std::size_t>(place.begin() - good.begin()) + 3] = 0;
    EXPECT_THROW(static_cast<void>(decode_psbt(zero)), Error);
}

TEST(Psbt, BoundsItsCountsBeforeItAllocates)
{
    // Version 2 of 2^32 - 1 inputs in 34 bytes; 10,001; 10,000.
    const auto with_inputs = [](const std::string& count) {
        return decode_psbt(encoding::decode_hex("70736274ff010204020000000104" + count + "0105010001fb040200000000"));
    };
    EXPECT_ERROR(with_inputs("05feffffffff"), ErrorCode::limit);
    EXPECT_ERROR(with_inputs("03fd1127"), ErrorCode::limit);
    EXPECT_ERROR(with_inputs("03fd1027"), ErrorCode::psbt_parse);
}

TEST(Psbt, BoundsWhatTakesManyTimesItsBytes)
{
    auto fields = example();
    for (std::uint32_t i = 0; i < most_map_fields; ++i)
        fields.unknown.emplace(Bytes{0xfc, static_cast<std::uint8_t>(i >> 16), static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}, Bytes{});
    EXPECT_ERROR(decode_psbt(encode_psbt(fields)), ErrorCode::limit); // with the transaction one more
    fields.unknown.erase(fields.unknown.begin());
    EXPECT_NO_THROW(static_cast<void>(decode_psbt(encode_psbt(fields))));

    auto items = example();
    items.inputs[0].final_script_witness = std::vector<Bytes>(most_psbt_items - 100);
    EXPECT_NO_THROW(static_cast<void>(decode_psbt(encode_psbt(items))));
    auto more = items;
    more.inputs[0].final_script_witness->resize(most_psbt_items);
    EXPECT_ERROR(decode_psbt(encode_psbt(more)), ErrorCode::limit);
    more = items;
    more.inputs[0].non_witness_utxo = Transaction{2, {TxInput{{}, {}, 0, std::vector<Bytes>(100)}}, {}, 0};
    EXPECT_ERROR(decode_psbt(encode_psbt(more)), ErrorCode::limit);

    auto long_item = example();
    long_item.inputs[0].final_script_witness = std::vector<Bytes>{Bytes(most_transaction_bytes)};
    EXPECT_ERROR(decode_psbt(encode_psbt(long_item)), ErrorCode::limit);
}

TEST(Psbt, IsOfNoTransactionThatNoBlockHolds)
{
    for (const std::uint32_t version : {0U, 2U}) {
        auto psbt = version == 0 ? example() : to_version_2(example());
        auto& script = psbt.outputs[0].output.script_pubkey;
        script.clear();
        std::size_t size = 41 * psbt.inputs.size();
        for (const auto& output : psbt.outputs)
            size += 9 + output.output.script_pubkey.size();
        script.resize(most_unsigned_bytes - size);
        EXPECT_NO_THROW(static_cast<void>(decode_psbt(encode_psbt(psbt))));
        script.push_back(0);
        EXPECT_ERROR(decode_psbt(encode_psbt(psbt)), ErrorCode::limit);
    }
}

TEST(Psbt, HasExtendedKeysWithAStepForEachLevel)
{
    auto psbt = example();
    auto key = encoding::decode_base58check("xpub6CuTvyambJxUAbJg3tdtxvctz7ZD8MfByBvfZ6gQNEBaGZ6yURTqCmGG7PHAAoYynSy5kCoWZaU8soJMP5A9f7SLsmVdYGUpb222dzPHM1M");
    const auto decode_with = [&](const std::vector<std::uint32_t>& path) {
        psbt.extended_keys = {{key, KeySource{{}, path}}};
        return decode_psbt(encode_psbt(psbt));
    };
    EXPECT_EQ(decode_with({1, 2, 3}), psbt);
    EXPECT_ERROR(decode_with({1, 2}), ErrorCode::psbt_parse);
    EXPECT_ERROR(decode_with({1, 2, 3, 4}), ErrorCode::psbt_parse);
    key[45] = 5;
    EXPECT_ERROR(decode_with({1, 2, 3}), ErrorCode::psbt_parse);
}

TEST(Psbt, SaysInWhichMapAValueIsWrong)
{
    auto psbt = example();
    psbt.unknown.clear();
    const auto first_input = 5 + 1 + 1 + 1 + encode_without_witness(unsigned_transaction(psbt)).size() + 1;
    psbt.inputs.back().witness_utxo.reset();
    psbt.inputs.back().unknown.emplace(Bytes{0x01}, Bytes(3)); // an amount of 3 bytes
    try {
        static_cast<void>(decode_psbt(encode_psbt(psbt)));
        ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::psbt_parse);
        EXPECT_TRUE(error.message().starts_with("input " + std::to_string(psbt.inputs.size() - 1) + ": ")) << error.message();
        EXPECT_GE(error.offset().value_or(0), first_input);
    }
}

TEST(Psbt, DoesNotRepeatALongKeyInItsError)
{
    auto psbt = example();
    Bytes key(100'000, 7);
    key[0] = 0xfc;
    psbt.unknown.emplace(key, Bytes{});
    const auto good = encode_psbt(psbt);
    const auto place = std::ranges::search(good, key);
    ASSERT_FALSE(place.empty());
    const auto start = static_cast<std::size_t>(place.begin() - good.begin()) - 5; // behind its length
    auto twice = good;
    const Bytes field{good.begin() + static_cast<std::ptrdiff_t>(start), good.begin() + static_cast<std::ptrdiff_t>(start + 5 + key.size() + 1)};
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(start), field.begin(), field.end());
    try {
        static_cast<void>(decode_psbt(twice));
        ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::psbt_dupkey);
        EXPECT_LT(error.message().size(), 200U);
    }
}

} // namespace
} // namespace coffer::bitcoin

#include "formats/bbqr/bbqr.h"

#include "formats/bbqr/deflate.h"
#include "tests/support/vectors.h"

#include <algorithm>
#include <map>

namespace coffer::bbqr {
namespace {

using Step = Session::Step;

/// Alphanumeric characters of a QR code by version, level L (ISO/IEC 18004, table 7).
std::size_t characters_of(std::uint64_t version)
{
    const std::map<std::uint64_t, std::size_t> known = {{5, 154}, {9, 335}, {10, 395}, {27, 2132}, {40, 4296}};
    return known.at(version);
}

std::vector<std::string> parts_of(const test::Vector& vector)
{
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < vector.count("parts"); ++i)
        parts.push_back(vector.text("parts." + std::to_string(i)));
    return parts;
}

File receive(const std::vector<std::string>& texts)
{
    Session session;
    for (const auto& text : texts)
        session.add(text);
    return session.is_complete() ? session.file() : throw Error{ErrorCode::qr_part, "incomplete"};
}

Bytes counted(std::size_t size)
{
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
    return bytes;
}

TEST(Bbqr, ReceivesAndMakesThePublishedParts)
{
    std::size_t made = 0;
    for (const auto& vector : test::load_vectors("bbqr.json")) {
        if (vector.kind() == "invalid")
            continue;
        SCOPED_TRACE(vector.name());
        const File file{vector.text("file_type").front(), vector.bytes("data")};
        auto texts = parts_of(vector);
        EXPECT_EQ(receive(texts), file);
        std::ranges::reverse(texts);
        EXPECT_EQ(receive(texts), file);
        const auto encoding = static_cast<Encoding>(vector.text("encoding").front());
        if (encoding == Encoding::zlib)
            continue; // packs differ
        std::ranges::reverse(texts);
        EXPECT_EQ(split(file, encoding, characters_of(vector.number("version"))), texts);
        ++made;
    }
    EXPECT_GT(made, 10U);
}

TEST(Bbqr, RefusesThePublishedFaults)
{
    std::size_t refused = 0;
    for (const auto& vector : test::load_vectors("bbqr.json"))
        if (vector.kind() == "invalid") {
            EXPECT_THROW(receive(parts_of(vector)), Error) << vector.text("reason");
            ++refused;
        }
    EXPECT_EQ(refused, 7U);
}

TEST(Bbqr, GoesRoundInEveryEncodingAndSize)
{
    for (const auto encoding : {Encoding::hex, Encoding::base32, Encoding::zlib})
        for (const std::size_t size : {1U, 4U, 5U, 6U, 90U, 91U, 1000U, 5000U}) {
            const File file{'C', counted(size)};
            auto texts = split(file, encoding, 154);
            for (const auto& text : texts)
                EXPECT_LE(text.size(), 154U);
            EXPECT_EQ(receive(texts), file);
            std::ranges::rotate(texts, texts.begin() + static_cast<std::ptrdiff_t>(texts.size() / 2));
            EXPECT_EQ(receive(texts), file);
        }
    const File zeros{'J', Bytes(5000, 'a')};
    EXPECT_LT(split(zeros, Encoding::zlib, 154).size(), 3U);
    EXPECT_EQ(receive(split(zeros, Encoding::zlib, 154)), zeros);
    EXPECT_TRUE(split({'U', counted(13)}, Encoding::zlib, 154).front().starts_with("B$2U0100")) << "packing does not make it shorter";
    EXPECT_ERROR(split({'B', Bytes(200'000)}, Encoding::hex, 154), ErrorCode::qr_limit);
}

TEST(Bbqr, TellsNewPartsFromOthers)
{
    const auto texts = split({'P', counted(300)}, Encoding::base32, 154);
    ASSERT_EQ(texts.size(), 4U);
    Session session;
    EXPECT_EQ(session.add(texts[2]), Step::new_part);
    EXPECT_EQ(session.add(texts[2]), Step::nothing_new);
    EXPECT_EQ(session.needed(), 4U);
    EXPECT_EQ(session.received(), 1U);
    EXPECT_EQ(session.add(texts[3]), Step::new_part);
    EXPECT_EQ(session.add(texts[0]), Step::new_part);
    EXPECT_FALSE(session.is_complete());
    EXPECT_EQ(session.add(texts[1]), Step::complete);
    EXPECT_EQ(session.add(texts[1]), Step::nothing_new);
    EXPECT_EQ(session.file().content, counted(300));
}

TEST(Bbqr, RefusesPartsOfAnotherFileAndKeepsTheFirst)
{
    const auto texts = split({'P', counted(300)}, Encoding::base32, 154);
    auto other_content = counted(300);
    other_content[0] ^= 1;
    const auto refused = [&](const std::string& text, ErrorCode code) {
        Session session;
        session.add(texts[0]);
        EXPECT_ERROR(session.add(text), code);
        for (const auto& rest : texts)
            session.add(rest);
        EXPECT_EQ(session.file().content, counted(300));
    };
    refused(split({'P', other_content}, Encoding::base32, 154)[0], ErrorCode::qr_mixed);
    refused(split({'T', counted(300)}, Encoding::base32, 154)[1], ErrorCode::qr_mixed);
    refused(split({'P', counted(400)}, Encoding::base32, 154)[1], ErrorCode::qr_mixed);
    refused("B$ZP0401" + std::string(8, 'A'), ErrorCode::qr_mixed);
    refused("B$2P0401" + std::string(8, 'A'), ErrorCode::qr_part);
    refused("B$2P0403" + std::string(152, 'A'), ErrorCode::qr_part); // the last one is longer than the others
}

TEST(Bbqr, ALastPartThatCameFirstBoundsTheOthers)
{
    Session session;
    session.add("B$2P0201" + std::string(16, 'A'));
    EXPECT_ERROR(session.add("B$2P0200" + std::string(8, 'A')), ErrorCode::qr_part);
    EXPECT_EQ(session.add("B$2P0200" + std::string(16, 'A')), Step::complete);
}

TEST(Bbqr, RefusesTextThatIsNoPart)
{
    const std::string good = "B$2P0100AEAQCAIB";
    EXPECT_NO_THROW(parse_part(good));
    const auto refused = [](const std::string& text, ErrorCode code) {
        SCOPED_TRACE(text.substr(0, 20));
        EXPECT_ERROR(parse_part(text), code);
    };
    refused("", ErrorCode::qr_enc);
    refused("B$2P0100", ErrorCode::qr_enc);
    refused("b$2P0100AEAQCAIB", ErrorCode::qr_enc);
    refused("B$3P0100AEAQCAIB", ErrorCode::qr_enc);
    refused("B$2Q0100AEAQCAIB", ErrorCode::qr_enc);
    refused("B$2P0a00AEAQCAIB", ErrorCode::qr_enc);
    refused("B$2P01-0AEAQCAIB", ErrorCode::qr_enc);
    refused("B$2P0100aeaqcaib", ErrorCode::qr_enc);
    refused("B$2P0100AEAQCAI=", ErrorCode::qr_enc);
    refused("B$2P0100AEAQCA1B", ErrorCode::qr_enc);
    refused("B$2P0100A", ErrorCode::qr_enc);
    refused("B$HP0100ABC", ErrorCode::qr_enc);
    refused("B$HP0100ab", ErrorCode::qr_enc);
    refused("B$HP0100AG", ErrorCode::qr_enc);
    refused("B$2P0101AEAQCAIB", ErrorCode::qr_part);
    refused("B$2P0000AEAQCAIB", ErrorCode::qr_part);
    refused("B$2P0200AEAQC", ErrorCode::qr_part);
    refused("B$2P0100" + std::string(4296, 'A'), ErrorCode::qr_limit);
    EXPECT_NO_THROW(parse_part("B$2P0201AEAQC"));
    EXPECT_EQ(parse_part("B$2PZZZYAEAQCAIB").count, most_parts);
}

TEST(Bbqr, UnpacksNoMoreThanItTakes)
{
    const auto bomb = deflate(Bytes(most_file_bytes + 1));
    EXPECT_ERROR(inflate(bomb, most_file_bytes), ErrorCode::qr_inflate);
    EXPECT_EQ(inflate(bomb, most_file_bytes + 1).size(), most_file_bytes + 1);
    Session session;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < bomb.size(); i += 2500)
        texts.push_back(format_part({.encoding = Encoding::zlib, .file_type = 'B', .count = static_cast<unsigned>((bomb.size() + 2499) / 2500),
                                     .index = static_cast<unsigned>(i / 2500), .body = to_bytes(ByteView{bomb}.subspan(i, std::min<std::size_t>(2500, bomb.size() - i)))}));
    for (std::size_t i = 0; i + 1 < texts.size(); ++i)
        session.add(texts[i]);
    EXPECT_ERROR(session.add(texts.back()), ErrorCode::qr_inflate);
    EXPECT_EQ(session.needed(), 0U) << "forgotten";
}

TEST(Bbqr, UnpacksWholeStreamsOfItsWindowOnly)
{
    const auto content = counted(3000);
    const auto packed = deflate(content);
    EXPECT_EQ(inflate(packed, 3000), content);
    EXPECT_ERROR(inflate(packed, 2999), ErrorCode::qr_inflate);
    EXPECT_ERROR(inflate(ByteView{packed}.first(packed.size() - 1), 3000), ErrorCode::qr_inflate);
    EXPECT_ERROR(inflate({}, 3000), ErrorCode::qr_inflate);
    auto longer = packed;
    longer.push_back(0);
    EXPECT_ERROR(inflate(longer, 3000), ErrorCode::qr_inflate);
    EXPECT_ERROR(inflate(Bytes{0xff, 0xff}, 3000), ErrorCode::qr_inflate);
}

/// 1,500 bytes as they are, then three that are copied from a distance (RFC 1951, 3.2.4 to 3.2.6).
Bytes copy_from(unsigned distance_code, unsigned extra, unsigned extra_bits)
{
    Bytes stream = {0x00, 0xdc, 0x05, 0x23, 0xfa};
    append(stream, counted(1500));
    std::vector<bool> bits = {true, true, false}; // the last block, fixed codes
    const auto code = [&](unsigned value, unsigned count) {
        for (unsigned i = count; i-- > 0;)
            bits.push_back((value >> i & 1) != 0);
    };
    code(1, 7); // 257: a copy of three bytes
    code(distance_code, 5);
    for (unsigned i = 0; i < extra_bits; ++i)
        bits.push_back((extra >> i & 1) != 0);
    code(0, 7); // 256: the end
    bits.resize((bits.size() + 7) / 8 * 8);
    for (std::size_t i = 0; i < bits.size(); i += 8) {
        unsigned byte = 0;
        for (std::size_t j = 0; j < 8; ++j)
            byte |= bits[i + j] ? 1U << j : 0U;
        stream.push_back(static_cast<std::uint8_t>(byte));
    }
    return stream;
}

TEST(Bbqr, LooksBackNoFurtherThanItsWindow) // F09
{
    const auto near = inflate(copy_from(18, 87, 8), 3000); // distance 600
    ASSERT_EQ(near.size(), 1503U);
    EXPECT_EQ(near[1500], near[900]);
    EXPECT_ERROR(inflate(copy_from(20, 175, 9), 3000), ErrorCode::qr_inflate); // distance 1,200
}

} // namespace
} // namespace coffer::bbqr

#include "formats/ur/session.h"

#include "formats/ur/sender.h"
#include "tests/support/small_child.h"
#include "tests/support/vectors.h"
#include "tests/unit/formats/ur/messages.h"

namespace coffer::ur {
namespace {

using test_messages::wolf_cbor;
using Step = Session::Step;

std::vector<test::Vector> vectors_of(std::string_view kind)
{
    auto vectors = test::load_vectors("ur_multipart.json");
    std::erase_if(vectors, [&](const auto& vector) { return vector.kind() != kind; });
    EXPECT_FALSE(vectors.empty());
    return vectors;
}

std::vector<std::string> parts_of(const test::Vector& vector)
{
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < vector.count("parts"); ++i)
        parts.push_back(vector.text("parts." + std::to_string(i)));
    return parts;
}

TEST(Session, ReceivesTheVectors)
{
    for (const auto& vector : vectors_of("multipart")) {
        SCOPED_TRACE(vector.name());
        const Message message{vector.text("type"), vector.bytes("cbor")};
        Session session;
        for (const auto& part : parts_of(vector))
            session.add(part);
        ASSERT_TRUE(session.is_complete());
        EXPECT_EQ(session.message(), message);
    }
}

TEST(Session, NeedsNoMorePartsThanTheReference)
{
    for (const auto& vector : vectors_of("multipart")) {
        const auto parts = parts_of(vector);
        for (std::size_t i = 0; vector.has("subsets." + std::to_string(i)); ++i) {
            const auto at = "subsets." + std::to_string(i) + ".";
            SCOPED_TRACE(vector.name() + " " + vector.text(at + "case"));
            Session session;
            std::size_t used = 0;
            for (std::size_t k = 0; k < vector.count(at + "part_indexes") && !session.is_complete(); ++k, ++used)
                session.add(parts[vector.number(at + "part_indexes." + std::to_string(k))]);
            EXPECT_EQ(session.is_complete(), vector.text(at + "completes") == "true");
            EXPECT_LE(used, vector.number(at + "parts_used"));
            if (!session.is_complete())
                continue;
            EXPECT_EQ(session.message().cbor, vector.bytes("cbor"));
        }
    }
}

TEST(Sender, MakesTheVectors)
{
    for (const auto& vector : vectors_of("multipart")) {
        SCOPED_TRACE(vector.name());
        const Sender sender{{vector.text("type"), vector.bytes("cbor")}, vector.number("max_fragment_len")};
        EXPECT_EQ(sender.count(), vector.number("seq_len"));
        std::uint32_t number = 0;
        for (const auto& part : parts_of(vector))
            EXPECT_EQ(sender.frame(++number), part);
    }
}

TEST(Sender, ShowsWhatFitsAsOneFrame)
{
    const Message message{"bytes", wolf_cbor(50)};
    const Sender sender{message, 200};
    EXPECT_EQ(sender.count(), 1U);
    EXPECT_EQ(sender.frame(1), format_message(message));
    EXPECT_EQ(sender.frame(2), format_message(message));
}

TEST(Session, RefusesTheInvalidVectors)
{
    for (const std::string_view kind : {"mixed_streams", "bad_part"})
        for (const auto& vector : vectors_of(kind)) {
            SCOPED_TRACE(vector.name());
            const auto parts = parts_of(vector);
            const auto bad = kind == "bad_part" && parts.size() == 1 ? 0U : 1U;
            Session session;
            for (std::size_t i = 0; i < bad; ++i)
                EXPECT_EQ(session.add(parts[i]), Step::new_part);
            EXPECT_ERROR(session.add(parts[bad]), vector.error_code());
        }
}

struct Two {
    Sender one{{"bytes", wolf_cbor(200)}, 50};
    Sender other{{"bytes", wolf_cbor(201)}, 50};
    Sender other_type{{"psbt", wolf_cbor(200)}, 50};
    std::string whole = format_message({"bytes", wolf_cbor(20)});
};

TEST(Session, SaysHowFarItIs)
{
    const Two two;
    Session session;
    EXPECT_EQ(session.progress(), (Progress{0, 0, 0, 0}));
    EXPECT_EQ(session.progress().percent(), 0U);
    EXPECT_EQ(session.add(two.one.frame(2)), Step::new_part);
    EXPECT_EQ(session.type(), "bytes");
    EXPECT_EQ(session.progress(), (Progress{1, 5, 1, 1}));
    EXPECT_EQ(session.progress().percent(), 20U);
    EXPECT_EQ(session.add(two.one.frame(2)), Step::nothing_new);
    EXPECT_EQ(session.progress(), (Progress{2, 5, 1, 1}));
    EXPECT_ERROR(session.add("ur:"), ErrorCode::qr_enc);
    EXPECT_EQ(session.progress(), (Progress{3, 5, 1, 1}));
    for (const std::uint32_t number : {1U, 5U, 4U})
        EXPECT_EQ(session.add(two.one.frame(number)), Step::new_part);
    EXPECT_EQ(session.progress().percent(), 80U);
    EXPECT_EQ(session.add(two.one.frame(3)), Step::complete);
    EXPECT_EQ(session.progress(), (Progress{7, 5, 5, 5}));
    EXPECT_EQ(session.progress().percent(), 100U);
    EXPECT_EQ(session.message().cbor, wolf_cbor(200));
}

TEST(Session, KeepsTheFirstMessageWhenAnotherIsMixedIn)
{
    const Two two;
    Session session;
    session.add(two.one.frame(1));
    for (const auto& frame : {two.other.frame(2), two.other_type.frame(2), two.whole})
        EXPECT_ERROR(session.add(frame), ErrorCode::qr_mixed);
    for (std::uint32_t number = 2; number <= 5; ++number)
        session.add(two.one.frame(number));
    ASSERT_TRUE(session.is_complete());
    for (const auto& frame : {two.other.frame(2), two.other_type.frame(2), two.whole})
        EXPECT_ERROR(session.add(frame), ErrorCode::qr_mixed);
    EXPECT_EQ(session.add(two.one.frame(9)), Step::nothing_new);
    EXPECT_EQ(session.message().cbor, wolf_cbor(200));
}

TEST(Session, AWholeMessageIsOneFrame)
{
    const Two two;
    Session session;
    EXPECT_EQ(session.add(two.whole), Step::complete);
    EXPECT_EQ(session.progress(), (Progress{1, 1, 1, 1}));
    EXPECT_EQ(session.add(two.whole), Step::nothing_new);
    for (const auto& frame : {two.one.frame(1), format_message({"psbt", wolf_cbor(20)}), format_message({"bytes", wolf_cbor(21)})})
        EXPECT_ERROR(session.add(frame), ErrorCode::qr_mixed);
    EXPECT_EQ(session.message(), (Message{"bytes", wolf_cbor(20)}));
}

TEST(Session, ForgetsPartsThatAreNotTheirMessage)
{
    const FountainEncoder encoder{wolf_cbor(200), 50};
    const auto forged = [&](std::uint32_t seq_num) {
        auto part = encoder.part(seq_num);
        part.data[7] ^= 1;
        return format_part("bytes", part);
    };
    Session session;
    for (std::uint32_t number = 1; number <= 4; ++number)
        session.add(forged(number));
    EXPECT_ERROR(session.add(forged(5)), ErrorCode::qr_crc);
    EXPECT_EQ(session.progress(), (Progress{5, 0, 0, 0}));
    EXPECT_EQ(session.type(), "");
    EXPECT_FALSE(session.is_complete());
    for (std::uint32_t number = 1; number <= 5; ++number)
        session.add(format_part("hdkey", encoder.part(number)));
    EXPECT_EQ(session.message(), (Message{"hdkey", wolf_cbor(200)}));
}

TEST(Session, EndsAfterAllFramesThatItTakes)
{
    const Two two;
    Session session;
    const auto frame = two.one.frame(1);
    for (std::size_t i = 1; i < Session::most_frames; ++i)
        session.add(frame);
    EXPECT_EQ(session.add(two.one.frame(2)), Step::new_part);
    EXPECT_ERROR(session.add(two.one.frame(3)), ErrorCode::qr_limit);
    EXPECT_EQ(session.progress(), (Progress{Session::most_frames, 5, 2, 2}));
}

TEST(Session, OneFrameCostsLittleWhateverItAnnounces)
{
    std::vector<std::string> frames;
    const auto part = [](std::uint32_t seq_num, std::uint32_t seq_len, std::uint32_t length, std::size_t fragment) {
        return format_part("bytes", {seq_num, {seq_len, length, 0}, Bytes(fragment, 1)});
    };
    frames.push_back(part(1, most_parts, most_parts, 1));
    frames.push_back(part(0xffffffff, most_parts, most_parts, 1));
    frames.push_back(part(0xffffffff, most_parts, most_message_bytes, 1024));
    frames.push_back(part(1, 1, most_message_bytes, most_message_bytes));
    frames.push_back(part(0xffffffff, 0xffffffff, 0xffffffff, 1));
    frames.push_back(part(50000, 50000, 50000, 1));
    frames.push_back(part(1, 1, 0xffffffff, 1));
    frames.push_back(format_message({"bytes", Bytes(most_message_bytes, 0x81)}));
    frames.push_back("ur:bytes/" + std::string(most_characters, '/'));
    frames.push_back("ur:bytes/1-1/" + std::string(most_characters - 100, 'a'));
    for (const auto& frame : frames)
        test::expect_in_small_child(
            [&] {
                Session session;
                try {
                    session.add(frame);
                } catch (const Error&) {
                }
            },
            {64, 1});
}

} // namespace
} // namespace coffer::ur

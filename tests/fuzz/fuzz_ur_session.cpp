#include "core/base/byte_reader.h"
#include "core/base/text.h"
#include "formats/ur/fountain_encoder.h"
#include "formats/ur/session.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

using namespace coffer;
using namespace coffer::ur;
using Step = Session::Step;

namespace {

/// Two messages, so that their parts can be mixed up.
struct Senders {
    Message message;
    FountainEncoder first;
    FountainEncoder second;

    static Bytes content(std::size_t size, std::uint8_t add)
    {
        Bytes bytes(size);
        for (std::size_t i = 0; i < size; ++i)
            bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 31 + add);
        return bytes;
    }

    Senders(std::size_t size, std::size_t fragment)
        : message{"bytes", content(size, 0)}, first{message.cbor, fragment}, second{content(size, 1), fragment}
    {
    }
};

class Player {
public:
    explicit Player(ByteView input) : m_input{input}, m_senders{std::size_t{1} + byte() * 16, std::size_t{10} + byte()} {}

    void play()
    {
        while (!m_input.at_end())
            show(next_frame());
    }

private:
    std::uint8_t byte() { return m_input.at_end() ? std::uint8_t{0} : m_input.read_u8(); }

    std::string_view text()
    {
        const std::size_t length = byte();
        return text_of(m_input.read(std::min(length, m_input.remaining())));
    }

    std::uint32_t seq_num()
    {
        const auto number = byte();
        return number < 250 ? number + 1U : ~std::uint32_t{0} - byte();
    }

    std::string next_frame()
    {
        const auto kind = byte();
        m_is_genuine = m_is_genuine && (kind == 0 || kind > 9);
        auto part = (kind == 1 ? m_senders.second : m_senders.first).part(seq_num());
        switch (kind) {
        case 2: part.header.checksum ^= byte(); break;
        case 3: part.header.message_length += byte(); break;
        case 4: part.header.seq_len += byte(); break;
        case 5: part.data[byte() % part.data.size()] ^= byte(); break;
        case 6: part.data.resize(byte()); break;
        case 7: return format_message({"bytes", part.data});
        case 8: return format_part("psbt", part);
        case 9: return std::string{text()};
        default: break;
        }
        return format_part("bytes", part);
    }

    void show(const std::string& frame)
    {
        const auto before = m_session.progress();
        const bool was_complete = m_session.is_complete();
        const auto step = fuzz::unless_refused([&] { return m_session.add(frame); });
        const auto after = m_session.progress();
        require(after.frames == before.frames + 1, "a frame is not counted");
        require(step || after.received == before.received || after.needed == 0, "a refused frame changed something");
        require(!step || after.received == before.received + (*step == Step::nothing_new ? 0 : 1), "a frame counts otherwise than it says");
        require(after.received <= after.needed && after.fragments <= after.received, "more than all");
        require(m_session.is_complete() == (after.percent() == 100), "complete without all parts, or not with all");
        require(!was_complete || m_session.is_complete(), "a complete message is lost");
        require(m_session.is_complete() == (was_complete || step == Step::complete), "completes without saying so");
        if (step)
            require(m_session.add(frame) == Step::nothing_new, "a frame says something new twice");
        if (m_session.is_complete() && m_is_genuine)
            require(m_session.message() == m_senders.message, "another message arrived");
    }

    ByteReader m_input;
    Senders m_senders;
    Session m_session;
    bool m_is_genuine = true; ///< all that was shown so far
};

} // namespace

// Whatever is shown in whatever order, a session stays consistent, and genuine parts give their message and no other.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Player{ByteView{data, std::min<std::size_t>(size, 2048)}}.play();
    return 0;
}

#pragma once

#include "formats/ur/fountain_decoder.h"
#include "formats/ur/ur.h"

#include <optional>

/// Receiving one message, from one frame or from many in any order.
namespace coffer::ur {

struct Progress {
    std::size_t frames = 0;      ///< that were shown, also repeated and refused ones
    std::uint32_t needed = 0;    ///< parts of the message; 0 before the first
    std::uint32_t received = 0;  ///< parts that said something new; the message is complete with `needed` of them
    std::uint32_t fragments = 0; ///< of the message that are held unmixed

    bool operator==(const Progress&) const = default;
    /// 0 to 100, rounded down: 100 only of a complete message.
    unsigned percent() const;
};

class Session {
public:
    /// Whoever has not received the message with these never will.
    static constexpr std::size_t most_frames = 65536;

    enum class Step {
        nothing_new, ///< the frame repeats what is known
        new_part,
        complete, ///< with this frame
    };

    /// Takes a frame as parse_frame does; the first decides which message it is.
    ///
    /// Throws what parse_frame throws; Error{qr_mixed} for a frame of another message than the first, by type, numbers or
    /// contradicting data; Error{qr_limit} after most_frames. None of these changes what was received. Error{qr_crc} or
    /// Error{qr_length} when all parts together are not the message that they announced: then everything received is
    /// forgotten, and the next frame is the first.
    Step add(std::string_view text);

    Progress progress() const;
    /// Empty before the first frame.
    const std::string& type() const { return m_type; }
    bool is_complete() const { return m_message.has_value(); }
    /// Before is_complete() a broken invariant.
    const Message& message() const;

private:
    Step add_whole(std::string type, Bytes cbor);
    Step add_part(const std::string& type, const Part& part);
    void complete();

    std::string m_type;
    std::optional<FountainDecoder> m_decoder; ///< of a message in parts
    std::optional<Message> m_message;
    std::size_t m_frames = 0;
};

} // namespace coffer::ur

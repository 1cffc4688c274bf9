#include "formats/ur/session.h"

#include "core/base/text.h"

#include <utility>

namespace coffer::ur {

unsigned Progress::percent() const
{
    return needed == 0 ? 0 : static_cast<unsigned>(std::uint64_t{received} * 100 / needed);
}

Session::Step Session::add(std::string_view text)
{
    if (m_frames == most_frames)
        throw Error{ErrorCode::qr_limit, "no message after " + std::to_string(most_frames) + " frames"};
    ++m_frames;
    auto frame = parse_frame(text);
    if (!m_type.empty() && frame.type != m_type)
        throw other_message("a frame of the type " + quoted(frame.type) + " among those of the type " + quoted(m_type));
    if (auto* cbor = std::get_if<Bytes>(&frame.content))
        return add_whole(std::move(frame.type), std::move(*cbor));
    return add_part(frame.type, std::get<Part>(frame.content));
}

Session::Step Session::add_whole(std::string type, Bytes cbor)
{
    if (m_decoder || (m_message && m_message->cbor != cbor))
        throw other_message("a whole message among " + std::string{m_decoder ? "parts of one" : "frames of another"});
    if (m_message)
        return Step::nothing_new;
    m_type = type;
    m_message = Message{std::move(type), std::move(cbor)};
    return Step::complete;
}

Session::Step Session::add_part(const std::string& type, const Part& part)
{
    if (m_message && !m_decoder)
        throw other_message("a part of a message after a whole one");
    if (!m_decoder) {
        m_type = type;
        m_decoder.emplace(part);
    }
    if (!m_decoder->add(part))
        return Step::nothing_new;
    if (!m_decoder->is_complete())
        return Step::new_part;
    complete();
    return Step::complete;
}

void Session::complete()
{
    // Parts that are not the message are forgotten, with their header: that may be what is wrong.
    auto decoder = *std::exchange(m_decoder, std::nullopt);
    auto type = std::exchange(m_type, {});
    m_message = Message{type, decoder.message()};
    m_decoder = std::move(decoder);
    m_type = std::move(type);
}

Progress Session::progress() const
{
    if (m_decoder)
        return {m_frames, m_decoder->header().seq_len, static_cast<std::uint32_t>(m_decoder->rank()),
                static_cast<std::uint32_t>(m_decoder->count_known_fragments())};
    const std::uint32_t whole = m_message ? 1 : 0;
    return {m_frames, whole, whole, whole};
}

const Message& Session::message() const
{
    require(m_message.has_value(), "the message of a session that has none yet");
    return *m_message;
}

} // namespace coffer::ur

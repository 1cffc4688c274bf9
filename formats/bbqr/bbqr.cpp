#include "formats/bbqr/bbqr.h"

#include "core/base/error.h"
#include "formats/bbqr/deflate.h"

#include <algorithm>

namespace coffer::bbqr {

namespace {

std::vector<std::string> split_packed(char type, Encoding encoding, ByteView content, std::size_t characters)
{
    const auto size = capacity(encoding, characters);
    require(size > 0 && !content.empty(), "BBQr of nothing, or in codes that hold nothing");
    const auto count = (content.size() + size - 1) / size;
    if (count > most_parts)
        throw Error{ErrorCode::qr_limit, "it takes " + std::to_string(count) + " QR codes, BBQr has 1295 at most", "carry it as a file"};
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i)
        texts.push_back(format_part({.encoding = encoding,
                                     .file_type = type,
                                     .count = static_cast<unsigned>(count),
                                     .index = static_cast<unsigned>(i),
                                     .body = to_bytes(content.subspan(i * size, std::min(size, content.size() - i * size)))}));
    return texts;
}

std::string in_words(const Part& part)
{
    return "part " + std::to_string(part.index + 1) + " of " + std::to_string(part.count);
}

} // namespace

std::vector<std::string> split(const File& file, Encoding wanted, std::size_t characters)
{
    if (wanted != Encoding::zlib)
        return split_packed(file.type, wanted, file.content, characters);
    const auto packed = deflate(file.content);
    if (packed.size() >= file.content.size())
        return split_packed(file.type, Encoding::base32, file.content, characters);
    return split_packed(file.type, Encoding::zlib, packed, characters);
}

Session::Step Session::add(std::string_view text)
{
    auto part = parse_part(text);
    if (m_count == 0)
        begin(part);
    require_same_file(part);
    auto& place = m_bodies[part.index];
    if (!place.empty())
        return Step::nothing_new;
    require_fitting_size(part);
    if (part.index + 1 < part.count)
        m_body_size = part.body.size();
    place = std::move(part.body);
    if (++m_received < m_count)
        return Step::new_part;
    complete();
    return Step::complete;
}

void Session::begin(const Part& part)
{
    m_encoding = part.encoding;
    m_type = part.file_type;
    m_count = part.count;
    m_bodies.resize(part.count);
}

void Session::require_same_file(const Part& part) const
{
    if (part.encoding != m_encoding || part.file_type != m_type || part.count != m_count)
        throw Error{ErrorCode::qr_mixed, "BBQr: " + in_words(part) + " is of another file than those before it, which has " + std::to_string(m_count) + " parts",
                    "show one file from its beginning"};
    const auto& known = m_bodies[part.index];
    if (!known.empty() && known != part.body)
        throw Error{ErrorCode::qr_mixed, "BBQr: " + in_words(part) + " says something else than before", "show one file from its beginning"};
}

void Session::require_fitting_size(const Part& part) const
{
    const auto& last = m_bodies.back();
    const bool is_last = part.index + 1 == part.count;
    const bool fits = is_last ? m_body_size == 0 || part.body.size() <= m_body_size
                              : (m_body_size == 0 || part.body.size() == m_body_size) && last.size() <= part.body.size();
    if (!fits)
        throw Error{ErrorCode::qr_part, "BBQr: " + in_words(part) + " has " + std::to_string(part.body.size()) + " bytes, which does not fit the others"};
}

void Session::complete()
{
    Bytes content;
    for (const auto& body : m_bodies)
        append(content, body);
    const auto type = m_type;
    try {
        if (m_encoding == Encoding::zlib)
            content = inflate(content, most_file_bytes);
    } catch (const Error&) {
        *this = Session{};
        throw;
    }
    m_file = File{type, std::move(content)};
}

const File& Session::file() const
{
    require(m_file.has_value(), "a BBQr file before all of its parts came");
    return *m_file;
}

} // namespace coffer::bbqr

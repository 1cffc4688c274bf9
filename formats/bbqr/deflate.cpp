#include "formats/bbqr/deflate.h"

#include "core/base/error.h"

#include <array>
#include <zlib.h>

namespace coffer::bbqr {

namespace {

constexpr int window_bits = -10; // raw: no header, no checksum
constexpr int memory_level = 8;
constexpr std::size_t chunk_size = 16 * 1024;

/// A stream of zlib, ended with its scope.
template <int (*End)(z_stream*)>
struct Stream {
    z_stream state{};

    Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() { End(&state); }

    void read_from(ByteView bytes)
    {
        state.next_in = const_cast<Bytef*>(bytes.data()); // zlib does not write to it
        state.avail_in = static_cast<uInt>(bytes.size());
    }
    /// How many bytes came into the chunk; `status` is what zlib says.
    template <typename Step>
    std::size_t run(std::span<std::uint8_t> chunk, Step step, int& status)
    {
        state.next_out = chunk.data();
        state.avail_out = static_cast<uInt>(chunk.size());
        status = step(&state);
        return chunk.size() - state.avail_out;
    }
};

[[noreturn]] void refuse(const std::string& why)
{
    throw Error{ErrorCode::qr_inflate, "what the codes hold packed " + why, "show it again, or bring it as a file"};
}

} // namespace

Bytes deflate(ByteView bytes)
{
    Stream<deflateEnd> stream;
    require(deflateInit2(&stream.state, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY) == Z_OK, "deflate cannot begin");
    stream.read_from(bytes);
    Bytes packed;
    std::array<std::uint8_t, chunk_size> chunk{};
    for (int status = Z_OK; status != Z_STREAM_END;) {
        const auto size = stream.run(chunk, [](z_stream* state) { return ::deflate(state, Z_FINISH); }, status);
        require(status == Z_OK || status == Z_STREAM_END, "deflate failed");
        append(packed, ByteView{chunk}.first(size));
    }
    return packed;
}

Bytes inflate(ByteView bytes, std::size_t most_bytes)
{
    Stream<inflateEnd> stream;
    require(inflateInit2(&stream.state, window_bits) == Z_OK, "inflate cannot begin");
    stream.read_from(bytes);
    Bytes content;
    std::array<std::uint8_t, 1> chunk{}; // zlib holds to the window between calls alone: within one it looks back as far as it has written
    for (int status = Z_OK; status != Z_STREAM_END;) {
        const auto size = stream.run(chunk, [](z_stream* state) { return ::inflate(state, Z_NO_FLUSH); }, status);
        if (status == Z_BUF_ERROR)
            refuse("does not end");
        if (status != Z_OK && status != Z_STREAM_END)
            refuse("is damaged");
        if (content.size() + size > most_bytes)
            refuse("is more than " + std::to_string(most_bytes) + " bytes");
        append(content, ByteView{chunk}.first(size));
    }
    if (stream.state.avail_in != 0)
        refuse("has " + std::to_string(stream.state.avail_in) + " bytes after its end");
    return content;
}

} // namespace coffer::bbqr

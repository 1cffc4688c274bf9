#include "core/base/text.h"
#include "formats/bbqr/bbqr.h"
#include "tests/fuzz/fuzz.h"

// Lines are shown one after the other; what is received goes round, and no line takes more than it may.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    bbqr::Session session;
    for (const auto& line : split(text_of(ByteView{data, size}), '\n')) {
        fuzz::unless_refused([&] { return session.add(line); });
        require(session.received() <= session.needed() && session.needed() <= bbqr::most_parts, "more parts than there are");
    }
    if (!session.is_complete())
        return 0;
    const auto& file = session.file();
    require(file.content.size() <= bbqr::most_file_bytes, "a file over the limit");
    if (file.content.empty())
        return 0;
    bbqr::Session again;
    for (const auto& text : bbqr::split(file, bbqr::Encoding::zlib, bbqr::most_characters))
        again.add(text);
    require(again.is_complete() && again.file() == file, "a file that was received comes back as another one");
    return 0;
}

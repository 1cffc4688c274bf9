#include "formats/ur/crc32.h"

#include <zlib.h>

namespace coffer::ur {

std::uint32_t crc32(ByteView data)
{
    return static_cast<std::uint32_t>(::crc32_z(0, data.data(), data.size()));
}

} // namespace coffer::ur

#include "core/payments/payload.h"

#include "core/base/byte_writer.h"
#include "core/base/error.h"

namespace coffer::payments {

Bytes SpendSlot::encode() const
{
    require(owner.size() <= 0xffff, "slot owner is too long");
    ByteWriter writer;
    writer.write_u16_be(static_cast<std::uint16_t>(owner.size())).write(owner);
    if (sequence)
        writer.write_u64_be(*sequence);
    return std::move(writer).bytes();
}

} // namespace coffer::payments

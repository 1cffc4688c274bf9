#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"

#include <gtest/gtest.h>

namespace coffer::test {

/// Cuts a good encoding at every byte and adds one byte to it: `decode` must throw Error each time.
template <typename Decode>
void expect_refuses_cut_and_trailing(ByteView good, Decode decode)
{
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_THROW(static_cast<void>(decode(good.first(size))), Error) << "cut after " << size << " bytes";
    for (const auto extra : ByteArray<3>{0x00, 0x01, 0xff}) {
        auto longer = to_bytes(good);
        longer.push_back(extra);
        EXPECT_THROW(static_cast<void>(decode(ByteView{longer})), Error) << "with one byte more";
    }
}

} // namespace coffer::test

#include "core/console/wallet_text.h"

#include <gtest/gtest.h>

namespace coffer::console {
namespace {

TEST(FormatHolder, NamesApplianceKeyPathAndOrigin)
{
    EXPECT_EQ(format_holder({{"vault-a", "k1", "0/0", ""}, "[8b4ffd20/44h/60h/0h]", "xpub6C"}), "vault-a k1/0/0  [8b4ffd20/44h/60h/0h]");
    EXPECT_EQ(format_holder({{"vault-a", "k1", "", ""}, "[8b4ffd20/48h/0h/0h/2h]", "xpub6C"}), "vault-a k1  [8b4ffd20/48h/0h/0h/2h]");
}

TEST(FormatHolder, NamesOutsideSignersAndTheirKeyWithoutAnOrigin)
{
    EXPECT_EQ(format_holder({{"", "", "", "electrum"}, "[b8688df1/48h/0h/0h/2h]", "xpub6C"}), "outside, electrum  [b8688df1/48h/0h/0h/2h]");
    EXPECT_EQ(format_holder({{"", "", "", "electrum"}, "", "xpub6C"}), "outside, electrum  xpub6C");
    EXPECT_EQ(format_holder({{"", "", "", "a\x1b[2J"}, "", "xpub6C"}), "outside, a\\x1b[2J  xpub6C");
}

} // namespace
} // namespace coffer::console

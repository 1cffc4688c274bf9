// Sizes that artefacts and what remembers them stop at.

#include "core/artefacts/key_export.h"
#include "core/artefacts/verified_signatures.h"
#include "core/base/error.h"
#include "core/crypto/hash.h"
#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <gtest/gtest.h>

namespace coffer::artefacts {
namespace {

TEST(ArtefactEdges, TextsOfAnExportAreOf512BytesAtMost)
{
    KeyExport one{.header = test::example_header,
                  .appliance = test::approval_key_named("vault-a"),
                  .key = "k1",
                  .origin = "[d34db33f/44h/60h/0h]",
                  .public_key = test::wallet_key_named("vault-a").extended_public_key().format(),
                  .family = std::string(512, 'a')};
    EXPECT_NO_THROW(static_cast<void>(decode_key_export(encode(one))));
    for (const auto& family : {std::string(513, 'a'), std::string{}, std::string{"a\x1b"}}) {
        one.family = family;
        EXPECT_ERROR(static_cast<void>(decode_key_export(encode(one))), ErrorCode::malformed);
    }
}

/// More signatures than are remembered: what is forgotten is verified again, and nothing else is believed.
TEST(ArtefactEdges, WhatIsForgottenIsVerifiedAgain)
{
    VerifiedSignatures verified;
    const auto key = test::key_named("alice");
    const ApprovalKey public_key{key.public_key()};
    const auto artefact_of = [&](std::uint64_t number) {
        Artefact artefact{Kind::vote, encode_body(test::example_header, {{2, number}})};
        artefact.sign(key);
        return artefact;
    };
    for (std::uint64_t number = 0; number < 10'002; ++number)
        ASSERT_TRUE(verified.is_signed_by(artefact_of(number), public_key));
    EXPECT_TRUE(verified.is_signed_by(artefact_of(0), public_key));
    EXPECT_TRUE(verified.is_signed_by(artefact_of(10'001), public_key));
    EXPECT_FALSE(verified.is_signed_by(artefact_of(0), ApprovalKey{test::key_named("bob").public_key()}));
}

} // namespace
} // namespace coffer::artefacts

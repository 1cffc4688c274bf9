#include "core/artefacts/verified_signatures.h"

#include "tests/support/treasury.h"

#include <gtest/gtest.h>

namespace coffer::artefacts {
namespace {

using test::approval_key_named;

Artefact content(std::string_view text)
{
    return {Kind::vote, encode_body(test::example_header, {{2, text}})};
}

TEST(VerifiedSignatures, AnswersLikeTheArtefactWheneverItIsAsked)
{
    VerifiedSignatures verified;
    const auto artefact = test::signed_by(content("content"), {"alice", "bob"});
    for (int time = 0; time < 3; ++time) {
        EXPECT_TRUE(verified.is_signed_by(artefact, approval_key_named("alice")));
        EXPECT_TRUE(verified.is_signed_by(artefact, approval_key_named("bob")));
        EXPECT_FALSE(verified.is_signed_by(artefact, approval_key_named("carol")));
    }
}

TEST(VerifiedSignatures, RemembersNothingOfOtherContent)
{
    VerifiedSignatures verified;
    const auto artefact = test::signed_by(content("content"), {"alice"});
    EXPECT_TRUE(verified.is_signed_by(artefact, approval_key_named("alice")));
    auto forged = content("other content");
    forged.add_signature(artefact.signatures().front());
    EXPECT_FALSE(verified.is_signed_by(forged, approval_key_named("alice")));
    Artefact of_other_kind{Kind::request, artefact.body()};
    of_other_kind.add_signature(artefact.signatures().front());
    EXPECT_FALSE(verified.is_signed_by(of_other_kind, approval_key_named("alice")));
}

TEST(VerifiedSignatures, RemembersNothingOfAnotherKeyOrSignature)
{
    VerifiedSignatures verified;
    auto artefact = test::signed_by(content("content"), {"alice"});
    const auto alice = artefact.signatures().front();
    EXPECT_TRUE(verified.is_signed_by(artefact, approval_key_named("alice")));

    auto as_bob = content("content");
    as_bob.add_signature({approval_key_named("bob").id(), alice.signature});
    EXPECT_FALSE(verified.is_signed_by(as_bob, approval_key_named("bob")));

    for (const std::size_t byte : {std::size_t{0}, std::size_t{63}}) {
        auto changed = alice;
        changed.signature[byte] ^= 1;
        artefact.add_signature(changed);
        EXPECT_FALSE(verified.is_signed_by(artefact, approval_key_named("alice")));
    }
    auto cut = alice;
    cut.signature.pop_back();
    artefact.add_signature(cut);
    EXPECT_FALSE(verified.is_signed_by(artefact, approval_key_named("alice")));
    artefact.add_signature(alice);
    EXPECT_TRUE(verified.is_signed_by(artefact, approval_key_named("alice")));
}

} // namespace
} // namespace coffer::artefacts

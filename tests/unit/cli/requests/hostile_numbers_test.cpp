#include "tests/support/harmless.h"
#include "tests/unit/cli/requests/fixture.h"

#include <filesystem>

namespace coffer::cli {
namespace {

using coffer::test::CliRun;
using coffer::test::first_harm_in;

class NumbersFromOutside : public RequestCommands {
protected:
    std::string code_of(const CliRun& run)
    {
        EXPECT_EQ(first_harm_in(run.out + run.err), "");
        return run.status == 0 ? "done" : run.error_code();
    }
    std::string code_of_ladder(const std::vector<std::string>& rates)
    {
        std::vector<std::string> more;
        for (const auto& rate : rates)
            more.insert(more.end(), {"--ladder", rate});
        return code_of(propose(more));
    }
    /// Whether the number is at fault: no other wallet takes what this chain signs, so nothing is ever written.
    bool is_refused_as_payload(const std::string& number)
    {
        const auto said = run({"--json", "export", id, "--format", "psbt", "--payload", number, "--out", "foreign"});
        EXPECT_EQ(code_of(said), "usage") << number;
        return said.json().find("error")->find("message")->text()->starts_with("--payload");
    }
};

TEST_F(NumbersFromOutside, MakeNoLadderOutOfRange)
{
    for (const std::string rate : {"", " ", "-50 gwei", "nan", "1e3 gwei", "0x10 gwei", "+90 gwei", "90", "90 sat/vB", "90gwei\x1b[2J",
                                   "90 gwei\n90 gwei", "\uff19\uff10 gwei"})
        EXPECT_EQ(code_of_ladder({rate}), "malformed") << rate;
    EXPECT_EQ(code_of_ladder({"0 gwei"}), "usage");
    EXPECT_EQ(code_of_ladder(std::vector<std::string>(200, "90 gwei")), "usage");
    EXPECT_EQ(code_of_ladder({"99999999999999999999 gwei"}), "fee_cap");
    EXPECT_EQ(code_of_ladder({"115792089237316195423570985008687907853269984665640564039457584007913129639936 wei"}), "amount_range");
    EXPECT_EQ(count_records("request.proposed"), 0U);
}

TEST_F(NumbersFromOutside, MakeASoundLadder)
{
    EXPECT_EQ(code_of_ladder({"90 gwei", "180.5 gwei"}), "done");
    EXPECT_EQ(count_records("request.proposed"), 1U);
}

TEST_F(NumbersFromOutside, NameNoPayloadThatIsNotThere)
{
    ASSERT_EQ(code_of_ladder({"90 gwei"}), "done");
    ASSERT_EQ(vote("bob").status + vote("carol").status, 0);
    for (const std::string number : {"-1", "2", "1e0", "0x0", " 0", "", "+0", "00x", "99999999999999999999", "0\x1b[2J"})
        EXPECT_TRUE(is_refused_as_payload(number)) << number;
    for (const std::string number : {"0", "1"})
        EXPECT_FALSE(is_refused_as_payload(number)) << number;
    EXPECT_FALSE(std::filesystem::exists(path("foreign")));
}

} // namespace
} // namespace coffer::cli

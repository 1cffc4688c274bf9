#include "tests/unit/cli/requests/fixture.h"

namespace coffer::cli {
namespace {

/// The machine's clock may say anything: what it says is compared, never trusted with arithmetic that could overflow.
class AtAnyTime : public RequestCommands {
protected:
    void set_clock(const std::string& time) { environment.clock.set(parse_time(time)); }
};

TEST_F(AtAnyTime, GoesTheWholeWayBeyondEveryOverflow)
{
    for (const std::string day : {"2038-01-19T03:14:07", "2038-01-19T03:14:08", "2106-02-07T06:28:15", "2106-02-07T06:28:16", "9000-01-01T00:00:00"}) {
        SCOPED_TRACE(day);
        set_clock(day + "Z");
        propose_and_approve();
        const auto shown = run_well({"--json", "show", id});
        EXPECT_EQ(shown.field("created_at"), day + "Z");
        EXPECT_EQ(shown.field("status"), "pending_signature");
        EXPECT_EQ(run_well({"--json", "export", id, "--out", "to-vault", "--force"}).field("requests.0.id"), id);
    }
}

TEST_F(AtAnyTime, RefusesVotesWhileTheClockIsWrongAndTakesThemAfterwards)
{
    EXPECT_EQ(propose().status, 0);
    const std::vector<std::pair<std::string, std::string>> wrong{{"1970-01-01T00:00:00Z", "appr_future"},
                                                                 {"2026-11-20T14:02:00Z", "appr_future"},
                                                                 {"2026-11-23T14:02:00Z", "appr_expired"},
                                                                 {"2038-01-19T03:14:08Z", "appr_expired"},
                                                                 {"2106-02-07T06:28:16Z", "appr_expired"}};
    for (const auto& [day, code] : wrong) {
        SCOPED_TRACE(day);
        set_clock(day);
        EXPECT_EQ(vote("bob").error_code(), code);
        set_clock("2026-11-21T14:10:00Z");
        EXPECT_EQ(run_well({"--json", "show", id}).field("approvals.have"), "0");
    }
    EXPECT_EQ(vote("bob").status, 0);
    EXPECT_EQ(vote("carol").field("status"), "pending_signature");
}

} // namespace
} // namespace coffer::cli

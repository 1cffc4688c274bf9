// What waits for votes stands in nobody's way for longer than it waits.

#include "tests/unit/cli/requests/fixture.h"

namespace coffer::cli {
namespace {

class PendingRequests : public RequestCommands {
protected:
    std::string nonce() { return run_well({"--json", "show", id}).field("payloads.0.nonce"); }
    std::vector<std::string> open(std::size_t count)
    {
        std::vector<std::string> ids;
        for (std::size_t i = 0; i < count; ++i) {
            EXPECT_EQ(propose().status, 0);
            ids.push_back(id);
        }
        return ids;
    }
    void propose_and_export()
    {
        propose_and_approve();
        EXPECT_EQ(run({"--json", "export", id, "--out", "to-vault", "--force"}).status, 0);
    }
};

TEST_F(PendingRequests, LeaveNoHoleOnceTheyAreTakenBack)
{
    const auto crowd = open(3);
    propose_and_export();
    EXPECT_EQ(nonce(), "10");
    for (const auto& one : crowd)
        run_as("bob", {"--json", "cancel", one});
    propose_and_export();
    EXPECT_EQ(nonce(), "7");
}

TEST_F(PendingRequests, LeaveNoHoleOnceTheirTimeIsOver)
{
    open(3);
    propose_and_export();
    environment.clock.advance(hours(25));
    propose_and_export();
    EXPECT_EQ(nonce(), "7");
}

TEST_F(PendingRequests, KeepTheirNonceWhileTheyWait)
{
    open(2);
    propose_and_export();
    EXPECT_EQ(nonce(), "9");
}

} // namespace
} // namespace coffer::cli

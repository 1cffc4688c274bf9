#include "cli/net/http_client.h"

#include "tests/support/vectors.h"

#include <cstdlib>
#include <fstream>

namespace coffer::cli {
namespace {

std::string folder()
{
    const auto* path = std::getenv("COFFER_TEST_TLS");
    require(path != nullptr, "this test is run by tests/integration/with-tls-servers");
    return path;
}

std::string line_of(const std::string& file)
{
    std::string line;
    std::getline(std::ifstream{folder() + "/" + file}, line);
    return line;
}

void expect_refused(const HttpEndpoint& endpoint)
{
    try {
        HttpClient{endpoint}.get();
        ADD_FAILURE() << "an answer from " << endpoint.url;
    } catch (const TransportError& error) {
        EXPECT_EQ(name_of(error.code()), name_of(ErrorCode::rpc)) << error.message();
        EXPECT_EQ(error.delivery(), Delivery::not_sent) << error.message();
    }
}

const std::string ca = folder() + "/ca.pem";

TEST(HttpClientOverTls, TakesAServerOfItsAuthority)
{
    EXPECT_EQ((HttpClient{{line_of("good"), ca, {}}}.get().status), 200);
    EXPECT_EQ((HttpClient{{line_of("good"), ca, line_of("pin")}}.get().status), 200);
}

TEST(HttpClientOverTls, RefusesAnAuthorityThatNobodyNamed)
{
    expect_refused({line_of("good"), {}, {}});
    expect_refused({line_of("stranger"), ca, {}});
    expect_refused({line_of("stranger"), {}, {}});
    expect_refused({line_of("good"), ca + ".none", {}});
}

TEST(HttpClientOverTls, RefusesACertificateForAnotherHost)
{
    expect_refused({line_of("other"), ca, {}});
}

TEST(HttpClientOverTls, RefusesAnotherKeyThanThePinnedOne)
{
    expect_refused({line_of("good"), ca, "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="});
    // A pin does not make up for an authority.
    expect_refused({line_of("good"), {}, line_of("pin")});
}

TEST(HttpClientOverTls, RefusesOldVersions)
{
    expect_refused({line_of("old"), ca, {}});
}

} // namespace
} // namespace coffer::cli

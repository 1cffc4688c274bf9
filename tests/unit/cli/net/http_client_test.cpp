#include "cli/net/http_client.h"

#include "core/encoding/base64.h"
#include "core/storage/file.h"
#include "tests/support/scratch.h"
#include "tests/support/scripted_http_server.h"
#include "tests/support/small_child.h"
#include "tests/support/vectors.h"

#include <chrono>
#include <cstdlib>
#include <thread>

namespace coffer::cli {
namespace {

using test::HttpConnection;
using test::HttpRequest;
using test::ScriptedHttpServer;
using namespace std::chrono_literals;

HttpLimits short_limits()
{
    HttpLimits limits;
    limits.connect_timeout = 2s;
    limits.total_timeout = 1s;
    limits.slow_for = 1s;
    return limits;
}

/// How the request failed, or none when it went through.
std::optional<TransportError> failure_of(const std::string& url, HttpLimits limits = short_limits())
{
    try {
        HttpClient{{url, {}, {}}, limits}.post("application/json", "{}");
    } catch (const TransportError& error) {
        return error;
    }
    return std::nullopt;
}

void expect_failure(const std::string& url, ErrorCode code, Delivery delivery, HttpLimits limits = short_limits())
{
    const auto failure = failure_of(url, limits);
    ASSERT_TRUE(failure);
    EXPECT_EQ(name_of(failure->code()), name_of(code)) << failure->message();
    EXPECT_EQ(failure->delivery(), delivery) << failure->message();
}

TEST(HttpClient, WaitsLongerWhereItIsTold)
{
    const ScriptedHttpServer server{[](const HttpRequest&, HttpConnection& connection) {
        std::this_thread::sleep_for(1500ms);
        connection.answer("done");
    }};
    HttpClient client{{server.url(), {}, {}}, short_limits()};
    EXPECT_EQ(client.post("application/json", "{}", 10s).body, "done");
    EXPECT_THROW(client.post("application/json", "{}"), TransportError);
}

class HttpLoginTest : public testing::Test {
protected:
    std::string write(const std::string& name, std::string_view content, mode_t mode = storage::private_mode)
    {
        storage::write_file_atomically(m_scratch / name, bytes_of(content), mode, storage::Overwrite::yes);
        return (m_scratch / name).string();
    }
    HttpClient client(HttpLogin login) { return HttpClient{{m_server.url(), {}, {}, std::move(login)}, short_limits()}; }
    bool last_was(std::string_view login) const
    {
        const auto header = "Authorization: Basic " + encoding::encode_base64(bytes_of(login)) + "\r\n";
        return m_server.requests().back().headers.find(header) != std::string::npos;
    }
    std::string refusal(const HttpLogin& login)
    {
        const auto before = m_server.requests().size();
        try {
            client(login).post("application/json", "{}");
            ADD_FAILURE() << "went through";
            return {};
        } catch (const TransportError& error) {
            EXPECT_EQ(error.delivery(), Delivery::not_sent);
            EXPECT_EQ(m_server.requests().size(), before);
            return error.message();
        }
    }

    test::ScratchDirectory m_scratch;
    ScriptedHttpServer m_server{[](const HttpRequest&, HttpConnection& connection) { connection.answer("ok"); }};
};

TEST_F(HttpLoginTest, ReadsTheCookieForEveryRequest)
{
    const auto file = write("cookie", "__cookie__:0123abcd");
    auto http = client({"", file});
    http.post("application/json", "{}");
    EXPECT_TRUE(last_was("__cookie__:0123abcd"));
    write("cookie", "__cookie__:of the next start\n");
    http.post("application/json", "{}");
    EXPECT_TRUE(last_was("__cookie__:of the next start"));
}

TEST_F(HttpLoginTest, TakesAUserAndAPasswordFile)
{
    client({"coffer", write("password", "pass:word\n")}).get();
    EXPECT_TRUE(last_was("coffer:pass:word"));
}

TEST_F(HttpLoginTest, SendsNothingWithoutIt)
{
    EXPECT_NE(refusal({"", (m_scratch / "none").string()}).find("none"), std::string::npos);
    for (const auto* content : {"hunter2", ":hunter2", ""})
        EXPECT_EQ(refusal({"", write("cookie", content)}).find("hunter2"), std::string::npos);
    refusal({"", write("cookie", std::string(2000, 'x') + ":y")});
    refusal({"coffer", write("password", "hunter2", 0644)});
    HttpClient{{m_server.url(), {}, {}}}.get();
    EXPECT_EQ(m_server.requests().back().headers.find("Authorization"), std::string::npos);
}

TEST_F(HttpLoginTest, IsOne)
{
    auto url = m_server.url();
    url.insert(7, "me:hunter2@");
    EXPECT_NO_THROW(require_endpoint({url, {}, {}}));
    EXPECT_ERROR(require_endpoint({url, {}, {}, {"", "cookie"}}), ErrorCode::usage);
}

TEST(HttpClient, PostsABodyAndReturnsTheAnswer)
{
    const ScriptedHttpServer server{[](const HttpRequest& request, HttpConnection& connection) {
        connection.answer("<" + request.body + ">", "418 I am a teapot");
    }};
    HttpClient client{{server.url() + "rpc?key=1", {}, {}}};
    const auto answer = client.post("application/json", "hello");
    EXPECT_EQ(answer.status, 418);
    EXPECT_EQ(answer.body, "<hello>");
    ASSERT_EQ(server.requests().size(), 1u);
    EXPECT_EQ(server.requests()[0].method, "POST");
    EXPECT_EQ(server.requests()[0].target, "/rpc?key=1");
    EXPECT_NE(server.requests()[0].headers.find("Content-Type: application/json\r\n"), std::string::npos);
    EXPECT_EQ(client.get().body, "<>");
    EXPECT_EQ(server.requests()[1].method, "GET");
    EXPECT_EQ(server.requests()[1].headers.find("Content-Type"), std::string::npos);
}

TEST(HttpClient, RefusesPlainHttpToAnotherMachine)
{
    for (const auto* url : {"http://192.0.2.1:8545/", "http://example.org/", "http://127.0.0.1.example.org/",
                            "http://localhost.example.org/", "http://127.0.0.1@192.0.2.1/", "http://[2001:db8::1]/",
                            "http://[::ffff:192.0.2.1]/", "http://0.0.0.0/", "http://128.0.0.1/"}) {
        SCOPED_TRACE(url);
        EXPECT_ERROR((HttpClient{{url, {}, {}}}), ErrorCode::usage);
    }
}

TEST(HttpClient, TakesPlainHttpToThisMachineOnly)
{
    for (const auto* url : {"http://127.0.0.1:8545/", "http://127.9.8.7/", "http://localhost:1/", "http://[::1]:8545/",
                            "https://example.org/", "https://192.0.2.1/", "HTTPS://Example.org"}) {
        SCOPED_TRACE(url);
        EXPECT_NO_THROW((HttpClient{{url, {}, {}}}));
    }
}

TEST(HttpClient, RefusesWhatIsNoWebAddress)
{
    for (const std::string url : {"", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "127.0.0.1:8545",
                                  "http:///x", "https://a b/", "https://example.org/\n", "https://example.org/#f",
                                  "https://ex\xc3\xa4mple.org/", "https://example.org:99999/"}) {
        SCOPED_TRACE(url);
        EXPECT_ERROR((HttpClient{{url, {}, {}}}), ErrorCode::usage);
    }
    EXPECT_ERROR((HttpClient{{"https://example.org/" + std::string(3000, 'a'), {}, {}}}), ErrorCode::usage);
}

TEST(HttpClient, NamesEndpointsWithoutCredentials)
{
    const HttpClient client{{"https://alice:hunter2@example.org:8545/v3/s3cret?key=s3cret", {}, {}}};
    EXPECT_EQ(client.name(), "https://example.org:8545");
    for (const auto* url : {"http://alice:hunter2@192.0.2.1/s3cret", "foo://alice:hunter2@h/s3cret",
                            "https://alice:hunter2@h:99999/s3cret", "https://alice:hunter2@h/s3cret#f",
                            "https://alice:hunter2@h /s3cret"}) {
        try {
            HttpClient{{url, {}, {}}};
            ADD_FAILURE() << url;
        } catch (const Error& error) {
            EXPECT_EQ(error.message().find("hunter2"), std::string::npos) << error.message();
            EXPECT_EQ(error.message().find("s3cret"), std::string::npos) << error.message();
        }
    }
    const auto nobody = test::url_without_server();
    const auto failure = failure_of("http://alice:hunter2@" + nobody.substr(7) + "s3cret");
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->message().find("hunter2"), std::string::npos) << failure->message();
    EXPECT_EQ(failure->message().find("s3cret"), std::string::npos) << failure->message();
}

TEST(HttpClient, KnowsWhetherTheRequestLeft)
{
    expect_failure(test::url_without_server(), ErrorCode::rpc, Delivery::not_sent);

    const ScriptedHttpServer silent{[](const HttpRequest&, HttpConnection& connection) { connection.wait_for_hangup(); }};
    expect_failure(silent.url(), ErrorCode::rpc, Delivery::unknown);
    EXPECT_EQ(silent.requests().size(), 1u);

    const ScriptedHttpServer hangs_up{[](const HttpRequest&, HttpConnection&) {}};
    expect_failure(hangs_up.url(), ErrorCode::rpc, Delivery::unknown);

    const ScriptedHttpServer cut{[](const HttpRequest&, HttpConnection& connection) {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    }};
    expect_failure(cut.url(), ErrorCode::rpc, Delivery::unknown);

    // TLS that does not come about: nothing was sent inside it.
    expect_failure("https" + hangs_up.url().substr(4), ErrorCode::rpc, Delivery::not_sent);
}

TEST(HttpClient, RefusesAnAnswerOverTheLimit)
{
    auto limits = short_limits();
    limits.answer_bytes = 1000;
    const ScriptedHttpServer server{[](const HttpRequest& request, HttpConnection& connection) {
        connection.answer(std::string(std::stoul(request.target.substr(1)), 'a'));
    }};
    expect_failure(server.url() + "1001", ErrorCode::rpc_limit, Delivery::unknown, limits);
}

TEST(HttpClient, TakesAnAnswerAtTheLimit)
{
    auto limits = short_limits();
    limits.answer_bytes = 1000;
    const ScriptedHttpServer server{
        [](const HttpRequest&, HttpConnection& connection) { connection.answer(std::string(1000, 'a')); }};
    EXPECT_EQ((HttpClient{{server.url(), {}, {}}, limits}.get().body.size()), 1000u);
}

TEST(HttpClient, SurvivesAGigabyteAndEndlessHeaders)
{
    const auto run = [](bool is_chunked) {
        const ScriptedHttpServer server{[&](const HttpRequest&, HttpConnection& connection) {
            connection.send(is_chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                       : "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
            const auto block = (is_chunked ? "100000\r\n" : "") + std::string(1u << 20, ' ') + (is_chunked ? "\r\n" : "");
            for (int i = 0; i < 1024 && connection.send(block); ++i) {
            }
        }};
        expect_failure(server.url(), ErrorCode::rpc_limit, Delivery::unknown);
    };
    // What was refused must not have been kept first.
    test::expect_in_small_child([&] {
        run(false);
        run(true);
    });

    const ScriptedHttpServer headers{[](const HttpRequest&, HttpConnection& connection) {
        connection.send("HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < 100'000 && connection.send("X-More: " + std::string(100, 'a') + "\r\n"); ++i) {
        }
    }};
    expect_failure(headers.url(), ErrorCode::rpc_limit, Delivery::unknown);
}

TEST(HttpClient, GivesUpASlowLoris)
{
    const ScriptedHttpServer server{[](const HttpRequest&, HttpConnection& connection) {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        while (connection.send("a"))
            std::this_thread::sleep_for(50ms);
    }};
    auto limits = short_limits();
    limits.total_timeout = 60s; // so that only the rate can end it
    expect_failure(server.url(), ErrorCode::rpc_limit, Delivery::unknown, limits);
}

TEST(HttpClient, FollowsNoRedirect)
{
    const ScriptedHttpServer target{[](const HttpRequest&, HttpConnection& connection) { connection.answer("{}"); }};
    for (const auto* status : {"301 Moved", "302 Found", "307 Temporary", "308 Permanent"}) {
        const ScriptedHttpServer server{[&](const HttpRequest&, HttpConnection& connection) {
            connection.answer("{}", status, "Location: " + target.url() + "\r\n");
        }};
        expect_failure(server.url(), ErrorCode::rpc, Delivery::unknown);
    }
    EXPECT_TRUE(target.requests().empty());
}

TEST(HttpClient, IgnoresProxiesFromTheEnvironment)
{
    const ScriptedHttpServer proxy{[](const HttpRequest&, HttpConnection& connection) { connection.answer("proxy"); }};
    const ScriptedHttpServer server{[](const HttpRequest&, HttpConnection& connection) { connection.answer("server"); }};
    for (const auto* name : {"http_proxy", "all_proxy", "ALL_PROXY"})
        ::setenv(name, proxy.url().c_str(), 1);
    ::unsetenv("no_proxy");
    ::unsetenv("NO_PROXY");
    EXPECT_EQ((HttpClient{{server.url(), {}, {}}}.get().body), "server");
    for (const auto* name : {"http_proxy", "all_proxy", "ALL_PROXY"})
        ::unsetenv(name);
    EXPECT_TRUE(proxy.requests().empty());
}

} // namespace
} // namespace coffer::cli

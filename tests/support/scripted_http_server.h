#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace coffer::test {

struct HttpRequest {
    std::string method;
    std::string target;
    std::string headers; ///< as they came, with their line ends
    std::string body;
};

/// The server's side of one connection.
class HttpConnection {
public:
    explicit HttpConnection(int descriptor, const std::atomic<bool>& stopping);

    /// False when the other side is gone or the server is going down.
    bool send(std::string_view bytes);
    /// A whole answer.
    bool answer(std::string_view body, std::string_view status = "200 OK", std::string_view more_headers = "");
    /// Waits until the other side hangs up (or the server goes down) without a word.
    void wait_for_hangup();

private:
    int m_descriptor;
    const std::atomic<bool>& m_stopping;
};

/// A server on a free port of 127.0.0.1 that does to its clients whatever the test tells it to: one
/// request a connection, one after the other.
class ScriptedHttpServer {
public:
    using Handler = std::function<void(const HttpRequest&, HttpConnection&)>;

    explicit ScriptedHttpServer(Handler handler);
    ScriptedHttpServer(const ScriptedHttpServer&) = delete;
    ScriptedHttpServer& operator=(const ScriptedHttpServer&) = delete;
    ~ScriptedHttpServer();

    std::string url() const;
    std::uint16_t port() const { return m_port; }
    std::vector<HttpRequest> requests() const;

private:
    void serve();

    Handler m_handler;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::atomic<bool> m_stopping = false;
    mutable std::mutex m_mutex;
    std::vector<HttpRequest> m_requests;
    std::thread m_thread; // last: it uses the rest
};

/// The URL of a port of 127.0.0.1 where nobody listens.
std::string url_without_server();

} // namespace coffer::test

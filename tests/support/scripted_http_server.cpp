#include "tests/support/scripted_http_server.h"

#include "core/base/error.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace coffer::test {

namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : m_number{number} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { ::close(m_number); }
    int number() const { return m_number; }

private:
    int m_number;
};

bool wait_for(int descriptor, short events, const std::atomic<bool>& stopping)
{
    while (!stopping) {
        pollfd entry{descriptor, events, 0};
        if (::poll(&entry, 1, 20) > 0)
            return true;
    }
    return false;
}

/// Empty when the client said nothing, or not enough, before it hung up.
std::string read_whole(int descriptor, const std::atomic<bool>& stopping, std::size_t& head_size)
{
    std::string bytes;
    std::size_t wanted = std::string::npos;
    char chunk[4096];
    while (wanted == std::string::npos || bytes.size() < wanted) {
        if (!wait_for(descriptor, POLLIN, stopping))
            return {};
        const auto count = ::recv(descriptor, chunk, sizeof chunk, 0);
        if (count <= 0)
            return {};
        bytes.append(chunk, static_cast<std::size_t>(count));
        const auto end = bytes.find("\r\n\r\n");
        if (wanted == std::string::npos && end != std::string::npos) {
            head_size = end + 4;
            const auto length = bytes.find("Content-Length: ");
            wanted = head_size + (length < end ? std::strtoul(bytes.c_str() + length + 16, nullptr, 10) : 0);
        }
    }
    return bytes;
}

} // namespace

HttpConnection::HttpConnection(int descriptor, const std::atomic<bool>& stopping)
    : m_descriptor{descriptor}, m_stopping{stopping}
{
}

bool HttpConnection::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (!wait_for(m_descriptor, POLLOUT, m_stopping))
            return false;
        const auto count = ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool HttpConnection::answer(std::string_view body, std::string_view status, std::string_view more_headers)
{
    std::string bytes = "HTTP/1.1 ";
    bytes.append(status).append("\r\nConnection: close\r\nContent-Type: application/json\r\n").append(more_headers);
    bytes.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
    return send(bytes);
}

void HttpConnection::wait_for_hangup()
{
    char byte = 0;
    while (wait_for(m_descriptor, POLLIN, m_stopping) && ::recv(m_descriptor, &byte, 1, 0) > 0) {
    }
}

ScriptedHttpServer::ScriptedHttpServer(Handler handler) : m_handler{std::move(handler)}
{
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
    socklen_t size = sizeof address;
    require(m_listener >= 0 && ::bind(m_listener, generic, size) == 0 && ::listen(m_listener, 16) == 0 &&
                ::getsockname(m_listener, generic, &size) == 0,
            "no port for the scripted server");
    m_port = ntohs(address.sin_port);
    m_thread = std::thread{[this] { serve(); }};
}

ScriptedHttpServer::~ScriptedHttpServer()
{
    m_stopping = true;
    m_thread.join();
    ::close(m_listener);
}

std::string ScriptedHttpServer::url() const
{
    return "http://127.0.0.1:" + std::to_string(m_port) + "/";
}

std::vector<HttpRequest> ScriptedHttpServer::requests() const
{
    const std::lock_guard lock{m_mutex};
    return m_requests;
}

void ScriptedHttpServer::serve()
{
    while (wait_for(m_listener, POLLIN, m_stopping)) {
        const Descriptor client{::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC)};
        std::size_t head_size = 0;
        const auto bytes = read_whole(client.number(), m_stopping, head_size);
        if (bytes.empty())
            continue;
        HttpRequest request;
        const auto line_end = bytes.find("\r\n");
        const auto line = bytes.substr(0, line_end);
        const auto first_blank = line.find(' ');
        const auto last_blank = line.rfind(' ');
        request.method = line.substr(0, first_blank);
        request.target = line.substr(first_blank + 1, last_blank - first_blank - 1);
        request.headers = bytes.substr(line_end + 2, head_size - line_end - 2);
        request.body = bytes.substr(head_size);
        {
            const std::lock_guard lock{m_mutex};
            m_requests.push_back(request);
        }
        HttpConnection connection{client.number(), m_stopping};
        m_handler(request, connection);
        ::shutdown(client.number(), SHUT_WR);
    }
}

std::string url_without_server()
{
    // A port that was free a moment ago.
    const ScriptedHttpServer server{[](const HttpRequest&, HttpConnection&) {}};
    return server.url();
}

} // namespace coffer::test

#pragma once

#include "core/base/error.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace coffer::cli {

/// How we log in (RFC 7617). The file is read for every request, since a node that starts anew writes another
/// cookie; nothing of its content stands in messages.
struct HttpLogin {
    std::string user;          ///< empty: the file holds `user:password`, as Bitcoin Core's `.cookie`
    std::string password_file; ///< empty: no login; with a user closed to group and others
    bool operator==(const HttpLogin&) const = default;
};

/// A server that we ask, and how it proves who it is.
struct HttpEndpoint {
    /// `https://host[:port]/path`; `http://` to 127.0.0.0/8, ::1 and localhost only.
    std::string url;
    /// PEM file of the only authorities to trust; empty: those of the system.
    std::string ca_file;
    /// `sha256//BASE64` of the server's public key, as curl(1) --pinnedpubkey; empty: any trusted one.
    std::string pinned_public_key;
    HttpLogin login{};
    bool operator==(const HttpEndpoint&) const = default;
};

struct HttpLimits {
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds total_timeout{30'000};
    std::size_t answer_bytes = 8u << 20;
    std::size_t header_bytes = 64u << 10;
    /// A transfer that stays below this rate for `slow_for` is given up.
    long slow_bytes_per_second = 64;
    std::chrono::seconds slow_for{15};
};

struct HttpAnswer {
    long status = 0;
    std::string body;
};

/// How far a request got that has no whole answer.
enum class Delivery {
    not_sent, ///< not a byte of it left: nobody can have acted on it
    unknown,  ///< it may have arrived and been acted on
};

/// An endpoint gave no usable answer: `rpc`, or `rpc_limit` for one that is too big, deep or slow.
/// Whoever has another endpoint tries that.
class TransportError : public Error {
public:
    TransportError(ErrorCode code, std::string message, Delivery delivery)
        : Error{code, std::move(message)}, m_delivery{delivery}
    {
    }
    Delivery delivery() const { return m_delivery; }

private:
    Delivery m_delivery;
};

/// Throws Error{usage} for a URL that is none, has another scheme or a fragment, or is plain http to
/// another machine; for a pinned key of another form; for a login beside one in the URL. Messages never repeat the URL, which may hold credentials.
void require_endpoint(const HttpEndpoint& endpoint);

/// HTTP to one endpoint, and nowhere else: redirects are not followed, proxies, `.netrc` and the
/// environment are ignored, certificates are always verified (TLS 1.2 or newer).
class HttpClient {
public:
    /// Errors: those of require_endpoint().
    explicit HttpClient(HttpEndpoint endpoint, HttpLimits limits = {});
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;
    ~HttpClient();

    /// `scheme://host[:port]`: what may stand in messages and logs.
    const std::string& name() const;

    /// Any status but a redirect is an answer. Throws TransportError.
    HttpAnswer get();
    /// `patience`: how long a server may work before it answers where that is longer than the limits say.
    HttpAnswer post(std::string_view content_type, std::string_view body, std::chrono::milliseconds patience = {});

private:
    class Transfer;
    std::unique_ptr<Transfer> m_transfer;
};

} // namespace coffer::cli

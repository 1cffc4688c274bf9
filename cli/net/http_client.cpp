#include "cli/net/http_client.h"

#include "core/base/text.h"
#include "core/storage/file.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include <algorithm>
#include <vector>

namespace coffer::cli {

namespace {

struct CloseUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct CloseEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Url = std::unique_ptr<CURLU, CloseUrl>;
using Easy = std::unique_ptr<CURL, CloseEasy>;
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

constexpr std::size_t max_url_characters = 2048;

void start_curl()
{
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    require(started == CURLE_OK, "libcurl does not start");
}

std::string part_of(CURLU* url, CURLUPart part)
{
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK)
        return {};
    std::string copy{text};
    curl_free(text);
    return copy;
}

/// libcurl resolves `localhost` itself, without asking DNS; for any other name DNS decides where it leads.
bool is_loopback_host(const std::string& host)
{
    if (host == "localhost" || host == "[::1]")
        return true;
    in_addr v4{};
    return inet_pton(AF_INET, host.c_str(), &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127;
}

/// Nothing of the text is echoed: it may hold a password.
Url parse_url(const std::string& text)
{
    const auto is_plain = [](char c) { return c > 0x20 && c < 0x7f; };
    if (text.empty() || text.size() > max_url_characters || !std::all_of(text.begin(), text.end(), is_plain))
        throw Error{ErrorCode::usage, "an endpoint is not a URL of at most 2048 ASCII characters without blanks"};
    Url url{curl_url()};
    require(url != nullptr, "out of memory");
    if (const auto code = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0); code != CURLUE_OK)
        throw Error{ErrorCode::usage, std::string{"an endpoint is not an http or https URL: "} + curl_url_strerror(code)};
    const auto scheme = part_of(url.get(), CURLUPART_SCHEME);
    if (scheme != "http" && scheme != "https")
        throw Error{ErrorCode::usage, "an endpoint has the scheme " + quoted(scheme, 20) + ", not http or https"};
    if (!part_of(url.get(), CURLUPART_FRAGMENT).empty())
        throw Error{ErrorCode::usage, "an endpoint's URL has a fragment"};
    return url;
}

std::string name_of_endpoint(CURLU* url)
{
    const auto port = part_of(url, CURLUPART_PORT);
    return escaped(part_of(url, CURLUPART_SCHEME) + "://" + part_of(url, CURLUPART_HOST) +
                   (port.empty() ? "" : ":" + port));
}

/// The parsed URL of an endpoint that may be used.
Url open_endpoint(const HttpEndpoint& endpoint)
{
    auto url = parse_url(endpoint.url);
    if (part_of(url.get(), CURLUPART_SCHEME) == "http" && !is_loopback_host(part_of(url.get(), CURLUPART_HOST)))
        throw Error{ErrorCode::usage,
                    name_of_endpoint(url.get()) + ": plain http is for this machine only (127.0.0.0/8, ::1, localhost)",
                    "use https"};
    // libcurl would take anything else for the name of a file with the key.
    if (!endpoint.pinned_public_key.empty() && !endpoint.pinned_public_key.starts_with("sha256//"))
        throw Error{ErrorCode::usage, name_of_endpoint(url.get()) + ": the pinned public key is not sha256//BASE64"};
    if (!endpoint.login.password_file.empty() &&
        (!part_of(url.get(), CURLUPART_USER).empty() || !part_of(url.get(), CURLUPART_PASSWORD).empty()))
        throw Error{ErrorCode::usage, name_of_endpoint(url.get()) + ": the URL holds a login, and a file gives another one"};
    return url;
}

struct Credentials {
    std::string user;
    std::string password;
};

Credentials read_credentials(const HttpLogin& login)
{
    constexpr std::size_t most_cookie_bytes = 1024;
    if (!login.user.empty()) {
        const auto password = storage::read_passphrase_file(login.password_file);
        return {login.user, std::string{text_of(password.reveal())}};
    }
    const auto content = storage::read_file(login.password_file, most_cookie_bytes);
    const auto cookie = trim(text_of(content));
    const auto colon = cookie.find(':');
    if (colon == std::string_view::npos || colon == 0 || cookie.find('\0') != std::string_view::npos)
        throw Error{ErrorCode::malformed, storage::quoted(login.password_file) + " is no cookie: it does not hold user:password"};
    return {std::string{cookie.substr(0, colon)}, std::string{cookie.substr(colon + 1)}};
}

} // namespace

class HttpClient::Transfer {
public:
    Transfer(HttpEndpoint endpoint, HttpLimits limits)
        : m_endpoint{std::move(endpoint)}, m_limits{limits}, m_url{open_endpoint(m_endpoint)},
          m_name{name_of_endpoint(m_url.get())}, m_is_plain{part_of(m_url.get(), CURLUPART_SCHEME) == "http"}
    {
        start_curl();
        m_easy.reset(curl_easy_init());
        require(m_easy != nullptr, "out of memory");
        configure();
    }

    const std::string& name() const { return m_name; }

    HttpAnswer run(const char* content_type, const std::string_view* body, std::chrono::milliseconds patience)
    {
        const auto slow_for = std::chrono::ceil<std::chrono::seconds>(patience);
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max(m_limits.total_timeout, patience).count()));
        set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(std::max(m_limits.slow_for, slow_for).count()));
        HeaderList headers;
        if (body != nullptr) {
            add_header(headers, std::string{"Content-Type: "} + content_type);
            add_header(headers, "Expect:"); // the body goes at once, so that "not sent" stays sharp
            set(CURLOPT_POST, 1L);
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
            set(CURLOPT_POSTFIELDS, body->data());
        } else {
            set(CURLOPT_HTTPGET, 1L);
        }
        set(CURLOPT_HTTPHEADER, headers.get());
        log_in();

        m_body.clear();
        m_header_count = 0;
        m_over_limit = false;
        m_detail[0] = '\0';
        const auto code = curl_easy_perform(m_easy.get());
        set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
        if (code != CURLE_OK)
            throw failure(code);

        HttpAnswer answer;
        curl_easy_getinfo(m_easy.get(), CURLINFO_RESPONSE_CODE, &answer.status);
        if (answer.status >= 300 && answer.status < 400)
            throw TransportError{ErrorCode::rpc,
                                 m_name + ": answers with a redirect (HTTP " + std::to_string(answer.status) +
                                     "), which is not followed",
                                 Delivery::unknown};
        answer.body = std::move(m_body);
        return answer;
    }

private:
    template <typename Value>
    void set(CURLoption option, Value value)
    {
        require(curl_easy_setopt(m_easy.get(), option, value) == CURLE_OK, "libcurl lacks an option");
    }

    void log_in()
    {
        if (m_endpoint.login.password_file.empty())
            return;
        try {
            const auto credentials = read_credentials(m_endpoint.login);
            set(CURLOPT_USERNAME, credentials.user.c_str()); // libcurl keeps copies
            set(CURLOPT_PASSWORD, credentials.password.c_str());
        } catch (const Error& error) {
            throw TransportError{ErrorCode::rpc, m_name + ": no login: " + error.message(), Delivery::not_sent};
        }
    }

    static void add_header(HeaderList& headers, const std::string& line)
    {
        auto* longer = curl_slist_append(headers.get(), line.c_str());
        require(longer != nullptr, "out of memory");
        static_cast<void>(headers.release());
        headers.reset(longer);
    }

    void configure()
    {
        set(CURLOPT_CURLU, m_url.get());
        set(CURLOPT_PROTOCOLS_STR, m_is_plain ? "http" : "https");
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_PROXY, ""); // also keeps http_proxy and kin out
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_USERAGENT, "coffer");
        set(CURLOPT_ERRORBUFFER, m_detail);

        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(m_limits.connect_timeout.count()));
        set(CURLOPT_LOW_SPEED_LIMIT, m_limits.slow_bytes_per_second);
        set(CURLOPT_WRITEFUNCTION, &Transfer::take_body);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_HEADERFUNCTION, &Transfer::take_header);
        set(CURLOPT_HEADERDATA, this);

        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        if (!m_endpoint.ca_file.empty()) {
            set(CURLOPT_CAINFO, m_endpoint.ca_file.c_str());
            set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        }
        if (!m_endpoint.pinned_public_key.empty())
            set(CURLOPT_PINNEDPUBLICKEY, m_endpoint.pinned_public_key.c_str());
    }

    static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self)
    {
        auto& transfer = *static_cast<Transfer*>(self);
        if (size > transfer.m_limits.answer_bytes - transfer.m_body.size()) {
            transfer.m_over_limit = true;
            return 0;
        }
        transfer.m_body.append(data, size);
        return size;
    }

    static std::size_t take_header(char*, std::size_t, std::size_t size, void* self)
    {
        auto& transfer = *static_cast<Transfer*>(self);
        transfer.m_header_count += size;
        transfer.m_over_limit = transfer.m_over_limit || transfer.m_header_count > transfer.m_limits.header_bytes;
        return transfer.m_over_limit ? 0 : size;
    }

    TransportError failure(CURLcode code)
    {
        // Once a byte of the request is out the server may act on it, whatever happened afterwards.
        long request_bytes = 0;
        curl_easy_getinfo(m_easy.get(), CURLINFO_REQUEST_SIZE, &request_bytes);
        const auto delivery = request_bytes == 0 ? Delivery::not_sent : Delivery::unknown;

        if (m_over_limit)
            return {ErrorCode::rpc_limit,
                    m_name + ": the answer is over the limit of " + std::to_string(m_limits.answer_bytes) + " bytes (" +
                        std::to_string(m_limits.header_bytes) + " of headers)",
                    delivery};
        if (code == CURLE_OPERATION_TIMEDOUT && m_header_count + m_body.size() > 0)
            return {ErrorCode::rpc_limit, m_name + ": the answer came too slowly and was given up", delivery};
        if (code == CURLE_OPERATION_TIMEDOUT && delivery == Delivery::unknown)
            return {ErrorCode::rpc, m_name + ": no answer in time", delivery};
        // libcurl's detail can quote the server, so it is shown as text from outside.
        const std::string detail = m_detail[0] != '\0' ? m_detail : curl_easy_strerror(code);
        return {ErrorCode::rpc, m_name + (delivery == Delivery::not_sent ? ": not reached: " : ": no whole answer: ") +
                                    escaped(detail),
                delivery};
    }

    HttpEndpoint m_endpoint;
    HttpLimits m_limits;
    Url m_url;
    std::string m_name;
    bool m_is_plain;
    char m_detail[CURL_ERROR_SIZE] = {};
    std::string m_body;
    std::size_t m_header_count = 0;
    bool m_over_limit = false;
    Easy m_easy; // last: closed before what it points to
};

void require_endpoint(const HttpEndpoint& endpoint)
{
    static_cast<void>(open_endpoint(endpoint));
}

HttpClient::HttpClient(HttpEndpoint endpoint, HttpLimits limits)
    : m_transfer{std::make_unique<Transfer>(std::move(endpoint), limits)}
{
}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

const std::string& HttpClient::name() const
{
    return m_transfer->name();
}

HttpAnswer HttpClient::get()
{
    return m_transfer->run(nullptr, nullptr, {});
}

HttpAnswer HttpClient::post(std::string_view content_type, std::string_view body, std::chrono::milliseconds patience)
{
    const std::string type{content_type};
    return m_transfer->run(type.c_str(), &body, patience);
}

} // namespace coffer::cli

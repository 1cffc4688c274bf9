#pragma once

#include "cli/net/json.h"
#include "tests/support/scripted_http_server.h"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace coffer::test {

/// A JSON-RPC node whose answers the test writes: per method a function from the parameters to the result as
/// JSON, or to `!` and an error object.
class ScriptedNode {
public:
    using Method = std::function<std::string(const cli::Json& params)>;

    ScriptedNode()
        : m_server{[this](const auto& request, auto& connection) { serve(request, connection); }}
    {
    }

    void set(const std::string& method, Method answer)
    {
        const std::lock_guard lock{m_mutex};
        m_methods[method] = std::move(answer);
    }
    void set(const std::string& method, const std::string& answer)
    {
        set(method, [answer](const cli::Json&) { return answer; });
    }
    /// Every request of this method is read and never answered.
    void set_silent(const std::string& method) { set(method, "silence"); }
    /// … and the connection closed.
    void set_hanging_up(const std::string& method) { set(method, "hang up"); }

    std::string url() const { return m_server.url(); }
    std::size_t count(const std::string& method) const
    {
        const std::lock_guard lock{m_mutex};
        const auto found = m_counts.find(method);
        return found != m_counts.end() ? found->second : 0;
    }
    std::vector<std::string> params_of(const std::string& method) const
    {
        const std::lock_guard lock{m_mutex};
        const auto found = m_params.find(method);
        return found != m_params.end() ? found->second : std::vector<std::string>{};
    }

private:
    void serve(const HttpRequest& request, HttpConnection& connection)
    {
        const auto json = cli::Json::parse(request.body);
        std::string body;
        bool is_silent = false;
        bool hangs_up = false;
        const auto answer = [&](const cli::Json& call) {
            const auto& method = *call.find("method")->text();
            Method function;
            {
                const std::lock_guard lock{m_mutex};
                ++m_counts[method];
                const auto* list = call.find("params")->list();
                m_params[method].push_back(list->empty() || list->front().text() == nullptr ? "" : *list->front().text());
                function = m_methods.at(method);
            }
            const auto result = function(*call.find("params"));
            is_silent = is_silent || result == "silence";
            hangs_up = hangs_up || result == "hang up";
            const auto head = R"({"jsonrpc":"2.0","id":)" + *call.find("id")->number();
            return result.starts_with("!") ? head + R"(,"error":)" + result.substr(1) + "}"
                                           : head + R"(,"result":)" + result + "}";
        };
        if (const auto* list = json.list()) {
            for (const auto& call : *list)
                body += (body.empty() ? "[" : ",") + answer(call);
            body += "]";
        } else {
            body = answer(json);
        }
        if (is_silent)
            connection.wait_for_hangup();
        else if (!hangs_up)
            connection.answer(body);
    }

    mutable std::mutex m_mutex;
    std::map<std::string, Method> m_methods;
    std::map<std::string, std::size_t> m_counts;
    std::map<std::string, std::vector<std::string>> m_params;
    ScriptedHttpServer m_server; // last: its thread uses the rest
};

} // namespace coffer::test

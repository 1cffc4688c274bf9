#pragma once

#include "cli/net/http_client.h"
#include "cli/net/json.h"
#include "core/base/document.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace coffer::cli {

struct RpcCall {
    std::string method;
    Document params = Document::list();
};

/// What a node said instead of a result. The message is remote text: show it through in_words() only.
struct RpcError {
    std::int64_t code = 0;
    std::string message;
};

/// A node's answer to one call.
class RpcAnswer {
public:
    RpcAnswer(std::string place, Json result) : m_place{std::move(place)}, m_content{std::move(result)} {}
    RpcAnswer(std::string place, RpcError error) : m_place{std::move(place)}, m_content{std::move(error)} {}

    /// `http://127.0.0.1:8545: eth_call`
    const std::string& place() const { return m_place; }
    /// Null when there is a result.
    const RpcError* error() const { return std::get_if<RpcError>(&m_content); }
    /// Throws Error{rpc} with the node's words, labelled as such, when it refused.
    const Json& result() const;
    /// Error{rpc} that carries the node's words; only when error() is there.
    Error refusal() const;

private:
    std::string m_place;
    std::variant<Json, RpcError> m_content;
};

/// What a kind of node may answer.
struct RpcRules {
    JsonLimits json{};
    /// Bitcoin Core up to 27 answers without a version.
    enum class Version { required, optional };
    Version version = Version::required;
};

/// JSON-RPC 2.0 over HTTP to one node. Everything that is no proper answer (unreachable, too slow,
/// over a limit, not JSON, another id) is a TransportError.
class RpcNode {
public:
    explicit RpcNode(HttpEndpoint endpoint, HttpLimits limits = {}, RpcRules rules = {})
        : m_http{std::move(endpoint), limits}, m_rules{rules}
    {
    }

    const std::string& name() const { return m_http.name(); }
    /// `patience`: as in HttpClient::post().
    RpcAnswer call(std::string_view method, Document params = Document::list(), std::chrono::milliseconds patience = {});
    /// The answers in the order of the calls, whatever order the node gave them in. Long batches go
    /// in several requests of at most 100.
    std::vector<RpcAnswer> batch(const std::vector<RpcCall>& calls);

private:
    Json exchange(const Document& request, std::chrono::milliseconds patience = {});
    RpcAnswer open(const Json& answer, std::string_view method) const;

    HttpClient m_http;
    RpcRules m_rules;
    std::int64_t m_next_id = 1;
};

/// Several nodes of one chain, in the order in which they are asked.
class RpcNodes {
public:
    /// `chain` names the chain in messages. Throws Error{usage} without endpoints.
    RpcNodes(std::string chain, const std::vector<HttpEndpoint>& endpoints, HttpLimits limits = {}, RpcRules rules = {});

    std::vector<RpcNode>& all() { return m_nodes; }

    /// Runs `work` on one node after the other until `count` of them went through without a
    /// TransportError, and returns what those returned: at least one. When none did, throws the
    /// first one's code with the messages of all.
    template <typename Work>
    std::vector<std::invoke_result_t<Work, RpcNode&>> ask_first(std::size_t count, Work work)
    {
        std::vector<std::invoke_result_t<Work, RpcNode&>> results;
        std::vector<TransportError> failures;
        for (auto& node : m_nodes) {
            if (results.size() == count)
                break;
            try {
                results.push_back(work(node));
            } catch (const TransportError& failure) {
                failures.push_back(failure);
            }
        }
        if (results.empty())
            throw nobody_answers(failures);
        return results;
    }

    /// `work` on the first node that answers.
    template <typename Work>
    std::invoke_result_t<Work, RpcNode&> ask(Work work)
    {
        return std::move(ask_first(1, std::move(work)).front());
    }

private:
    Error nobody_answers(const std::vector<TransportError>& failures) const;

    std::string m_chain;
    std::vector<RpcNode> m_nodes;
};

} // namespace coffer::cli

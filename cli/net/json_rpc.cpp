#include "cli/net/json_rpc.h"

#include "core/base/text.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace coffer::cli {

namespace {

constexpr std::size_t max_calls_a_batch = 100;

std::optional<std::int64_t> integer_of(const Json* value)
{
    const auto* text = value != nullptr ? value->number() : nullptr;
    if (text == nullptr)
        return std::nullopt;
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (problem != std::errc{} || end != text->data() + text->size())
        return std::nullopt;
    return number;
}

Document request_of(std::int64_t id, std::string_view method, Document params)
{
    auto request = Document::object();
    request.set("jsonrpc", "2.0").set("id", id).set("method", method).set("params", std::move(params));
    return request;
}

/// The server has acted by the time it answers, so a bad answer is never "not sent".
TransportError bad_answer(const std::string& place, const std::string& what)
{
    return {ErrorCode::rpc, place + ": " + what, Delivery::unknown};
}

} // namespace

const Json& RpcAnswer::result() const
{
    if (error() != nullptr)
        throw refusal();
    return std::get<Json>(m_content);
}

Error RpcAnswer::refusal() const
{
    const auto* said = error();
    require(said != nullptr, "a refusal without an error");
    return Error{ErrorCode::rpc,
                 m_place + ": the node refuses, in its words: " + quoted(said->message) + " (code " +
                     std::to_string(said->code) + ")"};
}

RpcAnswer RpcNode::call(std::string_view method, Document params, std::chrono::milliseconds patience)
{
    const auto id = m_next_id++;
    const auto answer = exchange(request_of(id, method, std::move(params)), patience);
    const auto place = name() + ": " + std::string{method};
    // An error about a request that could not be read has a null id (JSON-RPC 2.0, 5).
    const auto* answered = answer.find("id");
    const auto is_unread = answered != nullptr && answered->is_null() && answer.find("error") != nullptr;
    if (integer_of(answered) != id && !is_unread)
        throw bad_answer(place, "the answer is to another request (another id)");
    return open(answer, method);
}

std::vector<RpcAnswer> RpcNode::batch(const std::vector<RpcCall>& calls)
{
    std::vector<RpcAnswer> answers;
    for (std::size_t begin = 0; begin < calls.size(); begin += max_calls_a_batch) {
        const auto end = std::min(begin + max_calls_a_batch, calls.size());
        const auto first_id = m_next_id;
        auto request = Document::list();
        for (auto i = begin; i < end; ++i)
            request.add(request_of(m_next_id++, calls[i].method, calls[i].params));

        const auto answer = exchange(request);
        const auto* list = answer.list();
        if (list == nullptr) {
            // One object instead of a list: the node refuses the batch as a whole.
            if (answer.find("error") != nullptr)
                throw open(answer, "batch").refusal();
            throw bad_answer(name(), "the answer to a batch is no list");
        }
        std::vector<const Json*> found(end - begin, nullptr);
        for (const auto& item : *list) {
            const auto id = integer_of(item.find("id"));
            if (!id || *id < first_id || *id >= m_next_id || found[static_cast<std::size_t>(*id - first_id)] != nullptr)
                throw bad_answer(name(), "the answer to a batch has an id that is unknown or comes twice");
            found[static_cast<std::size_t>(*id - first_id)] = &item;
        }
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (found[i] == nullptr)
                throw bad_answer(name(), "the answer to a batch lacks the one to " + calls[begin + i].method);
            answers.push_back(open(*found[i], calls[begin + i].method));
        }
    }
    return answers;
}

Json RpcNode::exchange(const Document& request, std::chrono::milliseconds patience)
{
    const auto answer = m_http.post("application/json", request.to_json(), patience);
    if (answer.status == 401 || answer.status == 403)
        throw bad_answer(name(), "does not accept the login (HTTP " + std::to_string(answer.status) + ")");
    std::optional<Json> content;
    try {
        content = Json::parse(answer.body, m_rules.json);
    } catch (const Error& error) {
        const auto is_good_status = answer.status >= 200 && answer.status < 300;
        if (!is_good_status) // a gateway's page, not the node
            throw bad_answer(name(), "answers with HTTP " + std::to_string(answer.status));
        throw TransportError{error.code() == ErrorCode::limit ? ErrorCode::rpc_limit : ErrorCode::rpc,
                             name() + ": " + error.message(), Delivery::unknown};
    }
    // Some nodes send their error objects with a status of 4xx or 5xx; without one it is the gateway's.
    const auto has_version = content->find("jsonrpc") != nullptr ||
                             (m_rules.version == RpcRules::Version::optional && content->find("id") != nullptr);
    const auto is_answer = content->list() != nullptr || has_version;
    if ((answer.status < 200 || answer.status >= 300) && !is_answer)
        throw bad_answer(name(), "answers with HTTP " + std::to_string(answer.status));
    return std::move(*content);
}

RpcAnswer RpcNode::open(const Json& answer, std::string_view method) const
{
    auto place = name() + ": " + std::string{method};
    const auto* version = answer.find("jsonrpc");
    const auto is_left_out = version == nullptr && m_rules.version == RpcRules::Version::optional;
    if (!is_left_out && (version == nullptr || version->text() == nullptr || *version->text() != "2.0"))
        throw bad_answer(place, "the answer is not JSON-RPC 2.0");
    const auto* result = answer.find("result");
    const auto* error = answer.find("error");
    const auto is_error = error != nullptr && !error->is_null();
    // A result of null is a result; beside an error it is a habit of older nodes.
    const auto is_result = result != nullptr && !(is_error && result->is_null());
    if (is_error == is_result)
        throw bad_answer(place, "the answer has not exactly one of result and error");
    if (!is_error)
        return {std::move(place), *result};

    const auto code = integer_of(error->find("code"));
    const auto* message = error->find("message");
    if (!code || message == nullptr || message->text() == nullptr)
        throw bad_answer(place, "the answer has an error without code and message");
    return {std::move(place), RpcError{*code, *message->text()}};
}

RpcNodes::RpcNodes(std::string chain, const std::vector<HttpEndpoint>& endpoints, HttpLimits limits, RpcRules rules)
    : m_chain{std::move(chain)}
{
    if (endpoints.empty())
        throw Error{ErrorCode::usage, "chain " + quoted(m_chain, 40) + ": no endpoint is configured",
                    "add it to [rpc] in the configuration"};
    for (const auto& endpoint : endpoints)
        m_nodes.emplace_back(endpoint, limits, rules);
}

Error RpcNodes::nobody_answers(const std::vector<TransportError>& failures) const
{
    std::vector<std::string> messages;
    for (const auto& failure : failures)
        messages.push_back(failure.message());
    return Error{failures.front().code(), "chain " + m_chain + ": " + join(messages, "; ")};
}

} // namespace coffer::cli

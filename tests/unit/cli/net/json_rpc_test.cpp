#include "cli/net/json_rpc.h"

#include "tests/support/scripted_http_server.h"
#include "tests/support/small_child.h"
#include "tests/support/vectors.h"

namespace coffer::cli {
namespace {

using test::HttpConnection;
using test::HttpRequest;
using test::ScriptedHttpServer;

HttpLimits short_limits()
{
    HttpLimits limits;
    limits.total_timeout = std::chrono::seconds{2};
    return limits;
}

RpcNode node_at(const ScriptedHttpServer& server)
{
    return RpcNode{{server.url(), {}, {}}, short_limits()};
}

/// Every request gets this body, in which `ID` stands for the request's id.
ScriptedHttpServer::Handler always(std::string form, std::string status = "200 OK")
{
    return [form, status](const HttpRequest& request, HttpConnection& connection) {
        const auto sent = Json::parse(request.body);
        auto body = form;
        if (const auto* id = sent.find("id"))
            if (const auto at = body.find("ID"); at != std::string::npos)
                body.replace(at, 2, *id->number());
        connection.answer(body, status);
    };
}

TEST(JsonRpc, SendsARequestAndReturnsTheResult)
{
    const ScriptedHttpServer server{always(R"({"jsonrpc":"2.0","id":ID,"result":"0x1"})")};
    auto node = node_at(server);
    auto params = Document::list();
    params.add("0xabc");
    EXPECT_EQ(*node.call("eth_test", params).result().text(), "0x1");
    EXPECT_EQ(*node.call("eth_test", params).result().text(), "0x1");
    EXPECT_EQ(server.requests()[0].body, R"({"jsonrpc":"2.0","id":1,"method":"eth_test","params":["0xabc"]})");
    EXPECT_EQ(server.requests()[1].body, R"({"jsonrpc":"2.0","id":2,"method":"eth_test","params":["0xabc"]})");
}

TEST(JsonRpc, TakesANullResult)
{
    const ScriptedHttpServer server{always(R"({"jsonrpc":"2.0","id":ID,"result":null,"error":null})")};
    EXPECT_TRUE(node_at(server).call("m").result().is_null());
}

TEST(JsonRpc, ReturnsAnErrorOfTheNodeAsItsWords)
{
    for (const auto* status : {"200 OK", "400 Bad Request", "500 Internal Server Error"}) {
        const ScriptedHttpServer server{
            always("{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32000,\"message\":\"visit "
                   "\\u001b[31mhttps://evil\\u001b]8;;x\\r\\n\\u202e\"}}",
                   status)};
        const auto answer = node_at(server).call("eth_call");
        ASSERT_NE(answer.error(), nullptr);
        EXPECT_EQ(answer.error()->code, -32000);
        EXPECT_ERROR(answer.result(), ErrorCode::rpc);
        const auto message = answer.refusal().message();
        EXPECT_NE(message.find("in its words: `visit \\x1b[31mhttps://evil"), std::string::npos) << message;
        for (const auto c : message)
            EXPECT_TRUE(c >= 0x20 && c < 0x7f) << message;
    }
}

TEST(JsonRpc, TakesAnswersWithoutVersionWhereTheRulesSaySo)
{
    const auto call = [](const std::string& form, const std::string& status, RpcRules::Version version) {
        const ScriptedHttpServer server{always(form, status)};
        return RpcNode{{server.url(), {}, {}}, short_limits(), {{}, version}}.call("getblockcount");
    };
    const std::string result = R"({"result":7,"error":null,"id":ID})";
    const std::string refusal = R"({"result":null,"error":{"code":-28,"message":"Loading block index…"},"id":ID})";
    EXPECT_EQ(*call(result, "200 OK", RpcRules::Version::optional).result().number(), "7");
    EXPECT_EQ(call(refusal, "500 Internal Server Error", RpcRules::Version::optional).error()->code, -28);
    EXPECT_THROW(call(result, "200 OK", RpcRules::Version::required), TransportError);
    EXPECT_THROW(call(refusal, "500 Internal Server Error", RpcRules::Version::required), TransportError);
    EXPECT_THROW(call(R"({"jsonrpc":"1.0","id":ID,"result":1})", "200 OK", RpcRules::Version::optional), TransportError);
    EXPECT_THROW(call(R"({"error":"bad gateway"})", "502 Bad Gateway", RpcRules::Version::optional), TransportError);
}

TEST(JsonRpc, KeepsToTheLimitsOfItsRules)
{
    const ScriptedHttpServer server{always(R"({"jsonrpc":"2.0","id":ID,"result":[1,2,3,4,5,6,7,8]})")};
    RpcRules rules;
    rules.json.values = 10;
    EXPECT_ERROR((RpcNode{{server.url(), {}, {}}, short_limits(), rules}.call("m")), ErrorCode::rpc_limit);
    rules.json.values = 12;
    EXPECT_NO_THROW((RpcNode{{server.url(), {}, {}}, short_limits(), rules}.call("m")));
}

TEST(JsonRpc, SaysThatTheLoginIsNotAccepted)
{
    for (const auto* status : {"401 Unauthorized", "403 Forbidden"}) {
        const ScriptedHttpServer server{always("", status)};
        try {
            node_at(server).call("m");
            ADD_FAILURE();
        } catch (const TransportError& error) {
            EXPECT_NE(error.message().find("does not accept the login"), std::string::npos) << error.message();
        }
    }
}

TEST(JsonRpc, RefusesImproperAnswers)
{
    for (const std::string form :
         {R"({"jsonrpc":"2.0","id":99,"result":"0x1"})", R"({"jsonrpc":"2.0","id":"ID","result":"0x1"})",
          R"({"jsonrpc":"2.0","result":"0x1"})", R"({"jsonrpc":"2.0","id":null,"result":"0x1"})",
          R"({"jsonrpc":"1.0","id":ID,"result":"0x1"})", R"({"id":ID,"result":"0x1"})", R"({"jsonrpc":"2.0","id":ID})",
          R"({"jsonrpc":"2.0","id":ID,"result":1,"error":{"code":1,"message":"x"}})",
          R"({"jsonrpc":"2.0","id":ID,"error":{"code":1}})", R"({"jsonrpc":"2.0","id":ID,"error":{"message":"x"}})",
          R"({"jsonrpc":"2.0","id":ID,"error":"x"})", R"([])", R"("x")", R"({})", "", "<html>", "\xff",
          R"({"jsonrpc":"2.0","id":ID,"result":"0x1","result":"0x2"})"}) {
        SCOPED_TRACE(form);
        const ScriptedHttpServer server{always(form)};
        auto node = node_at(server);
        EXPECT_THROW(node.call("m"), TransportError);
        EXPECT_ERROR(node.call("m"), ErrorCode::rpc);
    }
    const ScriptedHttpServer gateway{always("<html>bad gateway</html>", "502 Bad Gateway")};
    EXPECT_THROW(node_at(gateway).call("m"), TransportError);
    const ScriptedHttpServer busy{always("{\"message\":\"slow down\"}", "429 Too Many Requests")};
    EXPECT_THROW(node_at(busy).call("m"), TransportError);
}

TEST(JsonRpc, RefusesAJsonBomb)
{
    const std::string begin = R"({"jsonrpc":"2.0","id":ID,"result":)";
    std::string many = "[1";
    for (int i = 0; i < 1'000'000; ++i)
        many += ",1";
    test::expect_in_small_child([&] {
        for (const auto& bomb : {std::string(1'000'000, '['), many + "]", std::string(1'000'000, '9')}) {
            const ScriptedHttpServer server{always(begin + bomb + "}")};
            EXPECT_ERROR(node_at(server).call("m"), ErrorCode::rpc_limit);
        }
    });
}

TEST(JsonRpc, TakesNestedAnswers)
{
    const ScriptedHttpServer ok{always(R"({"jsonrpc":"2.0","id":ID,"result":[[[[1]]]]})")};
    EXPECT_NO_THROW(node_at(ok).call("m"));
}

/// Answers a batch item by item; `bend` may change the list of answers.
ScriptedHttpServer::Handler batches(std::function<void(std::vector<std::string>&)> bend)
{
    return [bend](const HttpRequest& request, HttpConnection& connection) {
        const auto sent = Json::parse(request.body);
        std::vector<std::string> answers;
        for (const auto& item : *sent.list())
            answers.push_back(R"({"jsonrpc":"2.0","id":)" + *item.find("id")->number() + R"(,"result":")" +
                              *item.find("method")->text() + "\"}");
        bend(answers);
        std::string body = "[";
        for (std::size_t i = 0; i < answers.size(); ++i)
            body += (i == 0 ? "" : ",") + answers[i];
        connection.answer(body + "]");
    };
}

std::vector<RpcCall> calls_named(std::size_t count)
{
    std::vector<RpcCall> calls;
    for (std::size_t i = 0; i < count; ++i)
        calls.push_back({"m" + std::to_string(i), Document::list()});
    return calls;
}

TEST(JsonRpc, AnswersABatchInTheOrderOfItsCalls)
{
    const ScriptedHttpServer server{batches([](auto& answers) { std::reverse(answers.begin(), answers.end()); })};
    auto node = node_at(server);
    const auto answers = node.batch(calls_named(250));
    ASSERT_EQ(answers.size(), 250u);
    for (std::size_t i = 0; i < answers.size(); ++i)
        EXPECT_EQ(*answers[i].result().text(), "m" + std::to_string(i));
    EXPECT_EQ(server.requests().size(), 3u);
    EXPECT_TRUE(node.batch({}).empty());
}

TEST(JsonRpc, RefusesABatchThatDoesNotMatch)
{
    const ScriptedHttpServer missing{batches([](auto& answers) { answers.pop_back(); })};
    EXPECT_THROW(node_at(missing).batch(calls_named(3)), TransportError);
    const ScriptedHttpServer twice{batches([](auto& answers) { answers[1] = answers[0]; })};
    EXPECT_THROW(node_at(twice).batch(calls_named(3)), TransportError);
    const ScriptedHttpServer again{batches([](auto& answers) { answers.push_back(answers[0]); })};
    EXPECT_THROW(node_at(again).batch(calls_named(3)), TransportError);
    const ScriptedHttpServer more{batches([](auto& answers) {
        answers.push_back(R"({"jsonrpc":"2.0","id":77,"result":1})");
    })};
    EXPECT_THROW(node_at(more).batch(calls_named(3)), TransportError);
    const ScriptedHttpServer whole{always(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}})")};
    EXPECT_ERROR(node_at(whole).batch(calls_named(3)), ErrorCode::rpc);
}

TEST(JsonRpc, SkipsNodesThatDoNotAnswer)
{
    const ScriptedHttpServer broken{always("<html>", "503 Service Unavailable")};
    const ScriptedHttpServer good{always(R"({"jsonrpc":"2.0","id":ID,"result":"good"})")};
    const ScriptedHttpServer later{always(R"({"jsonrpc":"2.0","id":ID,"result":"later"})")};
    RpcNodes nodes{"ethereum",
                   {{test::url_without_server(), {}, {}}, {broken.url(), {}, {}}, {good.url(), {}, {}}, {later.url(), {}, {}}},
                   short_limits()};
    const auto ask = [](RpcNode& node) { return *node.call("m").result().text(); };
    EXPECT_EQ(nodes.ask(ask), "good");
    EXPECT_TRUE(later.requests().empty());
    EXPECT_EQ(nodes.ask_first(2, ask), (std::vector<std::string>{"good", "later"}));
    EXPECT_EQ(nodes.ask_first(9, ask), (std::vector<std::string>{"good", "later"}));
}

TEST(JsonRpc, DoesNotSkipANodeThatRefuses)
{
    const ScriptedHttpServer refuses{always(R"({"jsonrpc":"2.0","id":ID,"error":{"code":1,"message":"no"}})")};
    const ScriptedHttpServer good{always(R"({"jsonrpc":"2.0","id":ID,"result":"good"})")};
    RpcNodes nodes{"ethereum", {{refuses.url(), {}, {}}, {good.url(), {}, {}}}, short_limits()};
    EXPECT_ERROR(nodes.ask([](RpcNode& node) { return *node.call("m").result().text(); }), ErrorCode::rpc);
    EXPECT_TRUE(good.requests().empty());
}

TEST(JsonRpc, NamesEveryNodeThatFailed)
{
    RpcNodes nodes{"ethereum", {{test::url_without_server(), {}, {}}, {test::url_without_server(), {}, {}}}, short_limits()};
    try {
        nodes.ask([](RpcNode& node) { return *node.call("m").result().text(); });
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::rpc);
        EXPECT_EQ(error.message().find("chain ethereum: http://127.0.0.1:"), 0u) << error.message();
        EXPECT_NE(error.message().find("; http://127.0.0.1:"), std::string::npos) << error.message();
    }
    EXPECT_ERROR((RpcNodes{"ethereum", {}}), ErrorCode::usage);
}

} // namespace
} // namespace coffer::cli

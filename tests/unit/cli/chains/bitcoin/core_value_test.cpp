#include "cli/chains/bitcoin/core_value.h"

#include "tests/support/vectors.h"

namespace coffer::cli {
namespace {

/// Keeps the answer that a value points into.
struct Answered {
    explicit Answered(std::string_view json) : answer{"node: call", Json::parse(json)}, value{answer} {}
    RpcAnswer answer;
    CoreValue value;
};

// J03: amounts are read as they stand, never by way of a float.
TEST(CoreValue, ReadsAmountsExactly)
{
    const auto satoshi = [](std::string_view json) { return Answered{json}.value.satoshi(); };
    EXPECT_EQ(satoshi("0.00000001"), 1u);
    EXPECT_EQ(satoshi("0"), 0u);
    EXPECT_EQ(satoshi("0.00000000"), 0u);
    EXPECT_EQ(satoshi("1"), 100'000'000u);
    EXPECT_EQ(satoshi("9007199.25474099"), 900'719'925'474'099u);
    EXPECT_EQ(satoshi("0.1"), 10'000'000u);
}

TEST(CoreValue, RefusesOtherAmounts)
{
    for (const auto* json : {"-0.1", "-1", "0.000000001", "1e-8", "1E2", "21000000.00000001", "1e400000", "\"1.0\"", "null", "true", "[]", "{}",
                             "99999999999999999999999999999999"}) {
        SCOPED_TRACE(json);
        try {
            const Answered answered{json};
            EXPECT_ERROR(answered.value.satoshi(), ErrorCode::rpc);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::limit); // JSON's own
        }
    }
    EXPECT_EQ(Answered{"21000000.00000000"}.value.satoshi(), bitcoin::most_money);
    EXPECT_EQ(Answered{"20999999.99999999"}.value.satoshi(), bitcoin::most_money - 1);
}

TEST(CoreValue, ReadsNumbersUpToTheirBound)
{
    EXPECT_EQ(Answered{"7"}.value.number(7), 7u);
    EXPECT_EQ(Answered{"499999999"}.value.height(), 499'999'999u);
    for (const auto* json : {"8", "-1", "7.0", "1e0", "\"7\"", "null", "18446744073709551616"})
        EXPECT_ERROR(Answered{json}.value.number(7), ErrorCode::rpc);
    EXPECT_ERROR(Answered{"500000000"}.value.height(), ErrorCode::rpc);
}

TEST(CoreValue, ReadsHashesBackwards)
{
    const std::string shown = "00000000000000000000000000000000000000000000000000000000000000AB";
    const Answered answered{"\"" + shown + "\""};
    EXPECT_EQ(answered.value.txid().bytes().front(), 0xab);
    EXPECT_EQ(answered.value.block_hash(), shown.substr(0, 62) + "ab");
    for (const auto& json : {"\"" + shown + "00\"", "\"" + shown.substr(2) + "\"", std::string{"\"\""}, "\"zz" + shown.substr(2) + "\"", std::string{"7"}})
        EXPECT_ERROR(Answered{json}.value.txid(), ErrorCode::rpc);
}

TEST(CoreValue, NamesThePlace)
{
    const Answered answered{R"({"unspents":[{"amount":-1}],"ok":1})"};
    const auto items = answered.value.member("unspents").items(1);
    try {
        items.at(0).member("amount").satoshi();
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_EQ(error.message(), "node: call: unspents[0]: amount: the node answers `-1`, not an amount of bitcoin with at most 8 decimals");
    }
    EXPECT_ERROR(items.at(0).member("height"), ErrorCode::rpc);
    EXPECT_FALSE(items.at(0).find("height"));
    EXPECT_ERROR(answered.value.member("ok").items(1), ErrorCode::rpc);
    EXPECT_ERROR(answered.value.member("ok").boolean(), ErrorCode::rpc);
    EXPECT_ERROR(answered.value.member("ok").bytes(), ErrorCode::rpc);
    EXPECT_ERROR(answered.value.member("unspents").items(0), ErrorCode::rpc_limit);
    EXPECT_ERROR(Answered{"[]"}.value.member("x"), ErrorCode::rpc);
}

} // namespace
} // namespace coffer::cli

#include "cli/files/payments_csv.h"

#include "tests/support/vectors.h"

namespace coffer::cli {
namespace {

const std::string header = "address,amount,asset,memo\n";

std::vector<PaymentRow> parse(std::string_view text)
{
    return parse_payments_csv(text, "p.csv");
}

std::string message_of(std::string_view text)
{
    try {
        parse(text);
        return "";
    } catch (const Error& error) {
        return error.message();
    }
}

TEST(PaymentsCsv, ReadsRows)
{
    EXPECT_EQ(parse(header + "0xa,1.5,ETH,rent\n0xb,2,,\n"),
              (std::vector<PaymentRow>{{2, "0xa", "1.5", "ETH", "rent"}, {3, "0xb", "2", "", ""}}));
    const std::vector<PaymentRow> one{{2, "0xa", "1", "ETH", "x"}};
    EXPECT_EQ(parse(header + "0xa,1,ETH,x"), one);
    EXPECT_EQ(parse("address,amount,asset,memo\r\n0xa,1,ETH,x\r\n"), one);
    EXPECT_EQ(parse("\xef\xbb\xbf" + header + "\"0xa\",\"1\",\"ETH\",\"x\"\n"), one);
}

TEST(PaymentsCsv, ReadsQuotedFields)
{
    EXPECT_EQ(parse(header + "0xa,1,ETH,\"rent, \"\"May\"\"\"\n")[0].memo, "rent, \"May\"");
    EXPECT_EQ(parse(header + "0xa,1,ETH,\"\"\n")[0].memo, "");
    EXPECT_EQ(parse(header + "0xa,1,ETH,\xc3\x9c" "bertrag\n")[0].memo, "\xc3\x9c" "bertrag");
}

TEST(PaymentsCsv, RefusesAnotherHeader)
{
    for (const std::string text : {"", "\n", "address,amount,asset\n0xa,1,ETH\n", "amount,address,asset,memo\n0xa,1,ETH,\n",
                                   "0xa,1,ETH,x\n", "Address,Amount,Asset,Memo\n", "address;amount;asset;memo\n",
                                   "address,amount,asset,memo,\n", "address, amount, asset, memo\n"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(message_of(text), "p.csv:1: the header is not address,amount,asset,memo");
    }
    EXPECT_EQ(message_of(header), "p.csv: there is no payment");
}

TEST(PaymentsCsv, CollectsEveryBadLine)
{
    EXPECT_EQ(message_of(header + "0xa,1,ETH,good\n"
                                  "0xb,1,ETH\n"
                                  "\n"
                                  ",1,ETH,x\n"
                                  "0xc,,ETH,x\n"
                                  "0xd,1,ETH,\"x\"y\n"
                                  "0xe,1,ETH,x\"y\"\n"
                                  "0xf,1,ETH,\x1b[2J\n"
                                  "0xf,1,ETH,\"a\nb\"\n"
                                  "0xf,1,ETH,good,\n"
                                  "0xf,1,ETH,\xc2\x9b\n"
                                  "0xf,1,ETH,\"open\n"),
              "p.csv:3: 3 fields, not 4; p.csv:4: the line is empty; p.csv:5: address is empty; p.csv:6: amount is empty; "
              "p.csv:7: text behind the closing quotation mark of a field; "
              "p.csv:8: a quotation mark inside a field that does not begin with one; "
              "p.csv:9: memo has a control character: `\\x1b[2J`; "
              "p.csv:10: memo has a control character: `a\\x0ab`; p.csv:12: 5 fields, not 4; "
              "p.csv:13: memo has a control character: `\\xc2\\x9b`; p.csv:14: a quotation mark is not closed");
}

TEST(PaymentsCsv, RefusesControlCharactersAndBadUtf8)
{
    EXPECT_ERROR(parse(header + "0xa,1,ETH,\xff\n"), ErrorCode::malformed);
    EXPECT_ERROR(parse(header + "0xa,1,ETH,a\rb\n"), ErrorCode::malformed);
    EXPECT_ERROR(parse(header + std::string{"0xa,1,ETH,a\0b\n", 14}), ErrorCode::malformed);
    EXPECT_ERROR(parse(header + "0xa,1,E\tTH,a\n"), ErrorCode::malformed);
    EXPECT_NE(message_of(header + "0xa,1,ETH,\x1b\n").find("\\x1b"), std::string::npos);
}

/// The header and `count` times the row.
std::string rows(std::size_t count, const std::string& row)
{
    std::string text = header;
    for (std::size_t i = 0; i < count; ++i)
        text += row;
    return text;
}

TEST(PaymentsCsv, ReadsTenThousandRows)
{
    EXPECT_EQ(parse(rows(10'000, "0xa,1,ETH,x\n")).size(), 10'000u);
}

TEST(PaymentsCsv, SaysTheOneBadRowOfTenThousand)
{
    auto text = rows(9'999, "0xa,1,ETH,x\n");
    text.insert(header.size() + 7'000 * std::string{"0xa,1,ETH,x\n"}.size(), "0xa,,ETH,x\n");
    EXPECT_ERROR(parse(text), ErrorCode::malformed);
    EXPECT_EQ(message_of(text), "p.csv:7002: amount is empty");
}

TEST(PaymentsCsv, HoldsItsLimits)
{
    EXPECT_ERROR(parse(rows(10'001, "0xa,1,ETH,x\n")), ErrorCode::limit);
    EXPECT_ERROR(parse(rows(10'001, "\n")), ErrorCode::limit);
    EXPECT_ERROR(parse(rows(20, "0xa,1,ETH," + std::string(60'000, 'x') + "\n")), ErrorCode::limit);
    EXPECT_NO_THROW(parse(rows(1, "0xa,1,ETH," + std::string(200, 'x') + "\n")));
    EXPECT_ERROR(parse(rows(1, "0xa,1,ETH," + std::string(201, 'x') + "\n")), ErrorCode::malformed);
    const auto message = message_of(rows(100, "\n"));
    EXPECT_NE(message.find("; and 80 more"), std::string::npos);
}

} // namespace
} // namespace coffer::cli

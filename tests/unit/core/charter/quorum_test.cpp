#include "core/charter/quorum.h"

#include "tests/support/treasury.h"
#include "tests/support/vectors.h"

#include <functional>
#include <memory>

namespace coffer::charter {
namespace {

using Voters = std::vector<Quorum::Voter>;

std::string again(std::string_view text)
{
    return Quorum::parse(text).text();
}

TEST(Quorum, WritesOneCanonicalText)
{
    EXPECT_EQ(again("2 of finance"), "2 of finance");
    EXPECT_EQ(again("  2   of  finance "), "2 of finance");
    EXPECT_EQ(again("(2 of finance)"), "2 of finance");
    EXPECT_EQ(again("((1 of a))and((1 of b))"), "1 of a and 1 of b");
    EXPECT_EQ(again("1 of a and (1 of b and 1 of c)"), "1 of a and 1 of b and 1 of c");
    EXPECT_EQ(again("1 of a or (1 of b or 1 of c)"), "1 of a or 1 of b or 1 of c");
    EXPECT_EQ(again("(1 of a or 1 of b) and 1 of c"), "(1 of a or 1 of b) and 1 of c");
    EXPECT_EQ(again("(1 of a and 1 of b) or 1 of c"), "1 of a and 1 of b or 1 of c");
    EXPECT_EQ(again("none"), "none");
}

TEST(Quorum, AndBindsTighterThanOr)
{
    const auto quorum = Quorum::parse("1 of a or 1 of b and 1 of c");
    EXPECT_TRUE(quorum.is_reached_by({{"x", {"a"}}}));
    EXPECT_FALSE(quorum.is_reached_by({{"x", {"b"}}}));
    EXPECT_TRUE(quorum.is_reached_by({{"x", {"b"}}, {"y", {"c"}}}));
    EXPECT_FALSE(Quorum::parse("(1 of a or 1 of b) and 1 of c").is_reached_by({{"x", {"a"}}}));
}

TEST(Quorum, RefusesWhatIsNoExpression)
{
    for (const std::string_view text :
         {"", " ", "none or 1 of a", "(none)", "None", "2", "of", "2 of", "of finance", "finance", "2 finance", "2 of of",
          "two of finance", "2 OF finance", "2 of finance AND 1 of b", "2 of finance and", "and 2 of finance",
          "2 of finance or or 1 of b", "2 of finance 1 of b", "(2 of finance", "2 of finance)", "()", "2 of (finance)",
          "2 of Finance", "2 of fin_ance", "2 of -finance", "2 of finance;", "+2 of finance", "-2 of finance", "2.0 of finance",
          "0x2 of finance", "2\tof finance", "2 of finance\n", "2 of f\xc3\xafnance", "18446744073709551617 of a",
          "2 of abcdefghijklmnopqrstuvwxyz1234567"}) {
        SCOPED_TRACE(text);
        EXPECT_ERROR(Quorum::parse(text), ErrorCode::policy_invalid);
    }
}

TEST(Quorum, RefusesAThresholdOfZeroAndOneThatIsWrittenTwoWays)
{
    for (const std::string_view text : {"0 of a", "00 of a", "01 of a", "1 of a and 0 of b", "65 of a", "4294967297 of a"}) {
        SCOPED_TRACE(text);
        EXPECT_ERROR(Quorum::parse(text), ErrorCode::policy_invalid);
    }
    EXPECT_EQ(again("1 of a"), "1 of a");
    EXPECT_EQ(again("64 of a"), "64 of a");
}

TEST(Quorum, RefusesRolesThatReadLikeTheGrammar)
{
    for (const std::string_view text : {"1 of and", "1 of or", "1 of of", "1 of none", "1 of and and 1 of or"}) {
        SCOPED_TRACE(text);
        EXPECT_ERROR(Quorum::parse(text), ErrorCode::policy_invalid);
    }
    EXPECT_EQ(again("1 of android and 1 of orderers"), "1 of android and 1 of orderers");
}

std::string repeated(const std::string& part, std::size_t count, const std::string& between)
{
    auto text = part;
    for (std::size_t i = 1; i < count; ++i)
        text += between + part;
    return text;
}

TEST(Quorum, LimitsPlacesDepthAlternativesAndLength)
{
    EXPECT_EQ(Quorum::parse(repeated("1 of a", 32, " and ")).alternatives().front().size(), 32U);
    EXPECT_ERROR(Quorum::parse(repeated("1 of a", 33, " and ")), ErrorCode::policy_invalid);

    const auto nested = [](std::size_t depth) { return std::string(depth, '(') + "1 of a" + std::string(depth, ')'); };
    EXPECT_EQ(again(nested(8)), "1 of a");
    EXPECT_ERROR(Quorum::parse(nested(9)), ErrorCode::policy_invalid);
    EXPECT_ERROR(Quorum::parse(std::string(1000, '(')), ErrorCode::policy_invalid);

    const std::string pair = "(1 of a or 1 of b)";
    EXPECT_EQ(Quorum::parse(repeated(pair, 6, " and ")).alternatives().size(), 64U);
    EXPECT_ERROR(Quorum::parse(repeated(pair, 7, " and ")), ErrorCode::policy_invalid);
    EXPECT_ERROR(Quorum::parse(repeated("(" + repeated(pair, 5, " and ") + ")", 3, " or ")), ErrorCode::policy_invalid);

    const std::string longest = "1 of a" + std::string(1018, ' ');
    EXPECT_EQ(again(longest), "1 of a");
    EXPECT_ERROR(Quorum::parse(longest + " "), ErrorCode::policy_invalid);
}

TEST(Quorum, OneOfficerFillsOnePlaceWhateverTheirRoles) // E35
{
    const auto quorum = Quorum::parse("1 of finance and 1 of compliance");
    const Quorum::Voter erin{"erin", {"finance", "compliance"}};
    EXPECT_FALSE(quorum.is_reached_by({erin}));
    EXPECT_TRUE(quorum.is_reached_by({erin, {"carol", {"finance"}}}));
    EXPECT_TRUE(quorum.is_reached_by({{"carol", {"finance"}}, erin}));
    EXPECT_FALSE(Quorum::parse("1 of finance and 1 of finance").is_reached_by({erin}));
    EXPECT_TRUE(Quorum::parse("1 of finance and 1 of finance").is_reached_by({erin, {"carol", {"finance"}}}));
}

TEST(Quorum, CountsAnOfficerWhoIsListedTwiceOnce)
{
    const Quorum::Voter alice{"alice", {"finance"}};
    EXPECT_FALSE(Quorum::parse("2 of finance").is_reached_by({alice, alice}));
    EXPECT_TRUE(Quorum::parse("2 of finance").is_reached_by({alice, {"bob", {"finance"}}}));
}

TEST(Quorum, SeatsPeopleSoThatAllPlacesAreFilled)
{
    // Greedy seating would give erin the finance place and leave compliance empty.
    const auto quorum = Quorum::parse("2 of finance and 1 of compliance");
    EXPECT_TRUE(quorum.is_reached_by(
        {{"erin", {"compliance", "finance"}}, {"alice", {"finance"}}, {"bob", {"finance"}}}));
    EXPECT_FALSE(quorum.is_reached_by({{"erin", {"compliance", "finance"}}, {"alice", {"finance"}}, {"dave", {"admin"}}}));
}

TEST(Quorum, TellsWhatTheNearestAlternativeLacks)
{
    const auto tally = Quorum::parse("2 of finance and 1 of compliance or 4 of admin").tally({{"alice", {"finance", "admin"}}});
    EXPECT_FALSE(tally.reached);
    EXPECT_EQ(tally.filled, 1U);
    EXPECT_EQ(tally.places, 3U);
    EXPECT_EQ(tally.missing, (std::vector<std::string>{"1 of compliance", "1 of finance"}));
    EXPECT_TRUE(Quorum::parse("1 of a").tally({{"x", {"a"}}}).missing.empty());
}

TEST(Quorum, NoneIsReachedByNobodyAtAll)
{
    EXPECT_TRUE(Quorum::parse("none").is_reached_by({}));
    EXPECT_TRUE(Quorum::parse("none").is_none());
    EXPECT_FALSE(Quorum::parse("1 of a").is_none());
    EXPECT_FALSE(Quorum::parse("1 of a").is_reached_by({}));
}

TEST(Quorum, NamesItsRoles)
{
    EXPECT_EQ(Quorum::parse("1 of a and (2 of b or 1 of a)").roles(), (std::set<std::string>{"a", "b"}));
    EXPECT_TRUE(Quorum::parse("none").roles().empty());
}

TEST(Quorum, EqualMeansTheSameCanonicalText)
{
    EXPECT_EQ(Quorum::parse("(1 of a) and 1 of b"), Quorum::parse("1 of a and 1 of b"));
    EXPECT_FALSE(Quorum::parse("1 of a and 1 of b") == Quorum::parse("1 of b and 1 of a"));
}

// The model: an expression is a tree; it is fulfilled when the officers can be dealt out so that each
// sits in at most one place. Places are tried one by one with every officer, by exhaustive search.
struct Expression {
    enum class Type { place, all, one } type = Type::place;
    std::size_t count = 0;
    std::string role;
    std::vector<Expression> parts;
};

Expression random_expression(test::Dice& dice, std::size_t depth)
{
    static const std::vector<std::string> roles{"a", "b", "c"};
    Expression expression;
    if (depth == 0 || dice.one_in(3)) {
        expression.count = 1 + dice.roll(3);
        expression.role = dice.pick(roles);
        return expression;
    }
    expression.type = dice.one_in(2) ? Expression::Type::all : Expression::Type::one;
    const auto parts = 2 + dice.roll(2);
    for (std::size_t i = 0; i < parts; ++i)
        expression.parts.push_back(random_expression(dice, depth - 1));
    return expression;
}

/// Fully parenthesised, with random blanks.
std::string write(const Expression& expression, test::Dice& dice)
{
    const std::string blank(1 + dice.roll(2), ' ');
    if (expression.type == Expression::Type::place)
        return std::to_string(expression.count) + blank + "of" + blank + expression.role;
    std::string text = "(";
    for (std::size_t i = 0; i < expression.parts.size(); ++i)
        text += (i == 0 ? "" : expression.type == Expression::Type::all ? " and" + blank : blank + "or ") +
                write(expression.parts[i], dice);
    return text + ")";
}

/// Calls `then` with every set of officers left over (a bit mask) after fulfilling the expression; true when one call is.
bool fulfil(const Expression& expression, const Voters& voters, unsigned free, const std::function<bool(unsigned)>& then);

bool fill_places(const std::string& role, std::size_t count, const Voters& voters, std::size_t from, unsigned free,
                 const std::function<bool(unsigned)>& then)
{
    if (count == 0)
        return then(free);
    for (std::size_t i = from; i < voters.size(); ++i) {
        const auto& roles = voters[i].roles;
        if ((free >> i & 1U) != 0 && std::find(roles.begin(), roles.end(), role) != roles.end() &&
            fill_places(role, count - 1, voters, i + 1, free & ~(1U << i), then))
            return true;
    }
    return false;
}

bool fulfil_all(const std::vector<Expression>& parts, std::size_t index, const Voters& voters, unsigned free,
                const std::function<bool(unsigned)>& then)
{
    if (index == parts.size())
        return then(free);
    return fulfil(parts[index], voters, free,
                  [&](unsigned left) { return fulfil_all(parts, index + 1, voters, left, then); });
}

bool fulfil(const Expression& expression, const Voters& voters, unsigned free, const std::function<bool(unsigned)>& then)
{
    switch (expression.type) {
    case Expression::Type::place: return fill_places(expression.role, expression.count, voters, 0, free, then);
    case Expression::Type::all: return fulfil_all(expression.parts, 0, voters, free, then);
    case Expression::Type::one: break;
    }
    return std::any_of(expression.parts.begin(), expression.parts.end(),
                       [&](const Expression& part) { return fulfil(part, voters, free, then); });
}

Voters random_voters(test::Dice& dice)
{
    Voters voters(dice.roll(7));
    for (std::size_t i = 0; i < voters.size(); ++i) {
        voters[i].officer = "officer-" + std::to_string(i);
        for (const auto* role : {"a", "b", "c"})
            if (dice.one_in(2))
                voters[i].roles.emplace_back(role);
    }
    return voters;
}

TEST(Quorum, AgreesWithExhaustiveSearchOnRandomExpressions)
{
    test::Dice dice{2};
    std::size_t reached = 0;
    std::size_t judged = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto expression = random_expression(dice, 2);
        const auto text = write(expression, dice);
        std::optional<Quorum> quorum;
        try {
            quorum = Quorum::parse(text);
        } catch (const Error&) {
            continue; // over a limit
        }
        EXPECT_EQ(Quorum::parse(quorum->text()), *quorum) << text;
        for (int i = 0; i < 4; ++i) {
            const auto voters = random_voters(dice);
            const bool expected = fulfil(expression, voters, (1U << voters.size()) - 1, [](unsigned) { return true; });
            const auto tally = quorum->tally(voters);
            ASSERT_EQ(tally.reached, expected) << text;
            ASSERT_EQ(tally.missing.empty(), expected) << text;
            ASSERT_EQ(tally.filled == tally.places, expected) << text;
            reached += expected ? 1 : 0;
            ++judged;
        }
    }
    EXPECT_GT(judged, 10'000U);
    EXPECT_GT(reached, judged / 10);
    EXPECT_LT(reached, judged * 9 / 10);
}

TEST(Quorum, MoreVotersNeverUndoIt)
{
    test::Dice dice{3};
    for (int round = 0; round < 2000; ++round) {
        const auto text = write(random_expression(dice, 1), dice);
        const auto quorum = Quorum::parse(text);
        auto voters = random_voters(dice);
        const bool before = quorum.is_reached_by(voters);
        dice.shuffle(voters);
        EXPECT_EQ(quorum.is_reached_by(voters), before) << text;
        voters.push_back({"one-more", {"a"}});
        EXPECT_TRUE(!before || quorum.is_reached_by(voters)) << text;
    }
}

} // namespace
} // namespace coffer::charter

#include "cli/commands/commands.h"

#include "cli/explanation.h"
#include "cli/files/toml.h"
#include "cli/home.h"
#include "cli/net/json.h"
#include "cli/sealed_charter.h"
#include "core/base/text.h"
#include "core/console/output.h"
#include "core/console/streams.h"

#include <map>
#include <set>

namespace coffer::cli {

namespace {

constexpr std::size_t most_cases = 10'000;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "policy test",
        .summary = "hold the rules against a table of expected decisions",
        .description = "TOML with a [[case]] each, or JSON {\"case\": [{…}]}: wallet, to, amount, asset and kind as on the command line, "
                       "and expect: the id of the rule that must decide, `denied`, or an error code such as dest_unknown. With "
                       "requester and approved_by (a list of officers), reached says whether they are enough.",
        .arguments = {{.name = "FILE", .help = "the table", .completes = console::Completes::file}},
        .options = {{.name = "charter",
                     .metavar = "FILE",
                     .help = "test this charter, sealed or as TOML, instead of the one in force",
                     .completes = console::Completes::file}},
        .exits = home_exits({ExitStatus::signature}),
        .examples = {{"coffer policy test decisions.toml --charter charter.toml", "before it is sealed"}},
    };
    return value;
}

/// A row of the table; texts as they stand in the file.
struct Case {
    std::size_t number = 0;
    std::map<std::string, std::string, std::less<>> texts{};
    std::vector<std::string> approved_by{};
    std::optional<bool> reached{};

    std::string text(std::string_view name) const
    {
        const auto found = texts.find(name);
        return found == texts.end() ? std::string{} : found->second;
    }
    std::string label() const { return texts.contains("name") ? text("name") : "case " + std::to_string(number); }
};

const std::set<std::string, std::less<>> text_names{"name", "wallet", "to", "amount", "asset", "kind", "expect", "requester"};
const std::set<std::string, std::less<>> needed_names{"wallet", "to", "amount", "expect"};

Error wrong(const Case& item, const std::string& what)
{
    return {ErrorCode::malformed, "case " + std::to_string(item.number) + ": " + what};
}

void require_whole(const Case& item)
{
    for (const auto& name : needed_names)
        if (item.text(name).empty())
            throw wrong(item, name + " is missing");
    if (item.reached && item.text("requester").empty())
        throw wrong(item, "reached needs requester");
}

Case read_case(const Toml& value, std::size_t number)
{
    Case item{.number = number};
    const auto* table = value.as<Toml::Table>();
    if (table == nullptr)
        throw wrong(item, "is " + std::string{value.kind()} + ", not a table");
    for (const auto& field : *table) {
        if (const auto* text = field.value.as<std::string>(); text != nullptr && text_names.contains(field.name))
            item.texts[field.name] = *text;
        else if (const auto* flag = field.value.as<bool>(); flag != nullptr && field.name == "reached")
            item.reached = *flag;
        else if (const auto* list = field.value.as<Toml::List>(); list != nullptr && field.name == "approved_by")
            for (const auto& one : *list) {
                if (one.as<std::string>() == nullptr)
                    throw wrong(item, "approved_by is not a list of texts");
                item.approved_by.push_back(*one.as<std::string>());
            }
        else
            throw wrong(item, "line " + std::to_string(field.line) + ": " + coffer::quoted(field.name) + " is unknown or of another kind");
    }
    return item;
}

Case read_case(const Json& value, std::size_t number)
{
    Case item{.number = number};
    if (value.fields() == nullptr)
        throw wrong(item, "is not an object");
    for (const auto& [name, member] : *value.fields()) {
        if (member.text() != nullptr && text_names.contains(name))
            item.texts[name] = *member.text();
        else if (member.boolean() && name == "reached")
            item.reached = member.boolean();
        else if (member.list() != nullptr && name == "approved_by")
            for (const auto& one : *member.list()) {
                if (one.text() == nullptr)
                    throw wrong(item, "approved_by is not a list of texts");
                item.approved_by.push_back(*one.text());
            }
        else
            throw wrong(item, coffer::quoted(name) + " is unknown or of another kind");
    }
    return item;
}

template <typename List>
std::vector<Case> read_list(const List* list)
{
    if (list == nullptr || list->empty())
        throw Error{ErrorCode::malformed, "there is no case"};
    if (list->size() > most_cases)
        throw Error{ErrorCode::limit, std::to_string(list->size()) + " cases are over the limit of 10000"};
    std::vector<Case> cases;
    for (const auto& value : *list) {
        cases.push_back(read_case(value, cases.size() + 1));
        require_whole(cases.back());
    }
    return cases;
}

std::vector<Case> read_cases(std::string_view text)
{
    if (trim(text).starts_with('{')) {
        const auto json = Json::parse(text);
        const auto* list = json.find("case");
        return read_list(list == nullptr ? nullptr : list->list());
    }
    const auto toml = Toml::parse(text);
    for (const auto& field : *toml.as<Toml::Table>())
        if (field.name == "case")
            return read_list(field.value.as<Toml::List>());
    throw Error{ErrorCode::malformed, "there is no [[case]]"};
}

/// What the charter says. A row that cannot be read (a wallet that is misspelled, say) is no
/// denial: only its error code can be expected.
struct Answer {
    std::string decision; ///< rule ids, `denied`, or empty for a row that cannot be read
    std::string code{};   ///< of the refusal
    std::optional<bool> reached{};
};

Answer answer_of(const charter::Charter& charter, const Case& item, UtcTime now)
{
    try {
        const auto kind = item.text("kind").empty() ? charter::RequestKind::transfer : charter::parse_request_kind(item.text("kind"));
        const auto explanation = explain(charter, {item.text("wallet"), item.text("to"), item.text("amount"), item.text("asset"), kind, item.text("requester")}, now);
        Answer answer{explanation.rule_ids()};
        if (!explanation.is_allowed()) {
            answer.code = name_of(explanation.error->code());
            return answer;
        }
        std::vector<charter::Quorum::Voter> voters;
        for (const auto& id : item.approved_by) {
            const auto* officer = charter.find_officer(id);
            if (officer == nullptr)
                throw Error{ErrorCode::malformed, "approved_by: the charter has no officer " + coffer::quoted(id)};
            voters.push_back({officer->id, officer->roles});
        }
        answer.reached = policy::tally(explanation.decision, voters, item.text("requester")).reached;
        return answer;
    } catch (const Error& error) {
        return {.decision = {}, .code = std::string{name_of(error.code())}};
    }
}

bool is_as_expected(const Case& item, const Answer& answer)
{
    const auto expected = item.text("expect");
    if (expected != answer.decision && (answer.code.empty() || expected != answer.code))
        return false;
    return !item.reached || item.reached == answer.reached;
}

std::string in_words(const Answer& answer)
{
    return (answer.decision.empty() ? "not readable" : answer.decision) + (answer.code.empty() ? "" : " (" + answer.code + ")") +
           (answer.reached ? (*answer.reached ? ", quorum reached" : ", quorum not reached") : "");
}

console::CommandResult test(console::Invocation& invocation, const charter::Charter& charter, UtcTime now)
{
    const auto bytes = console::read_input(invocation, invocation.path("FILE"), console::most_artefact_bytes);
    console::CommandResult result;
    auto list = Document::list();
    std::size_t failed = 0;
    const auto cases = read_cases(text_of(bytes));
    for (const auto& item : cases) {
        const auto answer = answer_of(charter, item, now);
        const bool is_good = is_as_expected(item, answer);
        failed += is_good ? 0 : 1;
        list.add(Document::object()
                     .set("case", item.label())
                     .set("ok", is_good)
                     .set("expected", item.text("expect"))
                     .set("found", answer.decision)
                     .set("code", answer.code)
                     .set("reached", answer.reached ? Document{*answer.reached} : Document{}));
        if (!is_good)
            result.text.push_back("WRONG " + escaped(item.label()) + ": expected " + escaped(item.text("expect")) +
                                  (item.reached ? (*item.reached ? ", quorum reached" : ", quorum not reached") : "") + ", found " +
                                  in_words(answer));
    }
    result.document.set("cases", std::uint64_t{cases.size()}).set("failed", std::uint64_t{failed}).set("results", std::move(list));
    const auto total = std::to_string(cases.size()) + (cases.size() == 1 ? " case" : " cases");
    if (failed == 0) {
        result.text.push_back(total + ", all as expected");
        return result;
    }
    result.first_refusal = Error{ErrorCode::policy_denied, std::to_string(failed) + " of " + total + " decided otherwise"};
    result.document.set("error", *console::describe_error(*result.first_refusal).find("error"));
    return result;
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto now = invocation.environment().clock.now();
    if (invocation.has("charter")) {
        const auto sealed = load_any_charter(invocation, invocation.path("charter"));
        charter::require_valid(sealed.charter);
        return test(invocation, sealed.charter, now);
    }
    auto home = Home::open(invocation);
    return test(invocation, home.chain().charter(), now);
}

} // namespace

console::Command policy_test_command()
{
    return {spec(), run};
}

} // namespace coffer::cli

#include "cli/commands/commands.h"

#include "cli/requests/home_books.h"
#include "cli/standing_orders.h"
#include "core/console/output.h"
#include "core/requests/request_service.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "order list",
        .summary = "the standing orders in force, and what was paid under them",
        .description = "Sums are those of this home: what is reserved and signed here. The appliance keeps its own.",
        .exits = home_exits(),
        .examples = {{"coffer order list --json", ""}},
    };
    return value;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    HomeBooks books{home};
    requests::RequestService service{books};
    const auto uses = service.order_uses();
    const auto& chain = home.chain();
    const auto& charter = chain.charter();
    console::CommandResult result;
    auto list = Document::list();
    for (const auto& [entry, in_force] : chain.orders()) {
        const auto& order = in_force->order;
        if (order.last <= home.now())
            continue;
        auto document = describe_standing_order(charter, order, entry);
        const auto& use = uses.at(entry);
        document.set("in_span", use.in_span).set("in_all", use.in_all).set("fees", use.fees);
        list.add(std::move(document));
        if (!result.text.empty())
            result.text.emplace_back();
        result.text.push_back(order.id + ": " + in_words(charter::Entry{order}));
        for (const auto& line : order_in_words(charter, order))
            result.text.push_back("  " + line);
        result.text.push_back("  paid or reserved: " + policy::used_in_words(charter, use));
    }
    if (result.text.empty())
        result.text.emplace_back("No standing order is in force.");
    result.document.set("orders", std::move(list));
    return result;
}

} // namespace

console::Command order_list_command()
{
    return {spec(), run};
}

} // namespace coffer::cli

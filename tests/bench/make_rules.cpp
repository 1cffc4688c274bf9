// Usage: make_rules HOME RULES
//
// Puts the charter of the example treasury in force in a home that `coffer init --environment test` made, with so many rules: of all but
// the last, each is of one payment to one destination of its own. Whoever pays `exchange` 5 ETH from `eth-cold` passes over them.

#include "core/storage/sqlite.h"
#include "tests/support/treasury.h"

#include <cstdio>

namespace {

using namespace coffer;

charter::Charter with_rules(std::size_t count)
{
    auto charter = test::example_charter();
    auto last = test::rule("last", {"eth-cold"}, "2 of finance");
    charter.rules.clear();
    for (std::size_t number = 1; number < count; ++number) {
        const auto name = std::to_string(number);
        charter.destinations.push_back({"payee-" + name, "ethereum", test::address_named(name)});
        auto rule = test::rule("rule-" + name, {"eth-cold"}, "2 of finance");
        rule.destinations = {charter::DestinationClass::Kind::listed, {"payee-" + name}};
        charter.rules.push_back(std::move(rule));
    }
    charter.rules.push_back(std::move(last));
    return charter;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fputs("usage: make_rules HOME RULES\n", stderr);
        return 2;
    }
    const auto chain = test::founded(with_rules(std::stoul(argv[2])));
    const auto& link = chain.links().front();
    storage::SqliteDatabase database{std::filesystem::path{argv[1]} / "coffer.db", {.application_id = storage::ApplicationId::online}};
    auto transaction = database.begin_immediate();
    database.run("INSERT INTO links (number, hash, previous, entry_hash, artefact, linked_at) VALUES ($1, $2, $3, $4, $5, $6)", link.number,
                 link.hash().bytes(), link.previous.bytes(), link.entry_hash().bytes(), link.artefact, test::founding_day.seconds);
    database.run("INSERT INTO charters (version, hash, sealed, adopted_at) VALUES ($1, $2, $3, $4)", chain.charter().version,
                 chain.charter_hash().bytes(), link.artefact, test::founding_day.seconds);
    transaction.commit();
    return 0;
}

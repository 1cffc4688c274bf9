#include "cli/commands/commands.h"

#include "cli/files/payments_csv.h"
#include "cli/files/problem.h"
#include "cli/home.h"
#include "cli/requests/proposing.h"
#include "core/console/streams.h"
#include "core/requests/request.h"

namespace coffer::cli {

namespace {

constexpr std::size_t most_file_bytes = 1024 * 1024;

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        console::CommandSpec made{
            .name = "propose batch",
            .summary = "open one request with many payments",
            .description = "One decision, one vote each, and all or nothing in the vault. The file has the header "
                           "`address,amount,asset,memo`; an address may also be the id of an address book entry or wallet, "
                           "an empty asset is the chain's native one.",
            .options = {{.name = "file", .metavar = "CSV", .help = "the payments; - is standard input", .letter = 'f',
                         .presence = console::Presence::required, .completes = console::Completes::file},
                        wallet_option(),
                        feerate_option(),
                        ladder_option(),
                        order_option(),
                        utxo_option(),
                        offline_option()},
            .exits = home_exits({ExitStatus::signature, ExitStatus::person}),
            .examples = {{"coffer propose batch --wallet eth-cold --file payments.csv", ""}},
        };
        for (auto& option : proposing_options())
            made.options.push_back(std::move(option));
        return made;
    }();
    return value;
}

/// Every bad line is named, so that the file is mended once.
std::vector<payments::Payment> parse_all(const std::vector<PaymentRow>& rows, const std::string& file, const charter::Charter& charter,
                                         const charter::Wallet& wallet)
{
    std::vector<payments::Payment> payments;
    std::vector<FileProblem> problems;
    for (const auto& row : rows) {
        try {
            payments.push_back(parse_payment({row.address, row.amount, row.asset}, charter, wallet));
        } catch (const Error& error) {
            problems.push_back({row.line, {}, error.code(), error.message()});
        }
    }
    if (!problems.empty())
        throw as_error(file, problems);
    return payments;
}

console::CommandResult run(console::Invocation& invocation)
{
    auto home = Home::open(invocation);
    const auto& charter = home.chain().charter();
    const auto& wallet = charter.wallet(invocation.text("wallet"));
    const auto file = invocation.text("file");
    const auto rows = parse_payments_csv(text_of(console::read_input(invocation, invocation.path("file"), most_file_bytes)), file);
    if (rows.size() > requests::most_payloads)
        throw Error{ErrorCode::limit, std::to_string(rows.size()) + " payments are over the limit of " +
                                          std::to_string(requests::most_payloads) + " in one request",
                    "divide the file"};
    const auto payments = parse_all(rows, file, charter, wallet);
    std::vector<std::string> memos;
    for (const auto& row : rows)
        memos.push_back(row.memo);
    return propose_payout(invocation, home, wallet, {.payments = payments, .memos = memos});
}

} // namespace

console::Command propose_batch_command()
{
    return {spec(), run};
}

} // namespace coffer::cli

#include "appliance/ceremony/share_entry.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/console/dialogue.h"
#include "core/console/output.h"
#include "core/console/passphrase.h"

#include <algorithm>
#include <array>

namespace coffer::appliance {

namespace {

constexpr int most_failures = 10;
constexpr std::size_t most_file_bytes = 256 * 1024;
constexpr unsigned long_exponent = 10; // some seconds, and twice as many with each more
constexpr Duration longest_wait = minutes(10);
constexpr std::string_view passphrase_name = "share-passphrase";

/// Those of a share that somebody has mistyped, or that is not the one asked for: the next try may be right.
bool is_of_a_share(ErrorCode code)
{
    constexpr std::array codes = {ErrorCode::share_word,    ErrorCode::share_length,    ErrorCode::share_checksum,
                                  ErrorCode::share_padding, ErrorCode::share_set,       ErrorCode::share_index,
                                  ErrorCode::share_threshold, ErrorCode::share_retired, ErrorCode::share_digest,
                                  ErrorCode::env};
    return std::ranges::find(codes, code) != codes.end();
}

std::vector<SecretBytes> lines_of(const SecretBytes& text)
{
    std::vector<SecretBytes> lines;
    const auto all = text.reveal();
    for (std::size_t begin = 0; begin < all.size();) {
        const auto end = static_cast<std::size_t>(std::find(all.begin() + static_cast<std::ptrdiff_t>(begin), all.end(), '\n') - all.begin());
        const auto line = all.subspan(begin, end - begin);
        if (std::ranges::any_of(line, [](std::uint8_t byte) { return byte != ' ' && byte != '\t' && byte != '\r'; }))
            lines.push_back(SecretBytes::copy_of(line));
        begin = end + 1;
    }
    return lines;
}

void explain(console::Terminal& terminal, const Error& error)
{
    const auto width = terminal.size().columns;
    for (const auto& line : wrap(error.message(), width))
        terminal.write_line(line);
    if (!error.hint().empty())
        for (const auto& line : wrap(error.hint(), width - 2))
            terminal.write_line("  " + line);
}

/// Shares of other programs may ask for 328 million iterations of PBKDF2.
void warn_of_long_work(const console::Invocation& invocation, const keys::ShareCollector& collector)
{
    if (!collector.shares().empty() && collector.shares().front().header.iteration_exponent >= long_exponent)
        invocation.output().warning("these shares are slow to combine (iteration exponent " +
                                    std::to_string(collector.shares().front().header.iteration_exponent) + "): it can take minutes");
}

std::string progress_in_words(const keys::ShareCollector& collector)
{
    const auto progress = collector.progress();
    std::vector<std::string> groups;
    for (const auto& group : progress.groups)
        groups.push_back((progress.group_count > 1 ? "group " + std::to_string(group.index + 1) + ": " : "") + std::to_string(group.given) + " of " +
                         std::to_string(group.threshold));
    auto words = "Taken. " + join(groups, ", ");
    if (progress.group_count > 1)
        words += "; " + std::to_string(progress.group_threshold) + " of " + std::to_string(progress.group_count) + " groups are needed";
    return words;
}

} // namespace

std::vector<console::OptionSpec> share_passphrase_options()
{
    auto options = console::secret_options(passphrase_name);
    options.push_back({.name = std::string{passphrase_name}, .help = "the shares have a passphrase of their own, asked for at the terminal"});
    return options;
}

std::vector<console::OptionSpec> share_entry_options()
{
    auto options = share_passphrase_options();
    options.push_back({.name = "shares-file",
                       .metavar = "FILE",
                       .help = "a private file with a share a line; else they are asked for",
                       .completes = console::Completes::file});
    return options;
}

SecretBytes read_share_passphrase(const console::Invocation& invocation, bool has_one)
{
    if (has_one || invocation.has("share-passphrase") || invocation.has("share-passphrase-file") || invocation.has("share-passphrase-fd"))
        return console::read_passphrase(invocation, "the shares", passphrase_name);
    return SecretBytes{};
}

std::vector<SecretBytes> read_share_lines(const std::filesystem::path& file)
{
    return lines_of(console::read_secret_file(file, most_file_bytes));
}

ShareReader::ShareReader(console::Invocation& invocation, From from) : m_invocation{invocation}
{
    if (from == From::file_or_terminal && invocation.has("shares-file"))
        m_lines = read_share_lines(invocation.path("shares-file"));
    else
        console::require_terminal(invocation.environment().terminal, "entering shares");
}

bool ShareReader::read(const std::string& prompt, const std::function<void(keys::Share)>& take)
{
    if (m_lines) {
        if (m_next == m_lines->size())
            return false;
        const auto number = ++m_next;
        try {
            take(keys::parse_share((*m_lines)[number - 1]));
        } catch (const Error& error) {
            throw error.in("share " + std::to_string(number) + " of the file");
        }
        return true;
    }
    auto& terminal = m_invocation.environment().terminal;
    for (int failures = 0;;) {
        terminal.flush_input();
        try {
            take(keys::parse_share(terminal.read_secret(prompt)));
            return true;
        } catch (const Error& error) {
            if (!is_of_a_share(error.code()) || ++failures == most_failures)
                throw;
            explain(terminal, error);
        }
    }
}

SecretBytes restore_from_shares(console::Invocation& invocation, const requests::VaultLedger& ledger, const std::string& key)
{
    ShareReader reader{invocation};
    keys::ShareCollector collector;
    const auto take = [&](keys::Share share) {
        require_usable_share(ledger.shares(), share, key, ledger.environment());
        collector.add(std::move(share));
        if (reader.is_at_terminal())
            invocation.environment().terminal.write_line(progress_in_words(collector));
    };
    const auto whose = key.empty() ? std::string{} : " of key " + key;
    while (!collector.is_complete())
        if (!reader.read("Share " + std::to_string(collector.shares().size() + 1) + whose + ", its words or their first four letters (not shown): ", take))
            break; // combining says what is missing
    const auto* current = key.empty() ? nullptr : ledger.shares().current_of(key);
    warn_of_long_work(invocation, collector);
    return keys::combine_shares(collector.shares(), read_share_passphrase(invocation, current != nullptr && current->set.has_passphrase));
}

void unlock_key(console::Invocation& invocation, Session& session, const std::string& key)
{
    const auto* known = session.ledger().find_key(key);
    if (known == nullptr || known->rest != requests::vault::KeyRest::none || session.has_secret(key))
        return;
    session.enter_key(key, restore_from_shares(invocation, session.ledger(), key));
    invocation.environment().terminal.limit_waiting(longest_wait);
}

} // namespace coffer::appliance

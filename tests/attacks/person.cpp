#include "tests/attacks/person.h"

#include "core/chains/payload_format.h"
#include "tests/support/scripted_terminal.h"

#include <algorithm>
#include <regex>
#include <stdexcept>

namespace coffer::test::attacks {

namespace {

/// Without what only moves inside the paying wallet.
payments::Payment largest_of(const Person::Content& content, const std::string& symbol, const charter::Charter& charter)
{
    std::vector<payments::Payment> totals;
    for (const auto& payment : content.payments) {
        const auto& chain = charter.chain(payment.amount.asset().chain);
        const auto* owner = chains::format_of(chain).find_owner(charter, chain, payment.destination);
        if (payment.amount.asset().symbol != symbol || (owner != nullptr && owner->id == content.payer))
            continue;
        const auto same = std::ranges::find(totals, payment.destination, &payments::Payment::destination);
        if (same == totals.end())
            totals.push_back(payment);
        else
            same->amount = same->amount + payment.amount;
    }
    if (totals.empty())
        throw std::runtime_error{"nothing leaves in " + symbol};
    return *std::ranges::max_element(totals, [](const auto& a, const auto& b) { return a.amount < b.amount; });
}

std::size_t count_of(std::string_view text, std::string_view all)
{
    std::size_t count = 0;
    for (auto at = all.find(text); at != std::string_view::npos; at = all.find(text, at + 1))
        ++count;
    return count;
}

} // namespace

std::optional<std::string> Person::operator()(const std::string& prompt, const std::string& transcript) const
{
    const auto is_asked = [&](std::string_view text) { return prompt.find(text) != std::string::npos; };
    if (is_asked("is that the date?"))
        return get<std::string>(m_manners, "date", "y");
    if (is_asked("paper log say the same?"))
        return get<std::string>(m_manners, "paper_log", "y");
    if (is_asked("Set it to"))
        return "y";
    if (!is_asked("to sign; n declines"))
        return std::nullopt;
    if (m_manners.contains("challenge"))
        return m_manners.at("challenge").get<std::string>();
    if (count_of("the question has moved", transcript) < get<std::size_t>(m_manners, "wrong_answers", 0))
        return "0000";
    return answer_challenge(prompt, transcript);
}

std::string Person::answer_challenge(const std::string& prompt, const std::string& transcript) const
{
    static const std::regex uuid{"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"};
    std::string last;
    for (std::sregex_iterator match{transcript.begin(), transcript.end(), uuid}, end; match != end; ++match)
        last = match->str();
    const auto& content = m_known.at(last);
    if (prompt.find("fingerprint") != std::string::npos)
        return fingerprint_answer(content.fingerprint)(transcript);
    const auto symbol = prompt.substr(prompt.find("the amount in ") + 14);
    const auto largest = largest_of(content, symbol.substr(0, symbol.find(',')), m_charter);
    const auto& chain = m_charter.chain(largest.amount.asset().chain);
    const auto address = chains::format_of(chain).format_address(largest.destination, chain);
    const auto amount = format_decimal(largest.amount.base_units(), m_charter.decimals(largest.amount.asset()));
    return challenge_answer(address, amount)(transcript);
}

} // namespace coffer::test::attacks

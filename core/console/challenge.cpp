#include "core/console/challenge.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/console/dialogue.h"

#include <algorithm>

namespace coffer::console {

namespace {

constexpr std::size_t character_count = 6;
/// Look-alike addresses are made to agree at their ends, so these are never asked for.
constexpr std::size_t end_characters = 8;
constexpr int max_tries = 3;

/// Uniform below `bound` (at most 256).
std::size_t random_below(crypto::Random& random, std::size_t bound)
{
    require(bound > 0 && bound <= 256, "random number below an unusable bound");
    const auto limit = 256 - 256 % bound;
    while (true) {
        const std::size_t byte = random.array<1>()[0];
        if (byte < limit)
            return byte % bound;
    }
}

std::string_view without_prefix(std::string_view address)
{
    return address.starts_with("0x") ? address.substr(2) : address;
}

/// Hex with a checksum in its case is still the same address in any case; base58 is not.
bool has_meaningful_case(std::string_view address)
{
    const bool has_upper = std::ranges::any_of(address, [](char c) { return c >= 'A' && c <= 'Z'; });
    const bool has_lower = std::ranges::any_of(without_prefix(address), [](char c) { return c >= 'a' && c <= 'z'; });
    return !address.starts_with("0x") && has_upper && has_lower;
}

/// From the middle; of a short address from wherever six characters are.
std::size_t random_start(crypto::Random& random, std::size_t size)
{
    if (size >= 2 * end_characters + character_count)
        return end_characters +
               random_below(random, std::min<std::size_t>(256, size - 2 * end_characters - character_count + 1));
    return size > character_count ? random_below(random, size - character_count + 1) : 0;
}

/// One row an asset and destination, in order of appearance, with what it gets in all.
std::vector<ChallengePayment> totals(const std::vector<ChallengePayment>& payments)
{
    std::vector<ChallengePayment> sums;
    for (const auto& payment : payments) {
        const auto same = std::ranges::find_if(sums, [&](const ChallengePayment& sum) {
            return sum.destination == payment.destination && sum.amount.asset() == payment.amount.asset();
        });
        if (same == sums.end())
            sums.push_back(payment);
        else
            same->amount = same->amount + payment.amount;
    }
    return sums;
}

/// The largest of each asset, in order of appearance; the first of equal ones.
std::vector<ChallengePayment> largest_of_each(const std::vector<ChallengePayment>& payments)
{
    std::vector<ChallengePayment> largest;
    for (const auto& sum : totals(payments)) {
        const auto same = std::ranges::find_if(
            largest, [&](const ChallengePayment& other) { return other.amount.asset() == sum.amount.asset(); });
        if (same == largest.end())
            largest.push_back(sum);
        else if (same->amount < sum.amount)
            *same = sum;
    }
    return largest;
}

ChallengeQuestion destination_question(const ChallengePayment& payment, bool is_only_one, crypto::Random& random)
{
    const auto address = without_prefix(payment.destination);
    require(!address.empty(), "a payment has no destination");
    const auto start = random_start(random, address.size());
    const auto characters = address.substr(start, character_count);
    const auto symbol = escaped(payment.amount.asset().symbol);
    ChallengeQuestion question;
    question.prompt = "Type characters " + std::to_string(start + 1) + " to " +
                      std::to_string(start + characters.size()) + " of the " +
                      (is_only_one ? "" : "largest " + symbol + " ") + "destination, and the amount in " + symbol;
    question.characters = characters;
    question.case_matters = has_meaningful_case(payment.destination);
    question.amount = payment.amount;
    question.decimals = payment.decimals;
    return question;
}

ChallengeQuestion fingerprint_question(const std::string& fingerprint, crypto::Random& random)
{
    const auto words = split(fingerprint, '-');
    require(words.size() >= 2, "a challenge has neither a payment nor a fingerprint");
    auto first = random_below(random, words.size());
    auto second = random_below(random, words.size() - 1);
    if (second >= first)
        ++second;
    if (second < first)
        std::swap(first, second);
    ChallengeQuestion question;
    question.prompt =
        "Type words " + std::to_string(first + 1) + " and " + std::to_string(second + 1) + " of the fingerprint";
    question.characters = words[first] + "-" + words[second];
    return question;
}

std::string without_blanks(std::string_view text)
{
    std::string out{text};
    std::erase_if(out, [](char c) { return c == ' ' || c == '\t'; });
    return out;
}

bool is_amount(std::string_view text, const Amount& amount, unsigned decimals)
{
    try {
        return parse_decimal(text, decimals) == amount.base_units();
    } catch (const Error&) {
        return false; // whatever is no amount is a wrong answer
    }
}

} // namespace

bool ChallengeQuestion::is_answered_by(std::string_view typed) const
{
    if (!amount) {
        auto words = to_lower_ascii(trim(typed));
        std::ranges::replace(words, ' ', '-');
        return words == to_lower_ascii(characters);
    }
    const auto answer = without_blanks(typed);
    const auto first = std::string_view{answer}.substr(0, characters.size());
    const bool is_same = case_matters ? first == characters : to_lower_ascii(first) == to_lower_ascii(characters);
    return is_same && is_amount(std::string_view{answer}.substr(first.size()), *amount, decimals);
}

std::vector<ChallengeQuestion> make_challenge(const ChallengeContent& content, crypto::Random& random)
{
    if (content.payments.empty())
        return {fingerprint_question(content.fingerprint, random)};
    const bool is_only_one = totals(content.payments).size() == 1;
    std::vector<ChallengeQuestion> questions;
    for (const auto& payment : largest_of_each(content.payments))
        questions.push_back(destination_question(payment, is_only_one, random));
    return questions;
}

void require_challenge(Terminal& terminal, crypto::Random& random, const ChallengeContent& content,
                       std::string_view purpose)
{
    require_terminal(terminal, "the question " + std::string{purpose});
    int wrong_answers = 0;
    const auto is_answered = [&](const ChallengeQuestion& question) {
        terminal.flush_input();
        const auto typed = terminal.read_line(question.prompt + ", " + std::string{purpose} + "; n declines: ");
        const auto word = to_lower_ascii(trim(typed));
        if (word == "n" || word == "no")
            throw Error{ErrorCode::declined, "declined at the terminal"};
        return question.is_answered_by(typed);
    };
    while (!std::ranges::all_of(make_challenge(content, random), is_answered)) {
        if (++wrong_answers == max_tries)
            throw Error{ErrorCode::declined, "declined after three wrong answers"};
        terminal.write_line("That is not what the review says. Compare again; the question has moved.");
    }
}

} // namespace coffer::console

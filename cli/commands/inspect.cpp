#include "cli/commands/commands.h"

#include "cli/home.h"
#include "cli/inspection.h"
#include "cli/sealed_charter.h"
#include "cli/streams.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "core/console/output.h"
#include "core/encoding/base64.h"
#include "core/encoding/hex.h"

#include <algorithm>
#include <array>

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value{
        .name = "inspect",
        .summary = "say what any artefact is and does",
        .description = "Needs no home and no network. Signatures are judged by the keys that the artefact carries, by those of --charter, "
                       "and by the home's charter where there is one.",
        .arguments = {{.name = "WHAT",
                       .help = "a file, - for standard input, or the text itself: raw, hex or base64",
                       .presence = console::Presence::optional,
                       .completes = console::Completes::file}},
        .options = {{.name = "as", .metavar = "KIND", .help = "what it is, where that cannot be told from the input"},
                    {.name = "charter",
                     .metavar = "SEALED",
                     .help = "judge signatures by this sealed charter",
                     .completes = console::Completes::file}},
        .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::signature, ExitStatus::not_found},
        .examples = {{"coffer inspect to-vault.coffer", ""},
                     {"coffer inspect --as evm_transaction 0x02f8…", ""},
                     {"coffer --json inspect -", ""}},
    };
    return value;
}

constexpr std::array own_kinds = {"export", "charter", "entry", "request", "vote", "review", "bundle", "receipt", "head"};
constexpr std::array other_kinds = {"address", "extended_key", "evm_transaction"};

void require_known_kind(const std::string& kind)
{
    const auto is = [&](const char* name) { return kind == name; };
    if (kind.empty() || std::ranges::any_of(own_kinds, is) || std::ranges::any_of(other_kinds, is))
        return;
    std::vector<std::string> names(other_kinds.begin(), other_kinds.end());
    names.insert(names.end(), own_kinds.begin(), own_kinds.end());
    throw Error{ErrorCode::usage, "--as " + coffer::quoted(kind) + " is no kind that is understood", "there are " + join(names, ", ")};
}

/// The input as it came, as text where it is text, and what that text spells.
struct Input {
    Bytes raw;
    std::string text;             ///< without blanks around it; empty for bytes that are no text
    std::optional<Bytes> hex{};   ///< with or without 0x
    std::optional<Bytes> base64{};
};

std::optional<Bytes> attempt(Bytes (*decode)(std::string_view), std::string_view text)
{
    try {
        return text.empty() ? std::nullopt : std::optional{decode(text)};
    } catch (const Error&) {
        return std::nullopt;
    }
}

bool is_text(const Bytes& raw)
{
    return is_valid_utf8(text_of(raw)) && std::ranges::none_of(raw, [](std::uint8_t byte) {
               return byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t';
           });
}

Input read(const console::Invocation& invocation)
{
    const auto what = invocation.find("WHAT").value_or("-");
    Input input;
    const auto file = path_of(invocation, what);
    std::error_code ignored;
    if (what == "-" || (what.size() < 4096 && std::filesystem::exists(file, ignored)))
        input.raw = read_input(invocation, file, most_large_artefact_bytes);
    else
        input.raw = to_bytes(bytes_of(what));
    if (!is_text(input.raw))
        return input;
    input.text = trim(text_of(input.raw));
    std::string_view digits = input.text;
    if (digits.starts_with("0x") || digits.starts_with("0X"))
        digits.remove_prefix(2);
    std::string joined;
    std::ranges::copy_if(digits, std::back_inserter(joined), [](char c) { return c != '\n' && c != '\r' && c != ' '; });
    input.hex = attempt(encoding::decode_hex, joined);
    input.base64 = attempt(encoding::decode_base64, joined);
    if (input.raw.size() == what.size() && !input.hex && !input.base64 && what.find_first_of("/.") != std::string::npos)
        throw Error{ErrorCode::not_found, "there is no file " + coffer::quoted(what)};
    return input;
}

std::optional<Bytes> find_artefact_bytes(const Input& input, bool is_demanded)
{
    for (const auto* bytes : {&input.raw, input.hex ? &*input.hex : nullptr, input.base64 ? &*input.base64 : nullptr})
        if (bytes != nullptr && artefacts::Artefact::looks_like_one(*bytes))
            return *bytes;
    if (is_demanded)
        return input.hex ? *input.hex : input.base64 ? *input.base64 : input.raw;
    return std::nullopt;
}

/// Charters that are at hand; a home that does not open is none.
KnownKeys known_keys(console::Invocation& invocation)
{
    KnownKeys known;
    if (invocation.has("charter")) {
        known.add(load_sealed_charter(invocation, invocation.path("charter")).charter);
        return known;
    }
    try {
        if (std::filesystem::exists(home_paths(invocation).config)) {
            auto home = Home::open(invocation);
            for (const auto& link : home.has_charter() ? home.chain().links() : std::vector<charter::Link>{}) {
                const auto artefact = artefacts::Artefact::decode_any(link.artefact);
                if (artefact.kind() == artefacts::Kind::charter)
                    known.add(charter::open(artefact));
            }
        }
    } catch (const Error& error) {
        invocation.output().warning("the home's charter is not used: " + error.message());
    }
    return known;
}

std::optional<Document> inspect_own(console::Invocation& invocation, const Input& input, const std::string& kind)
{
    const bool is_demanded = std::ranges::any_of(own_kinds, [&](const char* name) { return kind == name; });
    if (!kind.empty() && !is_demanded)
        return std::nullopt;
    const auto bytes = find_artefact_bytes(input, is_demanded);
    if (!bytes)
        return std::nullopt;
    const auto artefact = artefacts::Artefact::decode_any(*bytes);
    if (is_demanded && artefacts::name_of(artefact.kind()) != kind)
        throw Error{ErrorCode::type, "this is a coffer-" + std::string{artefacts::name_of(artefact.kind())} + ", not a coffer-" + kind};
    auto known = known_keys(invocation);
    return inspect_artefact(artefact, known);
}

std::optional<Document> inspect_for_chains(const Input& input, const std::string& kind)
{
    const auto& bytes = input.hex ? *input.hex : input.base64 && input.text.size() > 64 ? *input.base64 : input.raw;
    for (const auto* format : chains::all_formats())
        if (auto document = format->inspect(bytes, input.text, kind))
            return document;
    return std::nullopt;
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto kind = invocation.find("as").value_or("");
    require_known_kind(kind);
    const auto input = read(invocation);
    if (input.raw.empty())
        throw Error{ErrorCode::malformed, "there is nothing to inspect"};
    console::CommandResult result;
    auto document = inspect_own(invocation, input, kind);
    if (!document)
        document = inspect_extended_key(input.text, kind);
    if (!document)
        document = inspect_for_chains(input, kind);
    if (!document)
        throw Error{ErrorCode::malformed, std::to_string(input.raw.size()) + " bytes are no artefact that is understood",
                    "--as KIND says what it should be, and then what is wrong with it"};
    result.document = std::move(*document);
    return result;
}

} // namespace

console::Command inspect_command()
{
    return {spec(), run};
}

} // namespace coffer::cli

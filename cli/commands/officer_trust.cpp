#include "cli/commands/commands.h"

#include "cli/officer_key.h"
#include "cli/sealed_charter.h"
#include "core/base/text.h"
#include "core/console/dialogue.h"
#include "core/console/output.h"
#include "core/encoding/hex.h"

namespace coffer::cli {

namespace {

const console::CommandSpec& spec()
{
    static const console::CommandSpec value = [] {
        console::CommandSpec made{
            .name = "officer trust",
            .summary = "tell an officer's key which charter to trust",
            .description = "Stores the charter's hash, authenticated, in the key file. From there every approve verifies the policy "
                           "chain and refuses another one.\n"
                           "The hash is compared with the other officers and given whole, by --hash or typed; it is not read from the file.",
            .arguments = {{.name = "SEALED", .help = "the sealed charter", .completes = console::Completes::file}},
            .options = {{.name = "hash", .metavar = "HASH", .help = "the whole hash; without it, it is typed"}},
            .exits = {ExitStatus::malformed, ExitStatus::policy, ExitStatus::signature, ExitStatus::conflict,
                      ExitStatus::not_found, ExitStatus::integrity, ExitStatus::person},
            .examples = {{"coffer officer trust charter.coffer --hash 3f9a…c1 --key alice.key", ""}},
        };
        for (auto& option : officer_options())
            if (option.name != "officer")
                made.options.push_back(std::move(option));
        return made;
    }();
    return value;
}

CharterHash hash_given(const console::Invocation& invocation, const SealedCharter& sealed)
{
    const auto shown = encoding::encode_hex(sealed.hash.bytes());
    const auto given = invocation.find("hash");
    if (!given) {
        auto& terminal = invocation.environment().terminal;
        console::require_terminal(terminal, "the hash of the charter, by --hash or typed");
        console::require_typed(terminal, "Type the hash of the charter that you compared with the other officers: ", shown);
        return sealed.hash;
    }
    Bytes bytes;
    try {
        bytes = encoding::decode_hex(*given);
    } catch (const Error& error) {
        throw Error{ErrorCode::usage, "--hash: " + error.message()};
    }
    if (bytes.size() != CharterHash::size)
        throw Error{ErrorCode::usage, "--hash has " + std::to_string(bytes.size()) + " bytes, a charter's hash has 32"};
    if (!equal(bytes, sealed.hash.bytes()))
        throw Error{ErrorCode::charter_untrusted, "the charter's hash is " + shown + ", not " + encoding::encode_hex(bytes),
                    "this is not the charter that the officers compared; do not trust it"};
    return sealed.hash;
}

void require_no_other_treasury(const OfficerKey& key, const SealedCharter& sealed)
{
    if (key.anchor() && !(key.anchor()->header == sealed.charter.header))
        throw Error{ErrorCode::charter_untrusted, "the key trusts a charter of another treasury already",
                    "a key serves one treasury; make another one with coffer officer keygen"};
}

console::CommandResult run(console::Invocation& invocation)
{
    const auto sealed = load_sealed_charter(invocation, invocation.path("SEALED"));
    charter::require_valid(sealed.charter);
    const auto hash = hash_given(invocation, sealed);
    auto key = OfficerKey::open(invocation, officer_key_file(invocation, nullptr));
    static_cast<void>(key.require_officer(sealed.charter, key.officer()));
    require_no_other_treasury(key, sealed);

    // The newest position that was seen stays: trusting an older charter anew never takes it back.
    auto anchor = key.anchor().value_or(TrustAnchor{sealed.charter.header, hash, std::nullopt, {}});
    const bool is_new = !key.anchor() || (!anchor.position && anchor.charter != hash);
    if (!anchor.position)
        anchor.charter = hash;
    key.trust(anchor);

    console::CommandResult result;
    result.document.set("officer", key.officer())
        .set("hash", Document::hex(anchor.charter.bytes()))
        .set("version", sealed.charter.version)
        .set("changed", is_new);
    result.text = {is_new ? key.officer() + " trusts " + coffer::quoted(sealed.charter.name) + ", version " +
                                std::to_string(sealed.charter.version) + ", " + encoding::encode_hex(hash.bytes())
                          : key.officer() + "'s key has an anchor already, nothing to do"};
    return result;
}

} // namespace

console::Command officer_trust_command()
{
    return {spec(), run};
}

} // namespace coffer::cli

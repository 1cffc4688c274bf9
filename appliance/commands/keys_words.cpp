#include "appliance/ceremony/key_words.h"
#include "appliance/ceremony/share_entry.h"
#include "appliance/ceremony/voted_ceremony.h"
#include "appliance/commands/commands.h"
#include "appliance/commands/keys.h"
#include "core/base/text.h"

namespace coffer::appliance {

namespace {

using Operation = payments::Ceremony::Operation;

console::CommandResult show_words_of_key(console::Invocation& invocation)
{
    auto session = open_session(invocation);
    const auto key = invocation.text("K");
    const auto* known = session.ledger().find_key(key);
    if (known == nullptr)
        throw Error{ErrorCode::not_found, "there is no key " + coffer::quoted(key) + " in this home", "coffer-cold keys list"};
    require_has_words(key, known->scheme);
    std::optional<VotedCeremony> ceremony;
    if (invocation.has("bundle"))
        ceremony.emplace(invocation, session, Operation::words, key);
    else
        require_free(session, key, Operation::words);
    console::CommandResult result;
    result.document.set("key", key).set("fingerprint", known->fingerprint);
    if (ceremony && ceremony->was_signed()) {
        result.text = {"The words were shown before; this is the receipt."};
    } else {
        unlock_key(invocation, session, key);
        show_key_words(invocation.environment(), session, key, ceremony ? std::optional{ceremony->request()} : std::nullopt);
        result.text = {"The words of key " + key + " are on paper.", "Whoever has them can spend without this appliance."};
    }
    if (ceremony)
        ceremony->finish(result);
    return result;
}

} // namespace

console::Command keys_words_command()
{
    console::CommandSpec spec{.name = "keys words",
                              .summary = "show the BIP-39 words of a key",
                              .description = "On the terminal alone, to be written down, and confirmed by words that are typed. They are the whole key: a key "
                                             "that a charter names needs a request that officers voted for (--bundle).",
                              .arguments = {{.name = "K", .help = "the key's id in this home"}},
                              .options = voted_ceremony_options(),
                              .exits = session_exits()};
    spec.options = with_shares(std::move(spec.options));
    return {std::move(spec), show_words_of_key};
}

} // namespace coffer::appliance

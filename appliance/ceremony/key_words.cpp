#include "appliance/ceremony/key_words.h"

#include "appliance/ceremony/words_on_paper.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/console/dialogue.h"
#include "core/keys/mnemonic.h"

namespace coffer::appliance {

void require_has_words(const std::string& key, keys::SeedScheme scheme)
{
    if (scheme != keys::SeedScheme::bip39)
        throw Error{ErrorCode::usage, "key " + coffer::quoted(key) + " has no words: its seed is made as SLIP-39 says, and words would make another key",
                    "coffer-cold shares create gives it shares"};
}

void show_key_words(console::Environment& environment, Session& session, const std::string& key, const std::optional<RequestDigest>& request)
{
    const auto* known = session.ledger().find_key(key);
    require(known != nullptr, "the words of a key that is in the home");
    require_has_words(key, known->scheme);
    console::require_terminal(environment.terminal, "showing the words");
    const bool is_rehearsal = session.ledger().environment() == artefacts::Environment::rehearsal;
    const auto words = keys::mnemonic_from_entropy(session.secret_of(key));
    const auto fingerprint = known->fingerprint;
    session.ledger().append({{session.now(environment.clock), requests::vault::WordsShown{key, request}}});
    have_written_down(environment, words,
                      {.name = "key " + key,
                       .heading = std::string{is_rehearsal ? "REHEARSAL: " : ""} + "The words of key " + key + ", which are the whole key",
                       .and_with_them = "with the fingerprint " + fingerprint,
                       .if_not = "the words on paper may be wrong: destroy them, and show them again with coffer-cold keys words"});
}

} // namespace coffer::appliance

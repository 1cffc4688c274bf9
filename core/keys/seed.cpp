#include "core/keys/seed.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/keys/mnemonic.h"

namespace coffer::keys {

std::string_view name_of(SeedScheme scheme)
{
    return scheme == SeedScheme::bip39 ? "bip39" : "slip39";
}

SeedScheme parse_seed_scheme(std::string_view name)
{
    for (const auto scheme : {SeedScheme::bip39, SeedScheme::slip39})
        if (name_of(scheme) == name)
            return scheme;
    throw Error{ErrorCode::malformed, quoted(name) + " is no way to make a seed: bip39 or slip39"};
}

SecretBytes seed_of(const SecretBytes& secret, SeedScheme scheme)
{
    if (scheme == SeedScheme::slip39)
        return secret.clone();
    return seed_from_mnemonic(mnemonic_from_entropy(secret), SecretBytes{});
}

} // namespace coffer::keys

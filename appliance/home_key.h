#pragma once

#include "appliance/home.h"
#include "core/artefacts/artefact.h"
#include "core/keys/sealed_key.h"

#include <chrono>
#include <functional>

/// home.key: what everything else of a home is sealed under, itself sealed under the passphrase.
namespace coffer::appliance {

/// The header's public part is the identity. Throws Error{wrong_passphrase} and what keys::open() throws.
keys::OpenKey open_home_key(const Home& home, const SecretBytes& passphrase);

/// Makes the file; it is the last step of a new home. Throws Error{exists}.
void make_home_key(const Home& home, std::string_view identity, const SecretBytes& home_key, const SecretBytes& passphrase,
                   crypto::Random& random, crypto::Argon2Cost cost);

/// Puts the same home key under another passphrase, with a fresh salt. The new file is opened before it takes the place
/// of the old one; after a crash one of both is there whole. Throws Error{usage} when both passphrases are the same.
void change_passphrase(const Home& home, const SecretBytes& old_passphrase, const SecretBytes& new_passphrase, crypto::Random& random,
                       crypto::Argon2Cost cost);

/// About a second of this machine, by the quickest of three runs at the floor that `monotonic` times: other work on it must not make a
/// passphrase cheap. Homes of `test`, where nothing is at stake, take the floor.
crypto::Argon2Cost passphrase_cost(artefacts::Environment environment, const std::function<std::chrono::milliseconds()>& monotonic);

} // namespace coffer::appliance

#pragma once

#include "appliance/session.h"
#include "core/console/environment.h"

#include <optional>
#include <string>

namespace coffer::appliance {

/// Throws Error{usage} for a key that has none: its seed is made as SLIP-39 says, and words would make another key.
void require_has_words(const std::string& key, keys::SeedScheme scheme);

/// Shows the BIP-39 words of a key as have_written_down() does; the log says so before the first of them.
void show_key_words(console::Environment& environment, Session& session, const std::string& key, const std::optional<RequestDigest>& request);

} // namespace coffer::appliance

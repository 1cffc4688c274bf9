#pragma once

#include "core/console/environment.h"
#include "core/keys/slip39.h"
#include "core/requests/share_sets.h"

#include <string>

namespace coffer::appliance {

/// Which share it is, for people: "share 2 of 5", "share 2 of 5 of group 1 of 3".
std::string name_of_share(const requests::ShareSet& set, std::size_t group, std::size_t member);

/// Shows the words of a share alone and takes them from the screen again; then three of them, of places that are drawn, are typed by
/// whoever has written them down. What is wrong three times throws Error{declined}.
void hand_out(console::Environment& environment, const keys::Share& share, const std::string& name, const std::string& holder);

/// Throws unless it may be used for the key (empty: for whichever): Error{env}, Error{share_retired} for one of a set that is in use no
/// more or was never finished, Error{share_set} for one of another key or set, Error{share_digest} for one that says it is of a set of this
/// home and was never handed out. Where this home keeps no record of shares of the key any other share will do.
void require_usable_share(const requests::ShareSets& known, const keys::Share& share, const std::string& key,
                          artefacts::Environment environment);

} // namespace coffer::appliance

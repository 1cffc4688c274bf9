#pragma once

#include "appliance/session.h"
#include "core/console/share_shape.h"

#include <optional>
#include <string>
#include <vector>

namespace coffer::appliance {

/// What shares are to be made of a key.
struct ShareOrder {
    std::string key;
    console::ShareShape shape;
    std::uint16_t identifier = 0;
    std::optional<RequestDigest> request{}; ///< the ceremony that allows it
};

/// --threshold T --count N, or --groups 2of3,3of5 --group-threshold G; --holder, --shares-out, and --new-share-passphrase and its kin.
std::vector<console::OptionSpec> share_making_options();
/// True when the shares are to get a passphrase of their own.
bool names_share_passphrase(const console::Invocation& invocation);

/// Makes a set: known to the log before the first word is shown; each share alone on the terminal, confirmed by words that are typed, or
/// all of them in the private file of --shares-out, which `production` refuses (Error{env}); then every subset is tried, and the set kept.
/// Error{env} and Error{exists} also for an identifier that this home cannot use.
/// When it throws the sets of before are those in use.
console::CommandResult make_shares(console::Invocation& invocation, Session& session, const ShareOrder& order);

} // namespace coffer::appliance

#pragma once

#include "core/base/document.h"

#include <optional>
#include <string>

namespace coffer::inspection {

/// What SLIP-39 words say openly: set, place and thresholds, never their value. Text of nearly so many words as a share
/// has, nearly all of them of its list, is a share, and any is when `kind` says so: then what is wrong with it is
/// thrown as by keys::parse_share. None for anything else.
std::optional<Document> inspect_share(ByteView input, const std::string& kind);

} // namespace coffer::inspection

#pragma once

#include "core/artefacts/share_drill.h"
#include "core/base/document.h"

#include <optional>
#include <string>

namespace coffer::inspection {

/// What SLIP-39 words say openly: set, place and thresholds, never their value. Text of nearly so many words as a share
/// has, nearly all of them of its list, is a share, and any is when `kind` says so: then what is wrong with it is
/// thrown as by keys::parse_share. None for anything else.
std::optional<Document> inspect_share(ByteView input, const std::string& kind);

/// Says what the record of a drill says, beside its header and signatures.
void describe_share_drill(Document& document, const artefacts::ShareDrill& drill);

} // namespace coffer::inspection

#pragma once

#include "core/artefacts/artefact.h"

#include <string>

namespace coffer::requests {

/// The signed head of a log: size and RFC 9162 root. `source` is an appliance's id, or `online`.
struct Head {
    artefacts::BodyHeader header;
    std::string source;
    std::uint64_t size = 0;
    Hash256 root;
    UtcTime time;
    bool operator==(const Head&) const = default;
};

constexpr std::string_view online_source = "online";

artefacts::Artefact encode(const Head& head);
Head decode_head(const artefacts::Artefact& artefact);

} // namespace coffer::requests

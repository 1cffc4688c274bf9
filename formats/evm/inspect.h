#pragma once

#include "core/base/document.h"

#include <optional>
#include <string_view>

namespace coffer::evm {

/// Says what an address (kind `address`) or a transaction of any type, signed or not (kind
/// `evm_transaction`) is; none when the input looks like neither. A `kind` that is named is tried
/// whatever the input looks like, and what is wrong with it is an error: those of parse_address(),
/// with a checksum optional, and of decode_unsigned() and decode_signed().
std::optional<Document> inspect(ByteView bytes, std::string_view text, std::string_view kind);

} // namespace coffer::evm

#pragma once

#include "core/base/document.h"

#include <optional>
#include <string_view>

namespace coffer::bitcoin {

/// Says what an address, a descriptor, an extended key, a PSBT or a transaction is (kinds `address`, `descriptor`,
/// `extended_key`, `psbt`, `bitcoin_transaction`); none when the input looks like none of them. A PSBT may stand in base64
/// or hex in `text`; without `kind` a transaction is only what decodes whole.
///
/// A `kind` that is named is tried whatever the input looks like (an address excepted, which may be another chain's), and
/// what is wrong with it is an error: those of parse_address(), Descriptor::parse(), read_slip132(), decode_psbt(),
/// unsigned_transaction() and decode_transaction(). What a PSBT claims and does not prove is a warning, never an error.
/// No private key is repeated, in a document or an error.
std::optional<Document> inspect(ByteView bytes, std::string_view text, std::string_view kind);

} // namespace coffer::bitcoin

#pragma once

#include <string>
#include <string_view>

namespace coffer::bitcoin {

/// The 8 characters behind `#` (BIP-380). `h` and `'` count as written. Throws Error{malformed}
/// for a character that no descriptor has.
std::string descriptor_checksum(std::string_view descriptor);

} // namespace coffer::bitcoin

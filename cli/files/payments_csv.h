#pragma once

#include "cli/files/problem.h"

#include <string>
#include <string_view>
#include <vector>

namespace coffer::cli {

/// A line of `propose batch --file`.
struct PaymentRow {
    std::size_t line = 0;
    std::string address;
    std::string amount; ///< in the asset's unit
    std::string asset;  ///< empty: the native one
    std::string memo;
    bool operator==(const PaymentRow&) const = default;
};

/// The header `address,amount,asset,memo`, then 1 to 10,000 rows (RFC 4180, comma only; CR LF or LF;
/// a byte order mark is skipped). At most 1 MiB of valid UTF-8 without control characters, memos of at most
/// 200 bytes. What the fields say is judged by whoever knows the charter.
/// All or nothing: throws as_error(file, …) with every bad line.
std::vector<PaymentRow> parse_payments_csv(std::string_view text, std::string_view file);

} // namespace coffer::cli

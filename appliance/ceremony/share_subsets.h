#pragma once

#include "core/keys/slip39.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace coffer::appliance {

/// Which shares restore a secret together: indexes into a list of shares.
using ShareSubset = std::vector<std::size_t>;

/// Up to this many, every one is tried.
constexpr std::size_t most_subsets = 100;

/// Subsets of exactly as many shares as it takes, from all shares of one set: every one when there are at most most_subsets, else so many
/// that each share is in at least three different ones, as far as its group allows. Throws Error{share_threshold} unless the list holds every
/// share of the set once.
std::vector<ShareSubset> subsets_to_try(std::span<const keys::Share> shares);

/// Restores the secret from each subset and compares. Throws Error{share_digest} when one of them restores something else. `on_each` is
/// called after each one.
void require_all_restore(std::span<const keys::Share> shares, const std::vector<ShareSubset>& subsets, const SecretBytes& passphrase,
                         const std::function<bool(const SecretBytes&)>& is_right, const std::function<void()>& on_each);

/// `10 combinations tried`.
std::string describe_tried(std::size_t subsets);

} // namespace coffer::appliance

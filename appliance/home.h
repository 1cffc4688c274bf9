#pragma once

#include "core/base/bytes.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace coffer::appliance {

/// The appliance's folder (mode 0700) and what lies where in it:
///
///     home.key         the home key, sealed under the passphrase
///     identity.key     the identity key's seed, sealed under the home key
///     ledger.db        the log that is its memory
///     keys/ID.key      entropy of a wallet key that no charter has named yet, sealed under the home key
///     keys/ID.bound    the same once a charter names it; opens for that treasury and appliance only
class Home {
public:
    explicit Home(std::filesystem::path folder) : m_folder{std::move(folder)} {}

    const std::filesystem::path& folder() const { return m_folder; }
    std::filesystem::path home_key() const { return m_folder / "home.key"; }
    std::filesystem::path identity_key() const { return m_folder / "identity.key"; }
    std::filesystem::path ledger() const { return m_folder / "ledger.db"; }
    std::filesystem::path keys_folder() const { return m_folder / "keys"; }
    std::filesystem::path free_key(std::string_view id) const;
    std::filesystem::path bound_key(std::string_view id) const;

    /// True once `init` has finished: the home key is its last step.
    bool exists() const;
    /// Throws Error{not_found} with the command that makes one; Error{file_perm} unless folder and
    /// files belong to this user and are closed to everybody else.
    void require_usable() const;

private:
    std::filesystem::path m_folder;
};

} // namespace coffer::appliance

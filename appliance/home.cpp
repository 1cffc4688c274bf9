#include "appliance/home.h"

#include "core/base/error.h"
#include "core/storage/file.h"

namespace coffer::appliance {

std::filesystem::path Home::free_key(std::string_view id) const
{
    return keys_folder() / (std::string{id} + ".key");
}

std::filesystem::path Home::bound_key(std::string_view id) const
{
    return keys_folder() / (std::string{id} + ".bound");
}

bool Home::exists() const
{
    return std::filesystem::exists(home_key());
}

void Home::require_usable() const
{
    if (!exists())
        throw Error{ErrorCode::not_found, "there is no appliance in " + storage::quoted(m_folder),
                    "make one with `coffer-cold init`, or name another folder with --home"};
    storage::require_private(m_folder);
    storage::require_private(home_key());
    storage::require_private(identity_key());
    storage::require_private(ledger());
    storage::require_private(keys_folder());
}

} // namespace coffer::appliance

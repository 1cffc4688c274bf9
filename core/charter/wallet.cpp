#include "core/charter/wallet.h"

#include "core/base/error.h"

namespace coffer::charter {

std::string_view name_of(Tier tier)
{
    switch (tier) {
    case Tier::cold: return "cold";
    case Tier::warm: return "warm";
    case Tier::hot: return "hot";
    }
    fatal("tier without a name");
}

std::string_view name_of(Mode mode)
{
    switch (mode) {
    case Mode::governed: return "governed";
    case Mode::personal: return "personal";
    }
    fatal("mode without a name");
}

std::string_view name_of(Presence presence)
{
    switch (presence) {
    case Presence::person: return "person";
    case Presence::none: return "none";
    }
    fatal("presence without a name");
}

} // namespace coffer::charter

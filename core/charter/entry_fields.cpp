#include "core/charter/entry_fields.h"

#include "core/base/error.h"

namespace coffer::charter {

std::string read_reason(artefacts::BodyReader& reader, std::uint64_t key)
{
    auto reason = reader.take(key, "reason").text("reason");
    if (reason.size() > most_reason_bytes)
        throw Error{ErrorCode::limit, "reason of an entry has " + std::to_string(reason.size()) + " bytes, over 1000"};
    return reason;
}

UtcTime read_entry_time(artefacts::BodyReader& reader, std::uint64_t key, std::string_view what)
{
    return artefacts::read_time(reader.take(key, what), what);
}

CharterHash read_charter(artefacts::BodyReader& reader, std::uint64_t key)
{
    return CharterHash{reader.take(key, "charter").array_of<32>("charter")};
}

} // namespace coffer::charter

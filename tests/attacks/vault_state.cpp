#include "tests/attacks/vault_state.h"

#include "appliance/session.h"
#include "core/crypto/hash.h"
#include "core/encoding/hex.h"
#include "core/storage/file.h"

#include <sys/stat.h>

namespace coffer::test::attacks {

using requests::vault::Record;

Files files_in(const std::filesystem::path& folder)
{
    Files files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        const auto name = std::filesystem::relative(entry.path(), folder).string();
        if (name.starts_with("home/ledger.db") || name == "receipt" || name == "bundle")
            continue;
        struct stat status {};
        ::lstat(entry.path().c_str(), &status);
        files[name] = std::to_string(status.st_mode);
        if (entry.is_regular_file())
            files[name] += " " + encoding::encode_hex(crypto::sha256(storage::read_file(entry.path(), 1 << 24)));
    }
    return files;
}

std::optional<std::vector<Record>> records_of(const std::filesystem::path& home)
{
    try {
        const appliance::LockedHome locked{appliance::Home{home}};
        std::vector<Record> records;
        for (const auto& record : locked.ledger().records())
            records.push_back(requests::vault::decode_record(record));
        return records;
    } catch (const Error&) {
        return std::nullopt;
    }
}

} // namespace coffer::test::attacks

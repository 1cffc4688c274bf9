#pragma once

#include "appliance/ceremony/share_words.h"
#include "appliance/session.h"
#include "core/console/command.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace coffer::appliance {

/// --shares-file FILE, and the passphrase that shares may have: --share-passphrase, --share-passphrase-file, --share-passphrase-fd.
std::vector<console::OptionSpec> share_entry_options();
/// The last three alone.
std::vector<console::OptionSpec> share_passphrase_options();
/// What the shares are encrypted with: as the invocation says, or when it must be so; else empty.
SecretBytes read_share_passphrase(const console::Invocation& invocation, bool has_one);

/// The lines of a private file that are not empty. Throws what console::read_secret_file() does.
std::vector<SecretBytes> read_share_lines(const std::filesystem::path& file);

/// Shares, one after the other: the lines of --shares-file, else what is typed at the terminal, whole words or their first four letters.
class ShareReader {
public:
    enum class From { file_or_terminal, terminal };
    explicit ShareReader(console::Invocation& invocation, From from = From::file_or_terminal);

    bool is_at_terminal() const { return !m_lines; }
    /// The next one that `take` accepts; at the terminal what it refuses with a code of shares is told and asked for again. False at
    /// the end of the file.
    bool read(const std::string& prompt, const std::function<void(keys::Share)>& take);

private:
    console::Invocation& m_invocation;
    std::optional<std::vector<SecretBytes>> m_lines;
    std::size_t m_next = 0;
};

/// As many shares as it takes, and what they restore; each is held against the records of this home. `key`: whose they should be, empty
/// for one that this home does not know.
SecretBytes restore_from_shares(console::Invocation& invocation, const requests::VaultLedger& ledger, const std::string& key);

/// Nothing for a key that lies in a file. One that rests nowhere is entered by its shares; from then on nobody may leave the terminal.
void unlock_key(console::Invocation& invocation, Session& session, const std::string& key);

} // namespace coffer::appliance

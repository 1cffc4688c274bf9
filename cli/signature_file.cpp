#include "cli/signature_file.h"

#include "core/console/streams.h"
#include "core/storage/file.h"
#include "core/storage/lock_file.h"

#include <algorithm>

namespace coffer::cli {

namespace {

using artefacts::Artefact;

constexpr std::chrono::seconds patience{30};

} // namespace

void write_with_those_of_others(Artefact& artefact, const std::filesystem::path& file)
{
    const auto lock = storage::LockFile{file, storage::LockTarget::existing_file}.acquire(patience);
    const auto there = Artefact::decode_any(storage::read_file(file, console::most_artefact_bytes));
    if (there.kind() != artefact.kind() || there.body() != artefact.body())
        throw Error{ErrorCode::busy, storage::quoted(file) + " was replaced by something else meanwhile", "run the command again"};
    for (const auto& signature : there.signatures())
        if (std::ranges::find(artefact.signatures(), signature.key, &artefacts::Signature::key) == artefact.signatures().end())
            artefact.add_signature(signature);
    storage::write_file_atomically(file, artefact.encode(), 0644, storage::Overwrite::yes);
}

} // namespace coffer::cli

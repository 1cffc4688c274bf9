#pragma once

#include "tests/integration/faults/recorder.h"

#include <map>
#include <random>
#include <string>
#include <variant>
#include <vector>

namespace coffer::test {

/// What is left of changes that were not synced when the power went.
enum class Survival {
    nothing, ///< only what was synced
    all,     ///< everything but a part of the last write
    any,     ///< any of it: later changes without earlier ones, sectors of a write alone, names without content
    names,   ///< names, and nothing of the content
    content, ///< content, and no names
};
constexpr Survival every_survival[] = {Survival::nothing, Survival::all, Survival::any, Survival::names, Survival::content};

/// A medium that keeps what was synced and may lose, reorder or tear the rest: sectors of 512 bytes, any of them, some
/// as garbage. It promises no more than POSIX: a new name is there for certain when its folder was synced.
class Medium {
public:
    explicit Medium(const Image& base);

    void apply(const Operation& operation);
    Image cut(Survival survival, std::mt19937_64& random) const;

private:
    struct File {
        Bytes durable;
        std::vector<Operation> pending;
    };
    struct Folder {};
    using Names = std::map<std::string, std::variant<Folder, int>>;

    static void apply_to_names(Names& names, const Operation& operation);
    void sync_folder(const Operation& operation);
    static std::string folder_of(const std::string& name);
    Bytes content_of(const File& file, Survival survival, std::mt19937_64& random) const;

    Names m_names;
    std::vector<Operation> m_pending_names;
    std::map<int, File> m_files;
};

} // namespace coffer::test

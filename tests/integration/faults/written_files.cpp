#include "core/base/error.h"
#include "core/storage/file.h"
#include "tests/integration/faults/workload.h"

namespace coffer::test {

namespace {

namespace fs = std::filesystem;
using storage::Overwrite;

constexpr std::size_t most_file_bytes = 1024 * 1024;

void demand(bool is_so, const std::string& what)
{
    if (!is_so)
        throw Error{ErrorCode::internal, what};
}

/// One file is replaced again and again; every fourth step makes a folder, every third a new file.
class Files final : public Workload {
public:
    explicit Files(std::uint64_t steps) : m_steps{steps} {}

    void run(const fs::path& folder, const Done& done) override
    {
        for (std::uint64_t step = 0; step < m_steps; ++step) {
            do_step(folder, step);
            done(step + 1);
        }
    }

    std::uint64_t recover(const fs::path& folder, std::uint64_t acknowledged, const Done& done) override
    {
        std::uint64_t steps = 0;
        if (fs::exists(folder / "key"))
            steps = number_in(folder / "key") + 1;
        demand(steps >= acknowledged, "the file is an older one: " + std::to_string(steps));
        for (std::uint64_t step = 0; step < steps; ++step) {
            if (step % 3 == 0)
                demand(number_in(folder / name("new", step)) == step, "a new file is gone");
            if (step % 4 == 0)
                demand(fs::is_directory(folder / name("folder", step)), "a folder is gone");
        }
        do_step(folder, steps);
        done(steps + 1);
        return steps;
    }

private:
    static std::string name(const std::string& what, std::uint64_t step) { return what + "-" + std::to_string(step); }

    static Bytes content_of(std::uint64_t step)
    {
        auto content = to_bytes(bytes_of(std::to_string(step) + " "));
        content.resize(content.size() + step * step % 17 * 700, static_cast<std::uint8_t>(step));
        append(content, bytes_of("end"));
        return content;
    }

    /// The new file and folder come first, so that they are there when the replaced file says so.
    static void do_step(const fs::path& folder, std::uint64_t step)
    {
        if (step % 4 == 0 && !fs::exists(folder / name("folder", step)))
            storage::create_private_directory(folder / name("folder", step));
        if (step % 3 == 0 && !fs::exists(folder / name("new", step)))
            storage::write_file_atomically(folder / name("new", step), content_of(step), 0600, Overwrite::no);
        storage::write_file_atomically(folder / "key", content_of(step), 0600, Overwrite::yes);
    }

    static std::uint64_t number_in(const fs::path& file)
    {
        const auto content = storage::read_file(file, most_file_bytes);
        demand(!content.empty(), "an empty file");
        const auto step = std::stoul(std::string{text_of(content).substr(0, 8)});
        demand(content == content_of(step), "half a file");
        return step;
    }

    std::uint64_t m_steps;
};

} // namespace

std::unique_ptr<Workload> written_files(std::uint64_t steps)
{
    return std::make_unique<Files>(steps);
}

} // namespace coffer::test

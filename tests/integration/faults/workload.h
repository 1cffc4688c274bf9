#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace coffer::test {

/// Numbered steps through the product's own storage code, each of which is told to be done once it is.
class Workload {
public:
    using Done = std::function<void(std::uint64_t number)>;

    virtual ~Workload() = default;
    /// Every step, from an empty folder.
    virtual void run(const std::filesystem::path& folder, const Done& done) = 0;
    /// As after a power cut: opens what is there, demands that it is whole, and does one step more. Answers
    /// how many steps it found before that one. Whatever is wrong is thrown. `acknowledged` steps were done for certain.
    virtual std::uint64_t recover(const std::filesystem::path& folder, std::uint64_t acknowledged, const Done& done) = 0;
};

/// The online home: `coffer init`, then transactions of a row and its audit record.
std::unique_ptr<Workload> online_home(std::uint64_t steps);
/// The appliance's ledger: its making, then intents, signatures and receipts, each written out as a file.
std::unique_ptr<Workload> vault_ledger(std::uint64_t steps);
/// Files that are replaced, and files that must be new.
std::unique_ptr<Workload> written_files(std::uint64_t steps);

} // namespace coffer::test

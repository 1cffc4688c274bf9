#pragma once

#include "tests/attacks/elsewhere.h"
#include "tests/attacks/json.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace coffer::test::attacks {

enum class Expectation { refuse, survive, sign };

/// One row of the list of attacks on one chain, and its benign twin. Read from GROUP/ID-slug/case.json.
struct Case {
    std::string id;    ///< the folder's name, of what is played on Bitcoin, too, with `-on-bitcoin` behind it
    std::string group; ///< `B`
    std::string row;   ///< `B09`
    std::string chain; ///< `evm`, `bitcoin`, or `any` of what no chain can change
    Expectation expect = Expectation::refuse;
    std::string error; ///< the code; empty when it is survived or signed
    int exit = 0;
    std::string stage;

    std::optional<Elsewhere> elsewhere;          ///< who proves it, or it is played here:
    Json hostile;                                ///< the scenario with the attack in it
    Json twin;                                   ///< the same scenario without
    std::vector<std::string> refused = {"main"}; ///< which requests; all others of the bundle are signed
    bool is_logged = true;                       ///< exactly one `refused` record names the code
    std::vector<std::string> also;               ///< further types of records that the log may gain
    /// Texts that must follow each other on the screen, or in the output of a refusal, of the hostile run.
    std::vector<std::string> says;
    std::string check; ///< of what is survived: `same_receipt`, `stored_signature`, `receipt_of_twin`, `signatures_of_twin`
};

/// What a file says, once a chain. Throws std::runtime_error naming the file and what is wrong with it: also an unknown
/// member, an exit status or stage that is not the code's, a twin that does not differ.
std::vector<Case> load_cases(const std::filesystem::path& file);
/// GROUP/ID-slug/case.json below the folder, in order. Throws std::runtime_error for an ID-slug without.
std::vector<std::filesystem::path> case_files(const std::filesystem::path& folder);
/// Rows that must have a case for each of these chains, or for `any`.
struct Rows {
    std::vector<std::string> chains;
    std::vector<std::string> rows;
};
/// By group.
std::map<std::string, std::vector<Rows>> load_rows(const std::filesystem::path& file);

} // namespace coffer::test::attacks

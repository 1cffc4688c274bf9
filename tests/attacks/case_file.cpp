#include "tests/attacks/case_file.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

namespace coffer::test::attacks {

namespace {

Json read_json(const std::filesystem::path& file)
{
    std::ifstream stream{file};
    if (!stream)
        throw std::runtime_error{"cannot be read"};
    return Json::parse(stream);
}

Expectation parse_expectation(const std::string& text)
{
    if (text == "refuse")
        return Expectation::refuse;
    if (text == "survive")
        return Expectation::survive;
    if (text == "sign")
        return Expectation::sign;
    throw std::runtime_error{"expect is " + text + ", none of refuse, survive, sign"};
}

/// A base scenario may itself be a patch of another: {"base": NAME, …}.
Json scenario(const std::filesystem::path& folder, const std::string& name)
{
    auto own = read_json(folder / (name + ".json"));
    if (!own.contains("base"))
        return own;
    auto base = scenario(folder, own.at("base").get<std::string>());
    own.erase("base");
    base.merge_patch(own);
    return base;
}

void require_error_of_table(const Case& loaded)
{
    const auto code = find_error_code(loaded.error);
    if (!code)
        throw std::runtime_error{"error " + loaded.error + " is not in the table"};
    if (static_cast<int>(exit_status_of(*code)) != loaded.exit)
        throw std::runtime_error{"exit status " + std::to_string(loaded.exit) + " is not that of " + loaded.error};
    if (name_of(info(*code).stage) != loaded.stage)
        throw std::runtime_error{"stage " + loaded.stage + " is not that of " + loaded.error + ", " +
                                 std::string{name_of(info(*code).stage)}};
}

constexpr std::array chains{"evm", "bitcoin", "any"};

void require_chain(const std::string& chain)
{
    if (std::ranges::find(chains, chain) == chains.end())
        throw std::runtime_error{"chain is " + chain + ", none of evm, bitcoin, any"};
}

/// The same attack where members of `on_bitcoin` take the place of the others.
Json on_bitcoin(Json json)
{
    auto other = json.at("on_bitcoin");
    require_known(other, {"scenario", "change", "twin_change", "says"}, "on_bitcoin");
    if (json.at("chain") != "evm" || other.empty())
        throw std::runtime_error{"on_bitcoin says how a case of the chain evm differs there"};
    json.erase("on_bitcoin");
    json.update(other);
    json["chain"] = "bitcoin";
    return json;
}

Case read_case(const std::filesystem::path& file, const Json& json)
{
    require_known(json,
                  {"id", "class", "chain", "expect", "error", "exit", "stage", "source", "twin", "driver", "test",
                   "scenario", "change", "twin_change", "on_bitcoin", "refused", "logged", "also", "says", "check"},
                  "case");
    const auto folder = file.parent_path();
    Case loaded;
    loaded.id = json.at("id").get<std::string>();
    loaded.group = folder.parent_path().filename().string();
    loaded.row = json.at("class").get<std::string>();
    if (loaded.id != folder.filename() || !loaded.id.starts_with(loaded.row + "-") ||
        !loaded.row.starts_with(loaded.group))
        throw std::runtime_error{"id, class and folder do not agree"};
    loaded.chain = json.at("chain").get<std::string>();
    require_chain(loaded.chain);
    for (const auto* name : {"source", "twin"})
        if (json.at(name).get<std::string>().empty())
            throw std::runtime_error{std::string{name} + " is empty"};
    loaded.expect = parse_expectation(json.at("expect").get<std::string>());
    if (loaded.expect == Expectation::refuse) {
        loaded.error = json.at("error").get<std::string>();
        loaded.exit = json.at("exit").get<int>();
        loaded.stage = json.at("stage").get<std::string>();
        require_error_of_table(loaded);
    }
    if (get<std::string>(json, "driver", "vault") == "test") {
        loaded.elsewhere = parse_elsewhere(json.at("test"));
        return loaded;
    }
    const auto base =
        scenario(folder.parent_path().parent_path() / "scenarios", json.at("scenario").get<std::string>());
    loaded.twin = base;
    loaded.twin.merge_patch(member(json, "twin_change"));
    loaded.hostile = base;
    loaded.hostile.merge_patch(json.at("change"));
    if (loaded.hostile == loaded.twin)
        throw std::runtime_error{"the twin does not differ"};
    loaded.refused = get(json, "refused", loaded.refused);
    loaded.is_logged = get(json, "logged", true);
    loaded.also = get(json, "also", loaded.also);
    if (json.contains("says"))
        loaded.says = json.at("says").is_string() ? std::vector{json.at("says").get<std::string>()}
                                                  : json.at("says").get<std::vector<std::string>>();
    loaded.check = get<std::string>(json, "check", "");
    return loaded;
}

} // namespace

std::vector<Case> load_cases(const std::filesystem::path& file)
{
    try {
        const auto json = read_json(file);
        std::vector cases{read_case(file, json)};
        if (json.contains("on_bitcoin")) {
            cases.push_back(read_case(file, on_bitcoin(json)));
            cases.back().id += "-on-bitcoin";
        }
        return cases;
    } catch (const std::exception& error) {
        throw std::runtime_error{file.string() + ": " + error.what()};
    }
}

std::vector<std::filesystem::path> case_files(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto& group : std::filesystem::directory_iterator{folder}) {
        if (!group.is_directory() || group.path().filename() == "scenarios")
            continue;
        for (const auto& entry : std::filesystem::directory_iterator{group}) {
            files.push_back(entry.path() / "case.json");
            if (!std::filesystem::exists(files.back()))
                throw std::runtime_error{files.back().string() + " does not exist"};
        }
    }
    std::ranges::sort(files);
    return files;
}

std::map<std::string, std::vector<Rows>> load_rows(const std::filesystem::path& file)
{
    std::map<std::string, std::vector<Rows>> groups;
    const auto json = read_json(file);
    for (const auto& [group, lists] : json.items())
        for (const auto& [chains, rows] : lists.items()) {
            groups[group].push_back({split(chains, ' '), rows.get<std::vector<std::string>>()});
            for (const auto& chain : groups[group].back().chains)
                require_chain(chain);
        }
    return groups;
}

} // namespace coffer::test::attacks

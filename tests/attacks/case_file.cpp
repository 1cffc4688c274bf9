#include "tests/attacks/case_file.h"

#include "core/base/error.h"

#include <algorithm>
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

Case read_case(const std::filesystem::path& file)
{
    const auto json = read_json(file);
    require_known(json,
                  {"id", "class", "chain", "expect", "error", "exit", "stage", "source", "twin", "driver", "test",
                   "scenario", "change", "twin_change", "refused", "logged", "also", "says", "check"},
                  "case");
    const auto folder = file.parent_path();
    Case loaded;
    loaded.id = json.at("id").get<std::string>();
    loaded.group = folder.parent_path().filename().string();
    loaded.row = json.at("class").get<std::string>();
    if (loaded.id != folder.filename() || !loaded.id.starts_with(loaded.row + "-") ||
        !loaded.row.starts_with(loaded.group))
        throw std::runtime_error{"id, class and folder do not agree"};
    for (const auto* name : {"source", "twin", "chain"})
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

Case load_case(const std::filesystem::path& file)
{
    try {
        return read_case(file);
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

std::map<std::string, std::vector<std::string>> load_rows(const std::filesystem::path& file)
{
    return read_json(file).get<std::map<std::string, std::vector<std::string>>>();
}

} // namespace coffer::test::attacks

#include "core/console/share_shape.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <charconv>

namespace coffer::console {

namespace {

constexpr unsigned most = 16; // groups, and members of one: four bits each (SLIP-39)

/// 0 for anything but a number of 1 to 16.
unsigned parse_small_number(std::string_view digits)
{
    unsigned number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    return error == std::errc{} && stop == end && number <= most ? number : 0;
}

keys::GroupShape parse_group(std::string_view text)
{
    const auto middle = text.find("of");
    if (middle != std::string_view::npos) {
        const keys::GroupShape group{parse_small_number(text.substr(0, middle)), parse_small_number(text.substr(middle + 2))};
        if (group.threshold != 0 && group.count != 0)
            return group;
    }
    throw Error{ErrorCode::usage, "group " + quoted(text) + " is not of the form 2of3, of 1 to 16"};
}

unsigned read_number(const Invocation& invocation, std::string_view name)
{
    return static_cast<unsigned>(invocation.number(name, 1, most));
}

} // namespace

std::vector<OptionSpec> share_shape_options()
{
    return {{.name = "threshold", .metavar = "T", .help = "how many shares restore the key"},
            {.name = "count", .metavar = "N", .help = "how many there are"},
            {.name = "groups", .metavar = "2of3,3of5", .help = "several groups instead, each with its own threshold and count"},
            {.name = "group-threshold", .metavar = "G", .help = "how many of the groups it takes (default: all)"}};
}

bool names_share_shape(const Invocation& invocation)
{
    return invocation.has("threshold") || invocation.has("count") || invocation.has("groups") || invocation.has("group-threshold");
}

ShareShape read_share_shape(const Invocation& invocation)
{
    if (invocation.has("groups") == (invocation.has("threshold") || invocation.has("count")))
        throw Error{ErrorCode::usage, "give either --threshold and --count, or --groups"};
    if (!invocation.has("groups")) {
        if (invocation.has("group-threshold"))
            throw Error{ErrorCode::usage, "--group-threshold goes with --groups"};
        return {.group_threshold = 1, .groups = {{read_number(invocation, "threshold"), read_number(invocation, "count")}}};
    }
    ShareShape shape;
    for (const auto& group : split(invocation.text("groups"), ','))
        shape.groups.push_back(parse_group(trim(group)));
    shape.group_threshold = invocation.has("group-threshold") ? read_number(invocation, "group-threshold") : static_cast<unsigned>(shape.groups.size());
    return shape;
}

} // namespace coffer::console

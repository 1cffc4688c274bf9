// Usage: ur_frames < ORDERS
//
// Shows messages as frames of UR and receives them, for tests that compare with other people's programs. An order is a line
// of JSON, and so is its answer:
//   {"type": …, "cbor": HEX, "most": N, "first": N, "count": N}
//     gives {"frames": [TEXT, …]}, of at most `most` bytes of the message each, numbered from `first`
//   {"frames": [TEXT, …]}
//     gives {"type": …, "cbor": HEX, "used": N}, or {"received": N, "needed": N} when they are too few
// or {"error": CODE}.

#include "core/encoding/hex.h"
#include "formats/ur/sender.h"
#include "formats/ur/session.h"

#include <iostream>
#include <nlohmann/json.hpp>

namespace coffer::ur {
namespace {

using Json = nlohmann::json;

Json send(const Json& order)
{
    const Message message{order.at("type").get<std::string>(), encoding::decode_hex(order.at("cbor").get<std::string>())};
    const Sender sender{message, order.at("most").get<std::size_t>()};
    const auto first = order.at("first").get<std::uint32_t>();
    auto frames = Json::array();
    for (std::uint32_t i = 0; i < order.at("count").get<std::uint32_t>(); ++i)
        frames.push_back(sender.frame(first + i));
    return {{"frames", std::move(frames)}};
}

Json receive(const Json& order)
{
    Session session;
    std::size_t used = 0;
    for (const auto& frame : order.at("frames")) {
        if (session.is_complete())
            break;
        session.add(frame.get<std::string>());
        ++used;
    }
    if (!session.is_complete())
        return {{"received", session.progress().received}, {"needed", session.progress().needed}};
    return {{"type", session.message().type}, {"cbor", encoding::encode_hex(session.message().cbor)}, {"used", used}};
}

Json answer(const Json& order)
{
    try {
        return order.contains("cbor") ? send(order) : receive(order);
    } catch (const Error& error) {
        return {{"error", std::string{name_of(error.code())}}};
    }
}

} // namespace
} // namespace coffer::ur

int main()
{
    for (std::string line; std::getline(std::cin, line);)
        std::cout << coffer::ur::answer(nlohmann::json::parse(line)).dump() << '\n';
    return std::cout.flush() ? 0 : 1;
}

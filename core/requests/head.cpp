#include "core/requests/head.h"

namespace coffer::requests {

artefacts::Artefact encode(const Head& head)
{
    return {artefacts::Kind::head, artefacts::encode_body(head.header, {{2, head.source},
                                                                        {3, head.size},
                                                                        {4, head.root.bytes()},
                                                                        {5, static_cast<std::uint64_t>(head.time.seconds)}})};
}

Head decode_head(const artefacts::Artefact& artefact)
{
    artefacts::BodyReader reader{artefact, artefacts::Kind::head};
    Head head{.header = reader.header(),
              .source = reader.take(2, "source").text("source"),
              .size = reader.take(3, "size").number("size"),
              .root = Hash256{reader.take(4, "root").array_of<32>("root")},
              .time = artefacts::read_time(reader.take(5, "time"), "time")};
    reader.finish();
    return head;
}

} // namespace coffer::requests

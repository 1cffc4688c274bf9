#include "cli/requests/foreign.h"

#include "core/chains/payload_format.h"

#include <algorithm>

namespace coffer::cli {

bool is_foreign_artefact(ByteView bytes)
{
    const auto formats = chains::all_formats();
    return std::ranges::any_of(formats, [&](const auto* format) { return format->is_foreign_artefact(bytes); });
}

std::vector<requests::ReturnedSignature> foreign_signatures(const requests::CheckedRequest& request, const charter::Charter& charter, ByteView artefact)
{
    const auto& open = request.judgement.open;
    const auto& format = chains::format_of(charter.chain(open.wallet->chain));
    std::vector<requests::ReturnedSignature> signatures;
    if (!format.is_foreign_artefact(artefact))
        return signatures;
    for (std::uint32_t i = 0; i < open.payloads.size(); ++i)
        if (auto found = format.find_signatures(artefact, *open.payloads[i]))
            for (auto& signature : *found)
                signatures.push_back({i, std::move(signature)});
    return signatures;
}

} // namespace coffer::cli

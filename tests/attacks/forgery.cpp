#include "tests/attacks/forgery.h"

#include "core/base/amount.h"

#include <algorithm>

namespace coffer::test::attacks {

artefacts::Artefact with_body(const artefacts::Artefact& artefact, const Json& edits)
{
    artefacts::Artefact other{artefact.kind(), edited(artefact.body(), edits)};
    for (const auto& signature : artefact.signatures())
        other.add_signature(signature);
    return other;
}

artefacts::Artefact malleated(artefacts::Artefact artefact)
{
    auto order = hex_bytes("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");
    auto signatures = artefact.signatures();
    for (auto& signature : signatures) {
        Bytes s{signature.signature.rbegin(), signature.signature.rbegin() + 32}; // big-endian
        const auto sum = (Uint256::from_big_endian(s) + Uint256::from_big_endian(order)).big_endian();
        std::copy(sum.rbegin(), sum.rend(), signature.signature.begin() + 32);
        artefact.add_signature(signature);
    }
    return artefact;
}

} // namespace coffer::test::attacks

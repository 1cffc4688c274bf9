#pragma once

#include "core/base/error.h"
#include "core/requests/ladder.h"

namespace coffer::test {

/// What a request over these payloads does; of payloads that no judgement takes, all of them together.
inline payments::Description described(const requests::Payloads& payloads)
{
    const auto is_ladder = [&] {
        try {
            return requests::require_ladder_or_apart(payloads);
        } catch (const Error&) {
            return false;
        }
    };
    return requests::describe(payloads, is_ladder());
}

} // namespace coffer::test

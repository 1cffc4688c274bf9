#include "formats/bitcoin/psbt.h"

#include "core/base/error.h"

#include <algorithm>

namespace coffer::bitcoin {

namespace {

constexpr std::uint32_t final_sequence = 0xffffffff;

/// BIP-370, "Determining Lock Time": of the kind that every input with a requirement allows, heights first.
std::uint32_t lock_time_of(const Psbt& psbt)
{
    bool height_fits = true;
    bool time_fits = true;
    std::uint32_t height = 0;
    std::uint32_t time = 0;
    for (const auto& input : psbt.inputs) {
        if (!input.required_height_lock && !input.required_time_lock)
            continue;
        height_fits = height_fits && input.required_height_lock;
        time_fits = time_fits && input.required_time_lock;
        height = std::max(height, input.required_height_lock.value_or(0));
        time = std::max(time, input.required_time_lock.value_or(0));
    }
    if (height == 0 && time == 0)
        return psbt.fallback_lock_time.value_or(0);
    if (height_fits)
        return height;
    if (time_fits)
        return time;
    throw Error{ErrorCode::psbt_parse, "one input needs a lock time that is a height and another one that is a time"};
}

} // namespace

Transaction unsigned_transaction(const Psbt& psbt)
{
    Transaction transaction;
    transaction.version = psbt.transaction_version;
    transaction.lock_time = lock_time_of(psbt);
    for (const auto& input : psbt.inputs)
        transaction.inputs.push_back({input.previous, {}, input.sequence.value_or(final_sequence), {}});
    for (const auto& output : psbt.outputs)
        transaction.outputs.push_back(output.output);
    return transaction;
}

Txid unique_id(const Psbt& psbt)
{
    auto transaction = unsigned_transaction(psbt);
    transaction.lock_time = 0;
    for (auto& input : transaction.inputs)
        input.sequence = 0;
    return txid_of(transaction);
}

Psbt to_version_0(const Psbt& psbt)
{
    auto converted = psbt;
    converted.version = 0;
    converted.fallback_lock_time = lock_time_of(psbt);
    converted.modifiable.reset();
    for (auto& input : converted.inputs) {
        input.sequence = input.sequence.value_or(final_sequence);
        input.required_height_lock.reset();
        input.required_time_lock.reset();
    }
    return converted;
}

Psbt to_version_2(const Psbt& psbt)
{
    auto converted = psbt;
    converted.version = 2;
    return converted;
}

} // namespace coffer::bitcoin

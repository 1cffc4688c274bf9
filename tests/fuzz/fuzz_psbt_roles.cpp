#include "formats/bitcoin/psbt_combine.h"
#include "formats/bitcoin/psbt_finalize.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace coffer;
using namespace coffer::bitcoin;

bool finalize(PsbtInput& input, const InputDigest& digest)
{
    return fuzz::unless_refused([&] {
               finalize_input(input, digest);
               return true;
           })
        .has_value();
}

void check_inputs(Psbt psbt, const Transaction& transaction, const std::vector<InputDigest>& digests)
{
    require(digests.size() == psbt.inputs.size(), "not one digest an input");
    bool is_final = true;
    for (std::size_t i = 0; i < digests.size(); ++i) {
        const auto count = fuzz::unless_refused([&] { return count_signatures(psbt.inputs[i], digests[i]); });
        const bool done = finalize(psbt.inputs[i], digests[i]);
        require(done == (count && count->have >= count->need), "an input is final without its signatures");
        is_final = is_final && done;
    }
    if (!is_final)
        return;
    require(encode_without_witness(unsigned_transaction(psbt)) == encode_without_witness(transaction), "finalizing changed the transaction");
    require(extract_transaction(psbt).outputs == transaction.outputs, "extracting changed the outputs");
}

} // namespace

// Whatever a partially signed transaction claims, each role gives an answer or refuses by Error.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto psbt = fuzz::unless_refused([&] { return decode_psbt({data, size}); });
    const auto transaction = psbt ? fuzz::unless_refused([&] { return unsigned_transaction(*psbt); }) : std::nullopt;
    if (!transaction)
        return 0;
    require(combine(*psbt, *psbt) == *psbt, "combining with itself changes something");
    const auto old_form = to_version_0(*psbt);
    require(combine(old_form, *psbt) == old_form, "combining with the other version changes version 0");
    static_cast<void>(fuzz::unless_refused([&] { return extract_transaction(*psbt); }));
    const auto spent = fuzz::unless_refused([&] { return spent_outputs(*psbt); });
    if (!spent)
        return 0;
    require(spent_outputs(old_form) == *spent, "version 0 spends something else");
    if (const auto digests = fuzz::unless_refused([&] { return input_digests(*psbt, *spent); }))
        check_inputs(*psbt, *transaction, *digests);
    return 0;
}

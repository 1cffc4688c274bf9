#include "formats/bitcoin/psbt.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace coffer;
using namespace coffer::bitcoin;

void check_goes_round(const Psbt& psbt)
{
    const auto bytes = encode_psbt(psbt);
    require(decode_psbt(bytes) == psbt, "a partially signed transaction does not go round");
    require(encode_psbt(decode_psbt(bytes)) == bytes, "the encoding is not stable");
}

void check_conversions(const Psbt& psbt, const Transaction& transaction)
{
    const auto old_form = to_version_0(psbt);
    const auto new_form = to_version_2(psbt);
    check_goes_round(old_form);
    check_goes_round(new_form);
    require(unsigned_transaction(old_form) == transaction, "version 0 signs another transaction");
    require(unsigned_transaction(new_form) == transaction, "version 2 signs another transaction");
    require(to_version_0(to_version_2(old_form)) == old_form, "version 0 does not come back from version 2");
    require(unique_id(old_form) == unique_id(psbt), "the unique id depends on the version");
}

} // namespace

// What is accepted, of version 0 or 2, goes round, and in the other version signs the same transaction.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto psbt = fuzz::unless_refused([&] { return decode_psbt({data, size}); });
    if (!psbt)
        return 0;
    check_goes_round(*psbt);
    // Refused where lock times exclude each other, which version 0 cannot say.
    const auto transaction = fuzz::unless_refused([&] { return unsigned_transaction(*psbt); });
    require(transaction || psbt->version == 2, "version 0 without its transaction");
    if (transaction)
        check_conversions(*psbt, *transaction);
    return 0;
}

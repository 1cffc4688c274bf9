#include "formats/bitcoin/transaction.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace coffer;
using namespace coffer::bitcoin;

void check(const Transaction& transaction, ByteView input)
{
    require(equal(encode_transaction(transaction), input), "accepted transaction encodes otherwise");
    const auto bare = encode_without_witness(transaction);
    require(transaction.has_witness() || equal(bare, input), "a transaction without witness has two encodings");
    auto stripped = transaction;
    for (auto& spending : stripped.inputs)
        spending.witness.clear();
    require(decode_transaction(bare, WitnessForm::never) == stripped, "the form without witness does not go round");
    require(txid_of(stripped) == txid_of(transaction), "the txid depends on the witness");
    require(transaction.has_witness() || wtxid_of(transaction) == txid_of(transaction), "ids differ without a witness");
    require(parse_txid(format_txid(txid_of(transaction))) == txid_of(transaction), "a txid does not go round");
    require(weight_of(transaction) >= 4 * bare.size() && vsize_of(transaction) >= bare.size(), "the weight is too small");
}

} // namespace

// Accepted bytes are the one encoding of a transaction, in the form that was asked for.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView input{data, size};
    if (const auto transaction = fuzz::unless_refused([&] { return decode_transaction(input); }))
        check(*transaction, input);
    if (const auto bare = fuzz::unless_refused([&] { return decode_transaction(input, WitnessForm::never); })) {
        require(!bare->has_witness(), "a witness where none was to be read");
        require(equal(encode_without_witness(*bare), input), "accepted bare transaction encodes otherwise");
    }
    return 0;
}

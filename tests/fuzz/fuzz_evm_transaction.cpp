#include "core/base/document.h"
#include "formats/evm/calldata.h"
#include "formats/evm/encode.h"
#include "formats/evm/inspect.h"
#include "tests/fuzz/fuzz.h"

// Accepted bytes are the one encoding of a transaction, signed or unsigned but never both.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    using namespace coffer::evm;
    const ByteView input{data, size};
    const auto unsigned_one = fuzz::unless_refused([&] { return decode_unsigned(input); });
    const auto signed_one = fuzz::unless_refused([&] { return decode_signed(input); });
    require(!unsigned_one || !signed_one, "a transaction is both signed and unsigned");
    if (unsigned_one) {
        require(equal(encode_unsigned(*unsigned_one), input), "accepted transaction encodes otherwise");
        require(!is_signed(input), "unsigned transaction is called signed");
        const auto transfer = fuzz::unless_refused([&] { return decode_transfer(unsigned_one->data); });
        require(!transfer || encode_transfer(*transfer) == unsigned_one->data, "accepted calldata encodes otherwise");
    }
    if (signed_one) {
        require(equal(encode_signed(*signed_one), input), "accepted signed transaction encodes otherwise");
        require(is_signed(input), "signed transaction is called unsigned");
    }
    const auto document = fuzz::unless_refused([&] { return evm::inspect(input, {}, "evm_transaction"); });
    require(!document || unsigned_one || signed_one, "inspect takes what no decoder takes");
    static_cast<void>(fuzz::unless_refused([&] { return evm::inspect(input, text_of(input), {}); }));
    return 0;
}

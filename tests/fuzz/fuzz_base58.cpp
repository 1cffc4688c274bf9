#include "core/encoding/base58.h"
#include "tests/fuzz/fuzz.h"

// Text and bytes correspond one to one, with and without checksum and for secrets.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace coffer;
    using namespace coffer::encoding;
    const ByteView input{data, size};
    const auto text = text_of(input);
    if (const auto bytes = fuzz::unless_refused([&] { return decode_base58(text); }))
        require(encode_base58(*bytes) == text, "accepted base58 encodes otherwise");
    const auto payload = fuzz::unless_refused([&] { return decode_base58check(text); });
    if (payload)
        require(encode_base58check(*payload) == text, "accepted base58check encodes otherwise");
    if (payload && payload->size() <= 128) {
        require(equal(decode_base58check_secret(text, payload->size()).reveal(), *payload), "a secret decodes otherwise");
        require(text_of(encode_base58check_secret(*payload).reveal()) == text, "a secret encodes otherwise");
    }
    if (size > 1200)
        return 0;
    require(equal(decode_base58(encode_base58(input)), input), "base58 does not go round");
    require(equal(decode_base58check(encode_base58check(input)), input), "base58check does not go round");
    return 0;
}

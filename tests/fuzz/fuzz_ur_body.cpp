#include "formats/ur/account_descriptor.h"
#include "formats/ur/eth_signing.h"
#include "tests/fuzz/fuzz.h"

using namespace coffer;
using namespace coffer::ur;

namespace {

/// What is accepted is the same after it was written in either version, where version 1 can say it.
template <typename Decode, typename Encode>
void check(ByteView input, Decode decode, Encode encode)
{
    const auto body = fuzz::unless_refused([&] { return decode(input); });
    if (!body)
        return;
    require(decode(encode(*body, Naming::version_2)) == *body, "a body does not go round");
    const auto old = fuzz::unless_refused([&] { return encode(*body, Naming::version_1); });
    require(!old || decode(*old) == *body, "a body does not go round in version 1");
}

void check_texts(ByteView input)
{
    const auto key = fuzz::unless_refused([&] { return decode_hd_key_message(input); });
    const auto extended = key ? fuzz::unless_refused([&] { return key->extended_key(); }) : std::nullopt;
    if (extended) {
        const HdKey again{*extended, std::nullopt};
        require(again.extended_key() == *extended, "an extended key does not go round");
    }
    const auto account = fuzz::unless_refused([&] { return decode_account_descriptor_message(input); });
    if (account)
        static_cast<void>(fuzz::unless_refused([&] { return account->texts(); }));
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView input{data, size};
    check(input, decode_hd_key_message, encode_hd_key_message);
    check(input, decode_output_descriptor_message, encode_output_descriptor_message);
    check(input, decode_account_descriptor_message, encode_account_descriptor_message);
    check(input, decode_eth_sign_request, encode_eth_sign_request);
    check(input, decode_eth_signature, [](const EthSignature& signature, Naming) { return encode_eth_signature(signature); });
    check_texts(input);
    return 0;
}

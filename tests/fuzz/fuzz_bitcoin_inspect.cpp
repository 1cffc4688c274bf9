#include "core/encoding/base58.h"
#include "formats/bitcoin/address.h"
#include "formats/bitcoin/descriptor.h"
#include "formats/bitcoin/inspect.h"
#include "formats/bitcoin/psbt.h"
#include "tests/fuzz/fuzz.h"

#include <array>

namespace {

using namespace coffer;
using namespace coffer::bitcoin;

constexpr std::array kinds = {"address", "descriptor", "extended_key", "psbt", "bitcoin_transaction"};

/// None when it is refused, or nothing that is understood.
std::optional<Document> inspected(ByteView input, std::string_view text, std::string_view kind)
{
    auto document = fuzz::unless_refused([&] { return inspect(input, text, kind); });
    return document ? std::move(*document) : std::nullopt;
}

void check_document(const Document& document, ByteView input, std::string_view text)
{
    const auto again = inspected(input, text, document.find("kind")->text());
    require(again && again->to_json() == document.to_json(), "what was found out is something else once it is named");
    require(!document.to_text().empty(), "a document without lines");
}

void check(ByteView input, std::string_view text)
{
    if (const auto document = inspected(input, text, {}))
        check_document(*document, input, text);
    for (const auto* kind : kinds)
        if (const auto document = inspected(input, text, kind))
            require(document->find("kind")->text() == kind, "it is of another kind than the one that was named");
}

/// What its own decoder takes, inspect() takes too, without being told the kind.
void check_nothing_is_missed(ByteView input, std::string_view text)
{
    const auto psbt = fuzz::unless_refused([&] { return decode_psbt(input); });
    const auto transaction = psbt ? fuzz::unless_refused([&] { return unsigned_transaction(*psbt); }) : std::nullopt;
    require(!transaction || inspected(input, {}, {}), "a PSBT is not understood");
    require(networks_of_address(text).empty() || inspected(input, text, {}), "an address is not understood");
    require(!fuzz::unless_refused([&] { return Descriptor::parse(text); }) || inspected(input, text, {}), "a descriptor is not understood");
}

} // namespace

// The input as bytes, as text, and as the content of a text whose checksum is right.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView input{data, size};
    check(input, {});
    check(input, text_of(input));
    check_nothing_is_missed(input, text_of(input));
    if (size <= 128) {
        const auto text = encoding::encode_base58check(input);
        check(bytes_of(text), text);
    }
    return 0;
}

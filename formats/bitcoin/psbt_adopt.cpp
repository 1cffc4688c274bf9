#include "formats/bitcoin/psbt_adopt.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/base64.h"

namespace coffer::bitcoin {

namespace {

constexpr std::string_view base64_magic = "cHNid"; // of 70736274, `psbt`

} // namespace

Psbt adopt(const Psbt& foreign)
{
    auto psbt = to_version_0(foreign);
    for (auto& input : psbt.inputs) {
        input.partial_signatures.clear();
        input.tap_key_signature.reset();
        input.final_script_sig.reset();
        input.final_script_witness.reset();
    }
    return psbt;
}

Psbt decode_foreign_psbt(ByteView artefact)
{
    const auto text = trim(text_of(artefact));
    if (!text.starts_with(base64_magic))
        return decode_psbt(artefact);
    Bytes bytes;
    try {
        bytes = encoding::decode_base64(text);
    } catch (const Error& error) {
        throw Error{ErrorCode::psbt_parse, "PSBT in base64: " + error.message()};
    }
    return decode_psbt(bytes);
}

} // namespace coffer::bitcoin

#include "formats/bitcoin/script.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

namespace {

using namespace coffer;
using namespace coffer::bitcoin;

void check_form(ByteView script)
{
    const auto type = script_type(script);
    const auto payload = script_payload(script);
    require(payload.size() < script.size() || payload.empty(), "a payload is longer than its script");
    require(payload.empty() || std::search(script.begin(), script.end(), payload.begin(), payload.end()) != script.end(), "a payload is not in its script");
    const bool has_none = type == ScriptType::null_data || type == ScriptType::other;
    require(payload.empty() == has_none, "the type says otherwise than the payload");
    require(!witness_version(script) || (payload.size() >= 2 && payload.size() <= 40), "a witness program of an impossible size");
    if (const auto multisig = find_multisig(script))
        require(equal(multisig_script(*multisig), script), "accepted multisig script is made otherwise");
}

/// A threshold and a scalar of one byte a key.
void check_multisig(ByteView numbers)
{
    if (numbers.size() < 2 || numbers.size() > 1 + most_multisig_keys)
        return;
    const auto count = numbers.size() - 1;
    MultisigScript multisig{1 + numbers[0] % static_cast<unsigned>(count), {}};
    for (const auto number : numbers.subspan(1)) {
        ByteArray<32> scalar{};
        scalar[0] = number;
        scalar[31] = 1;
        if (const auto key = crypto::public_key_of_scalar(scalar))
            multisig.keys.push_back(*key);
    }
    if (multisig.keys.size() == count)
        require(find_multisig(multisig_script(multisig)) == multisig, "a multisig script does not go round");
}

/// Pushed data comes back from the shortest push.
void check_push(ByteView data)
{
    if (data.size() > 0xffff)
        return;
    Bytes script;
    append_push(script, data);
    require(script.size() <= data.size() + 3, "a push is too long");
    const bool is_number = data.size() == 1 && ((data[0] >= 1 && data[0] <= 16) || data[0] == 0x81);
    require(is_number ? script.size() == 1 : equal(ByteView{script}.last(data.size()), data), "a push holds something else");
}

} // namespace

// The input as a script, as numbers of a multi-signature, and as what a script pushes.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView input{data, size};
    check_form(input);
    check_multisig(input);
    check_push(input);
    return 0;
}

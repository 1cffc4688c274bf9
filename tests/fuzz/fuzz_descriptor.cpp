#include "formats/bitcoin/descriptor.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace coffer;
using namespace coffer::bitcoin;

void check_same(const Descriptor& one, const Descriptor& other, std::size_t branch, std::uint32_t index)
{
    const auto scripts = one.derive(branch, index);
    const auto again = other.derive(branch, index);
    require(scripts.script_pubkey == again.script_pubkey && scripts.redeem_script == again.redeem_script &&
                scripts.witness_script == again.witness_script,
            "the canonical text derives other scripts");
    require(scripts.keys.size() == one.keys().size(), "not every key is derived");
}

} // namespace

// An accepted descriptor has one canonical text, which stands for the same scripts at every place.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = text_of({data, size});
    const auto parsed = fuzz::unless_refused([&] { return Descriptor::parse(text); });
    if (!parsed)
        return 0;
    const auto canonical = parsed->canonical();
    const auto again = Descriptor::parse(canonical, DescriptorChecksum::required);
    require(again.canonical() == canonical, "the canonical text is not stable");
    require(again.type() == parsed->type() && again.branches() == parsed->branches() && again.is_ranged() == parsed->is_ranged(),
            "the canonical text says something else");
    check_same(*parsed, again, 0, 0);
    check_same(*parsed, again, parsed->branches() - 1, parsed->is_ranged() ? keys::hardened - 1 : 0);
    return 0;
}

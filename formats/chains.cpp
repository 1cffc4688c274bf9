#include "core/base/error.h"
#include "core/base/text.h"
#include "core/chains/payload_format.h"
#include "formats/bitcoin/format.h"
#include "formats/evm/format.h"

#include <array>

namespace coffer::chains {

namespace {

/// Every chain family that is built in. A new one is one more line here.
const std::array<const PayloadFormat*, 2>& formats()
{
    static const bitcoin::BitcoinFormat bitcoin;
    static const evm::EvmFormat evm;
    static const std::array<const PayloadFormat*, 2> table{&bitcoin, &evm};
    return table;
}

} // namespace

const PayloadFormat* find_format(std::string_view family)
{
    for (const auto* format : formats())
        if (format->family() == family)
            return format;
    return nullptr;
}

const PayloadFormat& format_of(const charter::Chain& chain)
{
    if (const auto* format = find_format(chain.family))
        return *format;
    throw Error{ErrorCode::chain, "chain " + quoted(chain.id) + " is of the family " + quoted(chain.family) +
                                      ", which is not known"};
}

NamedChain chain_named(std::string_view name)
{
    std::vector<std::string> known;
    for (const auto* format : formats()) {
        if (auto chain = format->chain_named(name))
            return {*format, std::move(*chain)};
        for (const auto one : format->chain_names())
            known.emplace_back(one);
    }
    throw Error{ErrorCode::usage, "chain " + quoted(name) + " is not built in; this program has: " + join(known, ", ")};
}

std::vector<const PayloadFormat*> all_formats()
{
    return {formats().begin(), formats().end()};
}

} // namespace coffer::chains

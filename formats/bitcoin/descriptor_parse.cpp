#include "formats/bitcoin/address.h"
#include "formats/bitcoin/descriptor.h"
#include "formats/bitcoin/descriptor_checksum.h"
#include "formats/bitcoin/script.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"

#include <charconv>

namespace coffer::bitcoin {

namespace {

constexpr std::size_t most_p2sh_keys = 15;
constexpr std::size_t checksum_characters = 8;

std::string_view without_checksum(std::string_view text, DescriptorChecksum checksum)
{
    const auto mark = text.rfind('#');
    if (mark == std::string_view::npos) {
        if (checksum == DescriptorChecksum::required)
            throw Error{ErrorCode::malformed, "descriptor has no checksum", "add #" + descriptor_checksum(text)};
        return text;
    }
    const auto body = text.substr(0, mark);
    const auto found = text.substr(mark + 1);
    if (found.size() != checksum_characters)
        throw malformed("descriptor checksum has " + std::to_string(found.size()) + " characters, not 8", mark);
    if (const auto expected = descriptor_checksum(body); found != expected)
        throw malformed("descriptor checksum is " + coffer::quoted(found) + ", the text has " + expected, mark);
    return body;
}

} // namespace

/// Reads one descriptor: a function, and in `sh` and `wsh` another one. Errors do not quote what may hold a private key.
class DescriptorParser {
public:
    Descriptor run(std::string_view text)
    {
        const auto [name, content] = open(text);
        if (name == "pkh")
            take_key(DescriptorType::pkh, content, {KeyRules::Form::any, Slip132Script::any});
        else if (name == "wpkh")
            take_key(DescriptorType::wpkh, content, {KeyRules::Form::compressed, Slip132Script::p2wpkh});
        else if (name == "tr")
            take_key(DescriptorType::tr, content, {KeyRules::Form::x_only, Slip132Script::any});
        else if (name == "sh")
            run_sh(content);
        else if (name == "wsh")
            run_wsh(DescriptorType::wsh_multi, content, Slip132Script::p2wsh);
        else if (name == "addr")
            take_address(content);
        else if (name == "raw")
            take_script(content);
        else
            throw unsupported(name);
        return std::move(m_made);
    }

private:
    struct Call {
        std::string_view name;
        std::string_view content;
    };

    static Error unsupported(std::string_view name)
    {
        return Error{ErrorCode::malformed, "descriptor function " + coffer::quoted(name) + " is not known here",
                     "known are pkh, wpkh, sh(wpkh), tr with a key, multi and sortedmulti in sh, wsh and sh(wsh), addr and raw"};
    }

    static Call open(std::string_view text)
    {
        const auto bracket = text.find('(');
        if (bracket == std::string_view::npos || text.back() != ')')
            throw Error{ErrorCode::malformed, "text is no descriptor: a function and its argument in parentheses"};
        return {text.substr(0, bracket), text.substr(bracket + 1, text.size() - bracket - 2)};
    }

    void run_sh(std::string_view text)
    {
        const auto [name, content] = open(text);
        if (name == "wpkh")
            take_key(DescriptorType::sh_wpkh, content, {KeyRules::Form::compressed, Slip132Script::p2sh_p2wpkh});
        else if (name == "wsh")
            run_wsh(DescriptorType::sh_wsh_multi, content, Slip132Script::p2sh_p2wsh);
        else
            take_multi(DescriptorType::sh_multi, name, content, {KeyRules::Form::compressed, Slip132Script::any});
    }

    void run_wsh(DescriptorType type, std::string_view text, Slip132Script script)
    {
        const auto [name, content] = open(text);
        take_multi(type, name, content, {KeyRules::Form::compressed, script});
    }

    void take_key(DescriptorType type, std::string_view text, const KeyRules& rules)
    {
        m_made.m_type = type;
        if (text.find_first_of("(),{}") != std::string_view::npos)
            throw Error{ErrorCode::malformed, "more than one key stands where one belongs", "script trees and nested functions are not known here"};
        m_made.m_keys.push_back(KeyExpression::parse(text, rules));
    }

    void take_multi(DescriptorType type, std::string_view name, std::string_view content, const KeyRules& rules)
    {
        if (name != "multi" && name != "sortedmulti")
            throw unsupported(name);
        m_made.m_type = type;
        m_made.m_is_sorted = name == "sortedmulti";
        auto parts = split(content, ',');
        const auto& threshold = parts.front();
        const auto [end, error] = std::from_chars(threshold.data(), threshold.data() + threshold.size(), m_made.m_threshold);
        const auto most = type == DescriptorType::sh_multi ? most_p2sh_keys : most_multisig_keys;
        const auto count = parts.size() - 1;
        if (error != std::errc{} || end != threshold.data() + threshold.size() || m_made.m_threshold == 0 || m_made.m_threshold > count)
            throw Error{ErrorCode::malformed, "threshold of " + std::to_string(count) + " keys is not a number from 1 to as many"};
        if (count > most)
            throw Error{ErrorCode::malformed, std::to_string(count) + " keys, at most " + std::to_string(most) + " have room"};
        for (std::size_t i = 1; i < parts.size(); ++i)
            m_made.m_keys.push_back(KeyExpression::parse(parts[i], rules));
        for (const auto& key : m_made.m_keys)
            if (key.branches() != 1 && key.branches() != m_made.branches())
                throw Error{ErrorCode::malformed, "multipath steps of " + std::to_string(key.branches()) + " and " +
                                                      std::to_string(m_made.branches()) + " values"};
        require_one_network();
    }

    void require_one_network() const
    {
        std::optional<keys::KeyNetwork> found;
        for (const auto& key : m_made.m_keys) {
            const auto* extended = std::get_if<keys::ExtendedPublicKey>(&key.key);
            if (extended == nullptr)
                continue;
            if (found && *found != extended->position().network)
                throw Error{ErrorCode::malformed, "extended keys of the main network and of a test network in one descriptor"};
            found = extended->position().network;
        }
    }

    void take_script(std::string_view text)
    {
        if (text.empty())
            throw Error{ErrorCode::malformed, "raw() without a script"};
        m_made.m_script = encoding::decode_hex(text);
    }

    void take_address(std::string_view text)
    {
        const auto networks = networks_of_address(text);
        if (networks.empty())
            static_cast<void>(parse_address(text, bitcoin::networks().front())); // throws what is wrong with it
        m_made.m_type = DescriptorType::addr;
        m_made.m_script = parse_address(text, *networks.front());
        m_made.m_address = *format_address(m_made.m_script, *networks.front());
    }

    Descriptor m_made;
};

Descriptor Descriptor::parse(std::string_view text, DescriptorChecksum checksum)
{
    if (text.size() > most_descriptor_characters)
        throw Error{ErrorCode::limit, "descriptor has " + std::to_string(text.size()) + " characters, over 10,000"};
    return DescriptorParser{}.run(without_checksum(text, checksum));
}

} // namespace coffer::bitcoin

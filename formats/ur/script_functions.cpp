#include "formats/ur/script_functions.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/encoding/hex.h"
#include "formats/ur/body.h"

#include <algorithm>
#include <charconv>

namespace coffer::ur {

namespace {

using cbor::Value;

enum class Argument {
    script, ///< another function; some senders put the key of a cosigner here
    key,
    keys,
    bytes,
};

struct Function {
    std::uint64_t tag;
    std::string_view name;
    Argument argument;
};

constexpr Function functions[] = {
    {400, "sh", Argument::script},   {401, "wsh", Argument::script},   {402, "pk", Argument::key},
    {403, "pkh", Argument::key},     {404, "wpkh", Argument::key},     {405, "combo", Argument::key},
    {406, "multi", Argument::keys},  {407, "sortedmulti", Argument::keys}, {408, "raw", Argument::bytes},
    {409, "tr", Argument::key},      {410, "cosigner", Argument::key},
};

bool is_key(const Value& value)
{
    return tag_of_ec_key.holds(value) || tag_of_hd_key.holds(value);
}

/// Adds each key that it meets to the descriptor, and gives the place for it.
class Reader {
public:
    OutputDescriptor read(const Value& value)
    {
        m_descriptor.source = read_function(value);
        return std::move(m_descriptor);
    }

private:
    std::string read_function(const Value& value)
    {
        const auto tag = value.tag("a function of a descriptor");
        const auto* function = std::ranges::find(functions, tag, &Function::tag);
        if (function == std::end(functions))
            throw Error{ErrorCode::malformed, "the tag " + std::to_string(tag) + " is no function of a descriptor"};
        return std::string{function->name} + "(" + read_argument(*function, value.untagged("a function")) + ")";
    }

    std::string read_argument(const Function& function, const Value& value)
    {
        switch (function.argument) {
        case Argument::script: return is_key(value) ? read_key(value) : read_function(value);
        case Argument::key: return read_key(value);
        case Argument::keys: return read_keys(value);
        case Argument::bytes: return encoding::encode_hex(value.bytes("a raw script"));
        }
        fatal("an argument beyond the enum");
    }

    std::string read_key(const Value& value)
    {
        m_descriptor.keys.push_back(decode_tagged_key(value));
        return "@" + std::to_string(m_descriptor.keys.size() - 1);
    }

    std::string read_keys(const Value& value)
    {
        cbor::MapReader fields{value, "a multisig"};
        auto text = std::to_string(u32_of(fields.take(1, "its threshold"), "the threshold of a multisig"));
        for (const auto& key : fields.take(2, "its keys").array("the keys of a multisig"))
            text += "," + read_key(key);
        fields.finish();
        return text;
    }

    OutputDescriptor m_descriptor;
};

/// Reads the source from left to right.
class Writer {
public:
    explicit Writer(const OutputDescriptor& descriptor) : m_keys{descriptor.keys}, m_rest{descriptor.source} {}

    Value write()
    {
        auto value = write_function();
        if (!m_rest.empty())
            throw inexpressible();
        return value;
    }

private:
    Error inexpressible() const
    {
        return Error{ErrorCode::malformed, "version 1 of descriptors cannot say " + quoted(m_rest)};
    }

    std::string_view take_until(std::string_view ends)
    {
        const auto size = std::min(m_rest.find_first_of(ends), m_rest.size());
        const auto taken = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return taken;
    }

    bool take(char c)
    {
        if (!m_rest.starts_with(c))
            return false;
        m_rest.remove_prefix(1);
        return true;
    }

    void expect(char c)
    {
        if (!take(c))
            throw inexpressible();
    }

    std::uint32_t take_number()
    {
        std::uint32_t number = 0;
        const auto digits = take_until(",()");
        const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (error != std::errc{} || stop != digits.data() + digits.size())
            throw inexpressible();
        return number;
    }

    Value write_function()
    {
        const auto whole = m_rest;
        const auto* function = std::ranges::find(functions, take_until("("), &Function::name);
        if (function == std::end(functions)) {
            m_rest = whole;
            throw inexpressible();
        }
        expect('(');
        auto value = Value::tagged(function->tag, write_argument(function->argument));
        expect(')');
        return value;
    }

    Value write_argument(Argument argument)
    {
        switch (argument) {
        case Argument::script: return m_rest.starts_with('@') ? write_key() : write_function();
        case Argument::key: return write_key();
        case Argument::keys: return write_keys();
        case Argument::bytes: return Value{encoding::decode_hex(take_until(")"))};
        }
        fatal("an argument beyond the enum");
    }

    Value write_key()
    {
        expect('@');
        const auto index = take_number();
        if (index >= m_keys.size())
            throw inexpressible();
        return encode_tagged_key(m_keys[index], Naming::version_1);
    }

    Value write_keys()
    {
        const auto threshold = take_number();
        Value::Array keys;
        while (take(','))
            keys.push_back(write_key());
        return Value::map({{1, threshold}, {2, std::move(keys)}});
    }

    const std::vector<HdKey>& m_keys;
    std::string_view m_rest;
};

/// BCR-2020-008: 1 curve, 0 for secp256k1; 2 is private; 3 the key.
HdKey decode_ec_key(const Value& value)
{
    cbor::MapReader fields{value, "an EC key"};
    if (const auto* curve = fields.take_optional(1); curve && curve->number("the curve of a key") != 0)
        throw Error{ErrorCode::malformed, "the curve of a key is not secp256k1"};
    if (const auto* flag = fields.take_optional(2); flag && flag->boolean("whether a key is private"))
        throw private_key_shown();
    HdKey key{crypto::Secp256k1PublicKey::decode(fields.take(3, "the key itself").array_of<33>("a key"))};
    fields.finish();
    return key;
}

} // namespace

HdKey decode_tagged_key(const cbor::Value& value)
{
    if (tag_of_ec_key.holds(value))
        return decode_ec_key(value.untagged("a key"));
    return decode_hd_key(untagged(value, tag_of_hd_key, "a key of a descriptor"));
}

cbor::Value encode_tagged_key(const HdKey& key, Naming naming)
{
    if (key == HdKey{key.key})
        return Value::tagged(tag_of_ec_key.in(naming), Value::map({{3, Value{key.key.compressed()}}}));
    return Value::tagged(tag_of_hd_key.in(naming), encode_hd_key(key, naming));
}

OutputDescriptor decode_script_functions(const cbor::Value& value)
{
    return Reader{}.read(value);
}

cbor::Value encode_script_functions(const OutputDescriptor& descriptor)
{
    return Writer{descriptor}.write();
}

} // namespace coffer::ur

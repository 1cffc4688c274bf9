#include "formats/ur/account_descriptor.h"

#include "core/base/error.h"
#include "formats/ur/body.h"

namespace coffer::ur {

namespace {

using cbor::Value;

OutputDescriptor decode_output(const Value& value)
{
    if (tag_of_output_descriptor.holds(value))
        return decode_output_descriptor(value.untagged("a descriptor"));
    if (!value.is_tagged())
        throw Error{ErrorCode::malformed, "a descriptor of an account is under no tag"};
    return decode_output_descriptor(value); // the functions of version 1, as some senders put them
}

} // namespace

std::vector<std::string> AccountDescriptor::texts() const
{
    std::vector<std::string> texts;
    for (const auto& output : outputs)
        texts.push_back(output.text(master));
    return texts;
}

AccountDescriptor decode_account_descriptor_message(ByteView message)
{
    const auto value = cbor::decode(message, body_limits);
    cbor::MapReader fields{value, "an account"};
    AccountDescriptor account;
    account.master = decode_fingerprint(fields.take(1, "its master key's fingerprint"));
    for (const auto& output : fields.take(2, "its descriptors").array("the descriptors of an account"))
        account.outputs.push_back(decode_output(output));
    fields.finish();
    if (account.outputs.empty())
        throw Error{ErrorCode::malformed, "an account has no descriptor"};
    return account;
}

Bytes encode_account_descriptor_message(const AccountDescriptor& account, Naming naming)
{
    Value::Array outputs;
    for (const auto& output : account.outputs)
        outputs.push_back(Value::tagged(tag_of_output_descriptor.in(naming), encode_output_descriptor(output, naming)));
    return cbor::encode(Value::map({{1, encode_fingerprint(account.master)}, {2, std::move(outputs)}}));
}

} // namespace coffer::ur

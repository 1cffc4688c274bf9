#pragma once

#include "formats/ur/output_descriptor.h"

/// For source files of this folder: descriptors as version 1 nests them (BCR-2020-010), and single keys in either version.
namespace coffer::ur {

/// Throws as decode_output_descriptor does.
OutputDescriptor decode_script_functions(const cbor::Value& value);
/// Throws as encode_output_descriptor does.
cbor::Value encode_script_functions(const OutputDescriptor& descriptor);

/// Under the tag of an HD key or an EC key. Throws as decode_output_descriptor does.
HdKey decode_tagged_key(const cbor::Value& value);
/// An EC key where the key is nothing else.
cbor::Value encode_tagged_key(const HdKey& key, Naming naming);

} // namespace coffer::ur

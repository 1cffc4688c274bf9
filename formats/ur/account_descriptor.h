#pragma once

#include "formats/ur/output_descriptor.h"

/// The accounts of one master key: `crypto-account` (BCR-2020-015) and `account-descriptor` (BCR-2023-019).
namespace coffer::ur {

struct AccountDescriptor {
    keys::Fingerprint master;
    std::vector<OutputDescriptor> outputs; ///< one for each type of script; at least one

    bool operator==(const AccountDescriptor&) const = default;
    /// The descriptors, without checksums. An origin that does not name where its path begins is of the master key.
    std::vector<std::string> texts() const;
};

/// Layout, a map: 1 fingerprint, as a number; 2 the descriptors, each under its tag, which version 1 may leave out.
/// Throws Error{malformed} for another shape, and what decode_output_descriptor throws.
AccountDescriptor decode_account_descriptor_message(ByteView message);
/// Throws as encode_output_descriptor does.
Bytes encode_account_descriptor_message(const AccountDescriptor& account, Naming naming);

} // namespace coffer::ur

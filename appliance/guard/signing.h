#pragma once

#include "appliance/guard/examination.h"
#include "appliance/session.h"
#include "formats/bundle/receipt.h"

#include <functional>
#include <memory>
#include <set>
#include <vector>

namespace coffer::appliance {

/// Makes the signer of a key that the charter names. Tests put a faulty one in its place.
using SignerFactory = std::function<std::unique_ptr<keys::Signer>(const Session&, const charter::ApplianceKey&)>;

/// What came of a session.
struct SigningResult {
    bundle::Receipt receipt;
    Bytes artefact; ///< the signed receipt
};

/// Signs what the examination found approved and nobody declined, in the order of PROTOCOL 6:
/// intent and slots in one durable transaction, then signatures, each verified against the public
/// key before it is kept, then the results durable, then the receipt. A request is signed with all its
/// payloads or not at all.
///
/// Requests in `declined` are recorded as such.
SigningResult sign_examined(Session& session, const Examination& examination, const std::set<RequestDigest>& declined,
                            const SignerFactory& make_signer);

/// Whether a person at the terminal has confirmed the date of the examination.
enum class Date { confirmed, unconfirmed };

/// Writes what `verify` may write: valid links, valid rejections, and the first sights that the date allows.
void latch(Session& session, const Examination& examination, Date date);

/// Records that a whole bundle was refused.
void record_refusal(Session& session, const Error& error, UtcTime now);

} // namespace coffer::appliance

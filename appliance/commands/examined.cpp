#include "appliance/commands/examined.h"

#include "core/console/output.h"
#include "core/encoding/hex.h"

namespace coffer::appliance {

Document describe_verdict(const Verdict& verdict, std::string_view outcome, const std::optional<Error>& refusal)
{
    auto document = Document::object();
    document.set("id", verdict.id ? Document{format_uuid(*verdict.id)} : Document{})
        .set("request_digest", verdict.digest.is_zero() ? Document{} : Document::hex(verdict.digest.bytes()))
        .set("outcome", outcome);
    if (refusal)
        document.set("error", Document::object().set("code", name_of(refusal->code())).set("message", refusal->message()));
    return document;
}

bool begins_delay_here(const console::Invocation& invocation, const Examination& examination)
{
    if (examination.refused || examination.first_sights.empty())
        return false;
    const auto& environment = invocation.environment();
    if (!environment.terminal.present())
        invocation.output().message("A delay or cool-down has not begun: it counts from a date that a person confirms at a terminal.");
    return environment.terminal.present();
}

std::string request_name(const Verdict& verdict)
{
    return "request " + (verdict.id ? format_uuid(*verdict.id) : std::string{"that cannot be read"});
}

Error in_request(const Verdict& verdict, const Error& error)
{
    return error.in(request_name(verdict));
}

} // namespace coffer::appliance

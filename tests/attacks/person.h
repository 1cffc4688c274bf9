#pragma once

#include "core/charter/charter.h"
#include "core/payments/payment.h"
#include "tests/attacks/json.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace coffer::test::attacks {

/// Somebody at the vault who agrees with what is on the screen, as far as the scenario's `person` says.
class Person {
public:
    /// What one request does, as far as it can be decoded.
    struct Content {
        std::vector<payments::Payment> payments;
        std::string payer; ///< wallet id
        std::string fingerprint;
    };

    Person(charter::Charter charter, Json manners) : m_charter{std::move(charter)}, m_manners(std::move(manners)) {}

    /// `id` is the request's id as the screen shows it.
    void learn(const std::string& id, Content content) { m_known.insert_or_assign(id, std::move(content)); }
    /// A ScriptedTerminal::Person.
    std::optional<std::string> operator()(const std::string& prompt, const std::string& transcript) const;

private:
    std::string answer_challenge(const std::string& prompt, const std::string& transcript) const;

    std::map<std::string, Content> m_known;
    charter::Charter m_charter;
    Json m_manners;
};

} // namespace coffer::test::attacks

"""Every command that makes, signs, links or carries an entry of the policy chain, each with the treasury just before it."""

import datetime

import outcomes
from commands import DONE, by, cold, online
from scenario import Scenario
from treasury import EXCHANGE

IN_FORCE = ("frozen", "suspended", "retired", "destinations_added", "destinations_removed", "orders")


def drafts():
    """What several officers sign, by the name of the kind."""
    ends = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "destination_add": ("destination", "add", "broker", "--chain", "local", "--address", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        "officer_suspend": ("officer", "suspend", "carol"),
        "appliance_retire": ("appliance", "retire", "vault-a"),
        "appliance_enrol": ("appliance", "enrol", "vault-a", "--identity", "ed25519:" + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
        "unfreeze": ("unfreeze", "eth-cold"),
        "order_add": ("order", "add", "payroll", "--wallet", "eth-hot", "--to", "exchange", "--per-payment", "1", "--per-span", "2", "--total", "9",
                      "--fee", "0.01", "--total-fee", "0.1", "--ends", ends, "--signer", "alice", "--signer", "bob"),
    }


def policy(treasury):
    """What entries have changed, and what the log tells of them."""
    status = treasury.coffer("charter", "status")
    return {name: [{key: value for key, value in one.items() if key not in ("time", "until", "last", "entry_hash")} for one in status[name]]
            for name in IN_FORCE} | {"position": status["position"], "records": outcomes.books(treasury)["records"]}


def signatures(name):
    def outcome(treasury):
        return {"signed": len(treasury.coffer("inspect", name)["signatures"])}
    return outcome


def of_several(ruled, kind, command):
    """Drafted by one, signed by the other, linked by anybody."""
    drafted = ruled.copy_as(f"drafted-{kind}")
    drafted.coffer(*command, "--out", "entry", *drafted.as_officer("alice"))
    complete = drafted.copy_as(f"complete-{kind}")
    complete.coffer("entry", "sign", "entry", *complete.as_officer("bob"))
    return [
        Scenario(f"{kind}_draft", ruled, by("alice", *command, "--out", "entry"), signatures("entry"), settled=DONE, expected={"signed": 1}),
        Scenario(f"{kind}_sign", drafted, by("bob", "entry", "sign", "entry"), signatures("entry"), expected={"signed": 2}),
        Scenario(f"{kind}_adopt", complete, online("entry", "adopt", "entry"), policy),
    ]


def entry_scenarios(base):
    ruled = base.copy_as("ruled")
    ruled.coffer("charter", "adopt", *ruled.amend('approvals = "3 of admin"', 'approvals = "2 of admin"'))
    ruled.coffer("freeze", "eth-cold", *ruled.as_officer("carol"))
    ordered = ruled.copy_as("ordered")
    ordered.coffer(*drafts()["order_add"], "--out", "entry", *ordered.as_officer("alice"))
    ordered.coffer("entry", "sign", "entry", *ordered.as_officer("bob"))
    ordered.coffer("entry", "adopt", "entry")
    pay = ("propose", "transfer", "--wallet", "eth-hot", "--to", EXCHANGE, "--amount", "1", "--order", "payroll")
    return [
        *(scenario for kind, command in drafts().items() for scenario in of_several(ruled, kind, command)),
        Scenario("freeze", ruled, by("alice", "freeze", "eth-hot"), policy),
        Scenario("destination_remove", ruled, by("carol", "destination", "remove", "exchange"), policy, settled=("state",)),
        Scenario("order_end", ordered, by("carol", "order", "end", "payroll"), policy, settled=("not_found",)),
        Scenario("propose_under_order", ordered, by("carol", *pay), outcomes.books),
        Scenario("export_links", ruled, online("export", "--links", "--out", "links", "--force"), outcomes.inspected("links", "bundle"),
                 expected={"is_expected": True}),
        Scenario("cold_freeze", ruled, cold("freeze", "eth-hot", "--out", "freeze", "--force"), outcomes.vault, answer="y"),
    ]

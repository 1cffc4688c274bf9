"""Every command of both programs that changes something, each with the treasury just before it."""

import datetime
import os

import outcomes
from bitcoin_node import BitcoinNode
from bitcoin_treasury import BitcoinTreasury, electrum
from ceremonies import ceremony_scenarios
from commands import DONE, by, cold, online
from entries import entry_scenarios
from outcomes import PASSPHRASE
from scenario import Scenario
from stages import StagedTreasury
from treasury import Failed, Node

WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow"  # published test words of BIP-39
MESSAGES = '''[[rule]]
id = "saying"
wallets = "any"
kinds = ["message"]
assets = "any"
amount = "any"
destinations = "internal"
approvals = "1 of finance"
'''


class Rewind:
    """Puts the node back to where it was."""

    def __init__(self, node):
        self.node = node
        self.snapshot = node.call("evm_snapshot")

    def __call__(self):
        if not self.node.call("evm_revert", self.snapshot):
            raise Failed("the node does not go back")
        self.snapshot = self.node.call("evm_snapshot")


def soon():
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def bootstrap_scenarios(base):
    """What the bootstrap does, stopped at each of its steps, and what makes files."""
    hash_of_first = base.coffer("charter", "status")["hash"]
    amended = base.copy_as("amending")
    amendment = amended.amend('[[rule]]\nid = "to-void"', MESSAGES + '[[rule]]\nid = "to-void"')
    base.write("words", WORDS + "\n")
    base.cold("backup", "kept.backup", *PASSPHRASE)
    base.write("new.pass", "another passphrase of the vault\n")

    sharing = base.copy_as("sharing")
    sharing.cold("keys", "import", "--id", "k2", "--mnemonic-file", "words", "--rest", "none", *PASSPHRASE)

    def bootstrap(name, stage, outcome, settled=(), **expected):
        return Scenario(name, base.stage(stage), base.command_of(stage), outcome, settled=settled, expected=expected)

    return [
        bootstrap("init", "coffer init", outcomes.home, environment="test", records=0),
        bootstrap("officer_keygen", "coffer officer keygen", outcomes.officer_key("alice.key", "alice", base.path("charter.sealed")), DONE,
                  code="appr_role"),
        bootstrap("officer_trust", "coffer officer trust", outcomes.trusting("alice", "charter.sealed", hash_of_first), changed=False),
        bootstrap("charter_seal", "coffer charter seal", outcomes.content("charter.sealed"), DONE),
        bootstrap("charter_sign", "coffer charter sign", outcomes.content("charter.alice"), DONE),
        bootstrap("charter_adopt", "coffer charter adopt", outcomes.books, records={"charter.adopted": 1}),
        Scenario("charter_adopt_amendment", amended, online("charter", "adopt", *amendment), outcomes.books,
                 expected={"records": {"charter.adopted": 2}}),
        Scenario("audit_export", base, online("audit", "export", "--out", "audit.jsonl"), outcomes.anchored("audit.jsonl"), settled=DONE),
        bootstrap("cold_init", "cold init", outcomes.vault, DONE, records={"home_made": 1}),
        bootstrap("keys_generate", "cold keys generate", outcomes.vault_key("k1"), DONE, keys=[("k1", False)], is_usable=True),
        Scenario("keys_import", base, cold("keys", "import", "--id", "k2", "--mnemonic-file", "words"), outcomes.vault_key("k2"),
                 settled=DONE, expected={"keys": [("k1", True), ("k2", False)], "is_usable": True}),
        Scenario("keys_export", base, cold("keys", "export-public", "k1", "--chain", "evm", "--out", "k1.export", "--force"),
                 outcomes.inspected("k1.export", "export"), expected={"is_expected": True}),
        Scenario("shares_create", sharing, cold("shares", "create", "k2", "--threshold", "2", "--count", "3", "--shares-out", "shares"),
                 outcomes.shares_of("k2", "shares"), settled=DONE, expected={"shape": "2 of 3", "here": False, "tried": 3}),
        bootstrap("pin", "cold pin", outcomes.vault_key("k1"), ("binding",), keys=[("k1", True)]),
        Scenario("passphrase_change", base, cold("passphrase", "change", "--new-passphrase-file", "new.pass"), outcomes.opened_by("new.pass"),
                 settled=("wrong_passphrase",), expected={"old": "wrong_passphrase", "is_usable": True}),
        Scenario("clock_set", base, cold("clock", "set", soon()), outcomes.vault, answer="y"),
        Scenario("backup", base, cold("backup", "vault.backup", "--force"), outcomes.restorable("vault.backup", hash_of_first)),
        Scenario("restore", base, lambda t: cold("restore", "kept.backup", "--hash", hash_of_first, "--home", t.path("restored"))(t),
                 outcomes.restored("restored"), settled=DONE),
        Scenario("log_export", base, cold("log", "export", "--out", "vault.log", "--force"), outcomes.parsed("vault.log")),
    ], amended, amendment


def proposal_scenarios(base, amended, amendment):
    base.write("payments.csv", "address,amount,asset,memo\n" + "exchange,0.01,ETH,\n" * 3)
    raw = base.propose("eth-hot", "2", *base.offline_inputs(5))
    base.coffer("export", raw["id"], "--format", "review", "--out", "review")
    talking = amended.copy_as("talking")
    talking.coffer("charter", "adopt", *amendment)
    transfer = ("propose", "transfer", "--wallet", "eth-hot", "--to", "exchange", "--amount", "1")
    return [
        Scenario("propose_transfer", base, by("carol", *transfer), outcomes.books),
        Scenario("propose_batch", base, by("carol", "propose", "batch", "--wallet", "eth-hot", "--file", "payments.csv"), outcomes.books),
        Scenario("propose_message", talking, by("carol", "propose", "message", "--wallet", "eth-hot", "--text", "ours"), outcomes.books),
        Scenario("reject", base, lambda t: by("alice", "reject", raw["id"], "--reason", "no", "--confirm", raw["request_digest"])(t),
                 outcomes.books),
        Scenario("cancel", base, by("carol", "cancel", raw["id"]), outcomes.books),
        Scenario("export_review", base, online("export", raw["id"], "--format", "review", "--out", "review", "--force"), outcomes.books),
        Scenario("approve_review", base, lambda t: t.command(t.programs.coffer, "approve", "review", "--out", "vote", "--confirm",
                                                             raw["request_digest"], *t.as_officer("alice")),
                 outcomes.inspected("vote", "vote"), settled=DONE),
    ]


def main_path_scenarios(base, node):
    """One payment from the first vote to its confirmations, and what takes its place."""
    request = base.propose("eth-hot", "1")
    proposed = base.copy_as("proposed")
    proposed.approve(request, ["alice"])
    proposed.coffer("export", request["id"], "--format", "review", "--out", "review")
    proposed.run(proposed.command(proposed.programs.coffer, "approve", "review", "--out", "vote", "--confirm", request["request_digest"],
                                  *proposed.as_officer("bob")))
    approved = proposed.copy_as("approved")
    approved.approve(request, ["bob"])
    exported = approved.copy_as("exported")
    exported.coffer("export", request["id"], "--out", "bundle")
    signed = exported.copy_as("signed")
    signed.run(signed.sign_command("bundle", "receipt", request))
    imported = signed.copy_as("imported")
    imported.coffer("import", "receipt")

    return [
        Scenario("approve", proposed, lambda t: t.approve_command("bob", request), outcomes.books),
        Scenario("import_vote", proposed, online("import", "vote"), outcomes.books),
        Scenario("export", approved, online("export", request["id"], "--out", "bundle", "--force"), outcomes.accepted_by_vault("bundle"),
                 expected={"verified": ["approved"]}),
        Scenario("verify", exported, cold("verify", "bundle"), outcomes.vault),
        Scenario("sign", exported, lambda t: t.sign_command("bundle", "receipt", request), outcomes.signed(request),
                 expected={"status": "pending_broadcast", "intended": 1}),
        Scenario("import", signed, online("import", "receipt"), outcomes.books),
        Scenario("bump", imported, by("carol", "bump", request["id"]), outcomes.books, settled=("nonce_used",)),
        Scenario("void", imported, by("carol", "void", request["id"]), outcomes.books, settled=("nonce_used",)),
        *sending_scenarios(imported, node),
    ]


def sending_scenarios(imported, node):
    """The last ones, since the node moves on."""
    rewind = Rewind(node)

    def send_and_mine():
        rewind()
        imported.copy_as("sender").coffer("broadcast")
        node.mine(3)

    sent = imported.copy_as("sent")
    sent.coffer("broadcast")
    return [
        Scenario("broadcast", imported, online("broadcast"), outcomes.sent(node), before=rewind, expected={"sent": 1}),
        Scenario("track", sent, online("track"), outcomes.sent(node), before=send_and_mine, expected={"sent": 1}),
    ]


def ethereum_scenarios(programs, scratch):
    node = Node(scratch)
    base = StagedTreasury(programs, os.path.join(scratch, "base"), node.url)
    os.mkdir(base.folder, 0o700)
    base.found(node.token["address"])
    node.peer("fund.mjs", node.url, "-", base.addresses["eth-hot"], "10", "0")
    bootstrapping, amended, amendment = bootstrap_scenarios(base)
    return bootstrapping + entry_scenarios(base) + ceremony_scenarios(base) + proposal_scenarios(base.copy_as("proposing"), amended, amendment) + main_path_scenarios(base, node)


def bitcoin_scenarios(programs, scratch):
    """One payment of a 2-of-3: a vault has signed, and the second signature comes from Electrum in a PSBT."""
    node = BitcoinNode.start(scratch)
    base = BitcoinTreasury(programs, os.path.join(scratch, "bitcoin"), node)
    os.mkdir(base.folder, 0o700)
    base.found()
    base.fund("3", "2", "1.5", "1")
    request = base.approved("1.25")
    base.sign_in("vault-a", request)
    base.coffer("export", request["id"], "--format", "psbt-base64", "--out", "outside.psbt")
    with open(base.path("outside.psbt"), encoding="ascii") as psbt:
        base.write("signed.psbt", electrum("sign", base.path("electrum"), text=psbt.read()))
    signed = base.copy_as("bitcoin-signed")
    signed.coffer("import", "signed.psbt")
    return [
        Scenario("propose_transfer_bitcoin", base, lambda t: base.propose_command("0.5"), outcomes.books),
        Scenario("export_psbt", base, online("export", request["id"], "--format", "psbt", "--out", "out.psbt", "--force"),
                 outcomes.inspected("out.psbt", "psbt", outcomes.books), expected={"is_expected": True}),
        Scenario("import_psbt", base, online("import", "signed.psbt"), outcomes.books),
        Scenario("bump_bitcoin", signed, by("carol", "bump", request["id"], "--feerate", "25 sat/vB"), outcomes.books, settled=("nonce_used",)),
        Scenario("void_bitcoin", signed, by("carol", "void", request["id"], "--feerate", "25 sat/vB"), outcomes.books, settled=("nonce_used",)),
    ]


def all_scenarios(programs, scratch):
    return bitcoin_scenarios(programs, scratch) + ethereum_scenarios(programs, scratch)

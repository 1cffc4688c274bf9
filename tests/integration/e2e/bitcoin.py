#!/usr/bin/python3
"""Usage: bitcoin.py BUILD_DIR

A 2-of-3 whose keys lie in two appliances and in Electrum, from the first address to the confirmed
payment, on a regtest node without wallet or index.
"""

import base64
import json
import os
import subprocess
import sys
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bitcoin_node import BitcoinNode  # noqa: E402
from bitcoin_treasury import EXCHANGE, VAULTS, BitcoinTreasury, electrum  # noqa: E402
from cases import Cases, expect  # noqa: E402
from treasury import is_message_taken  # noqa: E402


class Bitcoin(Cases):
    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.node = BitcoinNode.start(folder)
        self.treasury = BitcoinTreasury(programs, os.path.join(folder, "treasury"), self.node)
        os.mkdir(self.treasury.folder, 0o700)
        self.treasury.found()
        self.treasury.fund("3", "2", "1.5", "0.7")

    def close(self):
        self.node.stop()

    def broadcast(self, request, accept=(0,)):
        return self.treasury.coffer("broadcast", request["id"], accept=accept)

    def track(self, request):
        return self.treasury.coffer("track", request["id"])["requests"][0]

    def mine(self, blocks=1):
        self.node.call("test_mine", blocks)

    def settle(self, request):
        self.broadcast(request)
        self.mine(2)
        expect(self.track(request)["status"], "success")

    def received(self, txid):
        """What the exchange got of a transaction that is in a block."""
        height = self.node.call("getblockcount")
        for number in range(height, height - 10, -1):
            block = self.node.call("getblock", self.node.call("getblockhash", number), 2)
            for transaction in block["tx"]:
                if transaction["txid"] == txid:
                    return [out["value"] for out in transaction["vout"] if out["scriptPubKey"].get("address") == EXCHANGE]
        raise AssertionError(f"{txid} is in no block")

    def case_first_addresses_agree_everywhere(self):
        online = [one["address"] for one in self.treasury.coffer("wallet", "addresses", "btc-cold", "--count", "3")["addresses"]]
        expect(online, self.treasury.electrum["receive"][:3])
        change = [one["address"] for one in self.treasury.coffer("wallet", "addresses", "btc-cold", "--count", "3", "--change")["addresses"]]
        expect(change, self.treasury.electrum["change"][:3])
        for name in VAULTS:
            for index in range(3):
                shown = self.treasury.vault(name, "address", "btc-cold", "--index", str(index), "--passphrase-file", "vault.pass")
                expect(shown["address"], online[index])

    def case_two_vaults_sign(self):
        request = self.treasury.approved("1.25")
        expect(request["kind"], "transfer")
        first = self.treasury.sign_in("vault-a", request)["requests"][0]
        expect((first["status"], first["signatures"]), ("pending_signature", {"have": 1, "need": 2}))
        second = self.treasury.sign_in("vault-b", request)["requests"][0]
        expect((second["status"], second["signatures"]), ("pending_broadcast", {"have": 2, "need": 2}))
        self.settle(request)
        shown = self.treasury.show(request)
        expect(self.received(shown["payloads"][0]["txid"]), [Decimal("1.25")])

    def case_a_vault_and_electrum_sign(self):
        request = self.treasury.approved("0.4")
        self.treasury.sign_in("vault-b", request)
        imported = self.treasury.sign_by_electrum(request)["requests"][0]
        expect((imported["status"], imported["signatures"]), ("pending_broadcast", {"have": 2, "need": 2}))
        records = self.treasury.coffer("audit", "verify")["records"]
        expect(self.treasury.coffer("import", "signed.psbt")["requests"], [imported])  # once more does nothing
        expect(self.treasury.coffer("audit", "verify")["records"], records)
        self.settle(request)

    def case_what_one_vault_has_signed_ends_only_on_its_chain(self):
        request = self.treasury.approved("0.3")
        self.treasury.sign_in("vault-a", request)
        # Electrum's key could complete it, so a cancel or a rejection would promise too much.
        self.treasury.refused(self.treasury.command(self.treasury.programs.coffer, "cancel", request["id"], *self.treasury.as_officer("carol")), "state")
        self.treasury.sign_in("vault-b", request)
        self.settle(request)

    def case_a_rejection_before_the_vault_signs_ends_it(self):
        request = self.treasury.approved("0.2")
        self.treasury.coffer("reject", request["id"], "--reason", "a mistake", *self.treasury.as_officer("bob"), "--confirm", request["request_digest"])
        expect(self.treasury.show(request)["status"], "rejected")
        export = self.treasury.command(self.treasury.programs.coffer, "export", request["id"], "--out", "rejected.bundle")
        self.treasury.refused(export, "appr_rejected")

    def case_a_batch_is_one_transaction(self):
        self.treasury.write("payments.csv", "address,amount,asset,memo\n" + "".join(f"exchange,0.01{n},BTC,rent {n}\n" for n in range(3)))
        request = self.treasury.coffer("propose", "batch", "--wallet", "btc-cold", "--file", "payments.csv", "--feerate", "5 sat/vB",
                                       *self.treasury.as_officer("carol"))
        expect((len(request["payloads"]), len(request["payment"]["payments"])), (1, 3))
        self.treasury.approve(request)
        self.treasury.sign_in("vault-a", request)
        self.treasury.sign_in("vault-b", request)
        self.settle(request)
        paid = self.received(self.treasury.show(request)["payloads"][0]["txid"])
        expect(sorted(paid), [Decimal("0.01"), Decimal("0.011"), Decimal("0.012")])

    def case_coin_control_spends_exactly_what_is_named(self):
        address = self.treasury.electrum["receive"][1]
        coin = self.node.call("test_fund", address, "0.25")
        name = f'{coin["txid"]}:{coin["vout"]}'
        request = self.treasury.propose("max", "--utxo", name)
        expect(request["payment"]["change"], [])
        [payment] = request["payment"]["payments"]
        expect(int(payment["amount"]) + int(request["payment"]["fee"]), 25_000_000)
        # Held by an open request, it is nobody else's.
        self.treasury.refused(self.treasury.propose_command("max", "--utxo", name), "state")
        self.treasury.coffer("cancel", request["id"], *self.treasury.as_officer("carol"))
        again = self.treasury.propose("max", "--utxo", name)
        self.treasury.coffer("cancel", again["id"], *self.treasury.as_officer("carol"))

    def case_more_than_there_is_is_refused(self):
        self.treasury.refused(self.treasury.propose_command("500"), "insufficient_funds")

    def case_a_bump_takes_the_place_of_what_is_stuck(self):
        request = self.treasury.approved("0.11")
        self.treasury.sign_in("vault-a", request)
        self.treasury.sign_in("vault-b", request)
        self.broadcast(request)
        bump = self.treasury.coffer("bump", request["id"], "--feerate", "25 sat/vB", *self.treasury.as_officer("carol"))
        expect(bump["kind"], "bump")
        expect(bump["payment"]["payments"], self.treasury.show(request)["payment"]["payments"])
        self.treasury.approve(bump)
        self.treasury.sign_in("vault-b", bump)  # in another order than before
        self.treasury.sign_by_electrum(bump)
        self.settle(bump)
        expect(self.track(request)["status"], "replaced")

    def case_a_ladder_is_approved_and_signed_once(self):
        request = self.treasury.approved("0.13", "--ladder", "15 sat/vB", "--ladder", "45 sat/vB")
        expect((request["ladder"], len(request["payloads"]), len(request["payment"]["payments"])), (True, 3, 1))
        fees = [int(payload["fee"]) for payload in request["payloads"]]
        expect((sorted(fees), fees[-1]), (fees, int(request["payment"]["fee"])))
        self.treasury.sign_in("vault-a", request)
        self.treasury.sign_in("vault-b", request)
        self.treasury.refused(self.bump_command(request), "state")  # nothing was sent
        self.broadcast(request)
        first, second, third = [payload["txid"] for payload in self.treasury.show(request)["payloads"]]
        expect(self.node.call("getrawmempool"), [first])
        bumped = self.treasury.run(self.bump_command(request))
        expect((bumped["status"], bumped["txid"]), ("broadcast", second))
        expect(self.node.call("getrawmempool"), [second])
        self.broadcast(request)  # sends nothing that was put out of the pool
        expect(self.treasury.run(self.bump_command(request))["txid"], third)
        self.mine(2)
        tracked = self.track(request)
        expect((tracked["status"], tracked["txid"]), ("success", third))
        expect([payload["status"] for payload in tracked["payloads"]], ["replaced", "replaced", "success"])
        expect(self.received(third), [Decimal("0.13")])
        self.treasury.refused(self.bump_command(request), "state")

    def case_an_outside_key_signs_a_ladder_step_by_step(self):
        request = self.treasury.approved("0.14", "--ladder", "35 sat/vB")
        self.treasury.sign_in("vault-a", request)
        for_one = self.treasury.command(self.treasury.programs.coffer, "export", request["id"], "--format", "psbt", "--out", "one.psbt")
        self.treasury.refused(for_one, "usage")
        for payload in (0, 1):
            signed = self.treasury.sign_by_electrum(request, payload)["requests"][0]
            expect(signed["signatures"], {"have": 3 + payload, "need": 4})
        self.broadcast(request)
        self.treasury.run(self.bump_command(request))
        self.mine(2)
        expect(self.track(request)["txid"], self.treasury.show(request)["payloads"][1]["txid"])

    def case_a_bump_of_a_ladder_pays_more_than_all_its_steps(self):
        request = self.treasury.approved("0.15", "--ladder", "30 sat/vB")
        self.treasury.sign_in("vault-a", request)
        self.treasury.sign_in("vault-b", request)
        self.broadcast(request)
        bump = self.treasury.coffer("bump", request["id"], "--feerate", "50 sat/vB", *self.treasury.as_officer("carol"))
        expect(bump["kind"], "bump")
        self.treasury.approve(bump)
        self.treasury.sign_in("vault-a", bump)
        self.treasury.sign_in("vault-b", bump)
        self.settle(bump)
        expect(self.track(request)["status"], "replaced")

    def bump_command(self, request):
        return self.treasury.command(self.treasury.programs.coffer, "bump", request["id"], *self.treasury.as_officer("carol"))

    def case_a_void_makes_a_signed_one_unusable(self):
        request = self.treasury.approved("0.12")
        self.treasury.sign_in("vault-a", request)
        self.treasury.sign_in("vault-b", request)
        void = self.treasury.coffer("void", request["id"], "--feerate", "20 sat/vB", *self.treasury.as_officer("carol"))
        expect((void["kind"], void["payment"]["payments"]), ("void", []))
        self.treasury.approve(void)
        self.treasury.sign_in("vault-a", void)
        self.treasury.sign_in("vault-b", void)
        self.settle(void)
        self.broadcast(request, accept=(0, 8))
        expect(self.track(request)["status"], "replaced")

    def case_the_void_of_a_bump_excludes_what_was_bumped(self):
        request = self.treasury.approved("0.07")
        self.treasury.sign_in("vault-a", request)
        self.treasury.sign_in("vault-b", request)
        self.broadcast(request)
        bump = self.treasury.coffer("bump", request["id"], "--feerate", "30 sat/vB", *self.treasury.as_officer("carol"))
        self.treasury.approve(bump)
        self.treasury.sign_in("vault-a", bump)
        self.treasury.sign_in("vault-b", bump)
        void = self.treasury.coffer("void", bump["id"], "--feerate", "60 sat/vB", *self.treasury.as_officer("carol"))
        self.treasury.approve(void)
        self.treasury.sign_in("vault-b", void)
        self.treasury.sign_in("vault-a", void)
        self.settle(void)
        self.broadcast(bump, accept=(0, 8))
        for replaced in (request, bump):
            expect(self.track(replaced)["status"], "replaced")

    def case_electrum_makes_one_and_we_co_sign(self):
        address = self.treasury.electrum["receive"][2]
        coin = self.node.call("test_fund", address, "0.9")
        order = {"coins": [{"txid": coin["txid"], "vout": coin["vout"], "hex": coin["hex"]}],
                 "outputs": [{"address": EXCHANGE, "value": 50_000_000}], "fee": 2_000}
        self.treasury.write("electrum.psbt", electrum("make", self.treasury.path("electrum"), text=json.dumps(order)))
        height = str(self.node.call("getblockcount"))
        request = self.treasury.coffer("propose", "raw", "--wallet", "btc-cold", "--height", height, *self.treasury.as_officer("carol"), "electrum.psbt")
        expect(request["payment"]["payments"][0]["name"], "exchange")
        expect(len(request["payment"]["change"]), 1)
        self.treasury.approve(request)
        signed = self.treasury.sign_in("vault-a", request)["requests"][0]
        expect((signed["status"], signed["signatures"]), ("pending_broadcast", {"have": 2, "need": 2}))
        self.settle(request)

    def case_a_signature_of_another_transaction_is_refused(self):
        request = self.treasury.approved("0.05")
        other = self.treasury.approved("0.06")
        self.treasury.coffer("export", other["id"], "--format", "psbt", "--out", "other.psbt")
        self.treasury.refused(self.treasury.command(self.treasury.programs.coffer, "import", "other.psbt"), "not_found")
        self.treasury.coffer("export", request["id"], "--format", "psbt-base64", "--out", "good.psbt")
        with open(self.treasury.path("good.psbt"), encoding="ascii") as psbt:
            signed = base64.b64decode(electrum("sign", self.treasury.path("electrum"), text=psbt.read()))
        place = signed.index(bytes.fromhex("3044"), signed.index(bytes.fromhex("2202")) + 1) if bytes.fromhex("3044") in signed else signed.index(bytes.fromhex("3045"))
        with open(self.treasury.path("bad.psbt"), "wb") as file:
            file.write(signed[:place + 20] + bytes([signed[place + 20] ^ 1]) + signed[place + 21:])
        self.treasury.refused(self.treasury.command(self.treasury.programs.coffer, "import", "bad.psbt"), "sig_verify")
        for one in (request, other):
            self.treasury.coffer("cancel", one["id"], *self.treasury.as_officer("carol"))

    def all_at_once(self, commands):
        """Their exit statuses, in no order."""
        running = [subprocess.Popen(command, cwd=self.treasury.folder, env=self.treasury.environment(), stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) for command in commands]
        return sorted(process.wait(timeout=120) for process in running)

    def case_counts_the_last_vote_once(self):
        request = self.treasury.propose("0.011")
        votes = [self.treasury.approve_command(officer, request) for officer in ("alice", "bob")]
        expect(self.all_at_once(votes * 8), [0] * 16)
        shown = self.treasury.show(request)
        expect((shown["status"], shown["approvals"]), ("pending_signature", {"have": 2, "need": []}))
        self.treasury.coffer("cancel", request["id"], *self.treasury.as_officer("carol"))

    def case_sends_once_when_many_run_at_once(self):
        request = self.treasury.approved("0.012")
        self.treasury.sign_in("vault-a", request)
        self.treasury.sign_in("vault-b", request)
        statuses = self.all_at_once([self.treasury.command(self.programs.coffer, "broadcast", request["id"])] * 6)
        expect(statuses[0], 0)
        expect(set(statuses) <= {0, 6}, True)  # the others find it sent, or are told that somebody sends
        expect(len(self.node.call("getrawmempool")), 1)
        self.mine(2)
        expect(self.track(request)["status"], "success")

    def case_takes_up_what_broke_off(self):
        requests = [self.treasury.approved(amount) for amount in ("0.013", "0.014")]
        for name in VAULTS:
            self.treasury.sign_in(name, *requests)
        self.broadcast(requests[0])
        sent = self.node.call("getrawmempool")
        self.node.call("test_pretend", "sendrawtransaction", {"error": {"code": -28, "message": "the node falls over"}})
        self.treasury.coffer("broadcast", accept=(8,))
        self.node.call("test_pretend", "sendrawtransaction", None)
        expect(self.node.call("getrawmempool"), sent)
        self.treasury.coffer("broadcast")
        expect(len(self.node.call("getrawmempool")), 2)
        self.mine(2)
        for request in requests:
            expect(self.track(request)["status"], "success")

    def case_a_reorg_takes_it_back(self):
        request = self.treasury.approved("0.13")
        self.treasury.sign_in("vault-a", request)
        self.treasury.sign_in("vault-b", request)
        self.settle(request)
        self.node.call("test_reorg", 2)
        expect(self.track(request)["status"], "broadcast")
        self.mine(2)
        expect(self.track(request)["status"], "success")

    def case_two_vaults_sign_a_text(self):
        kinds = 'kinds = ["consolidate", "void"'
        self.treasury.coffer("charter", "adopt", *self.treasury.amend(kinds, kinds + ', "message"'))
        text, index = "We hold these coins.\n2026-11-02", 2
        request = self.treasury.coffer("propose", "message", "--wallet", "btc-cold", "--text", text, "--index", str(index), *self.treasury.as_officer("carol"))
        self.treasury.approve(request)
        expect(self.treasury.sign_in("vault-a", request)["requests"][0]["status"], "pending_signature")
        expect(self.treasury.sign_in("vault-b", request)["requests"][0]["status"], "success")
        payload = self.treasury.show(request)["payloads"][0]
        address = self.treasury.electrum["receive"][index]
        expect(payload["message"], {"standard": "bip322-simple", "address": address, "text": text})
        for said, taken in ((text, True), (text + " ", False)):
            expect(is_message_taken("bip322", address, payload["signature"], said), taken)

    def case_leaves_a_sound_record(self):
        expect(self.treasury.coffer("audit", "verify")["ok"], True)
        for name in VAULTS:
            self.treasury.vault(name, "log", "verify", "--passphrase-file", "vault.pass")


if __name__ == "__main__":
    Bitcoin.main()

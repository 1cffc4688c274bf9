#!/usr/bin/python3
"""Usage: payments.py BUILD_DIR

The shipped programs against a real node, from the proposal to the confirmed payment: what is
signed is read again by ethers and viem, and the node reverts, forgets, hangs up and re-orgs.
"""

import collections
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from cases import Cases, expect  # noqa: E402
from treasury import EXCHANGE, Node, Treasury  # noqa: E402


class Wire:
    """Between coffer and the node: keeps what is sent, and can be slow or hang up."""

    def __init__(self, node):
        self.node = node
        self.sent = []        # every raw transaction, in order
        self.is_down = False  # answers nothing
        self.drops_sent = False  # hands a transaction over, then goes down without an answer
        self.delay = 0.0
        wire = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                answer = wire.pass_on(body)
                if answer is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

            def handle(self):
                try:
                    super().handle()
                except (OSError, ValueError):
                    pass  # hung up on purpose

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def pass_on(self, body):
        if self.is_down:
            return None
        calls = json.loads(body)
        raws = [call["params"][0] for call in (calls if isinstance(calls, list) else [calls])
                if call["method"] == "eth_sendRawTransaction"]
        self.sent += raws
        if raws:
            time.sleep(self.delay)
        request = urllib.request.Request(self.node.url, body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            reply = answer.read()
        if raws and self.drops_sent:
            self.is_down = True
            return None
        return reply


class Payments(Cases):
    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.node = Node(folder)
        self.wire = Wire(self.node)
        self.treasury = Treasury(programs, os.path.join(folder, "treasury"), self.wire.url)
        os.mkdir(self.treasury.folder, 0o700)
        self.treasury.found(self.node.token["address"], reverting=self.node.token["reverting"]["address"])
        self.payer = self.treasury.addresses["eth-hot"]
        self.node.peer("fund.mjs", self.node.url, self.node.token["address"], self.payer, "100", "5000")

    def signed(self, *options, amount="1"):
        request = self.treasury.propose("eth-hot", amount, *options)
        self.treasury.approve(request)
        self.treasury.sign(request)
        return request

    def broadcast(self, accept=(0,)):
        return self.treasury.coffer("broadcast", accept=accept)

    def track(self, request):
        return self.treasury.coffer("track", request["id"])["requests"][0]

    def read_again(self, request):
        """What ethers and viem read out of what was sent, against what the officers were shown."""
        shown = self.treasury.show(request)
        payment = shown["payment"]
        fee = 0
        for number, payload in enumerate(shown["payloads"]):
            raw = next(raw for raw in self.wire.sent if self.read(raw)["hash"] == payload["txid"])
            read = self.read(raw)
            expect(read["agree"], True)
            expect(read["signing_hash"], "0x" + payload["chain_hash"])
            expect(read["from"], self.payer)
            expect(read["nonce"], str(payload["nonce"]))
            expect(read["chain_id"], "31337")
            expect(read["access_list"], [])
            expect(int(read["signature"]["s"], 16) <= 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0, True)
            fee += int(read["gas_limit"]) * int(read["max_fee_per_gas"])
            line = payment["payments"][number]
            if line["asset"] == "ETH":
                expect((read["to"], read["value"], read["data"]), (line["destination"], line["amount"], "0x"))
            else:
                expect(read["call"], {"function": "transfer", "token": self.node.token["address"], "to": line["destination"],
                                      "amount": line["amount"]})
                expect(read["value"], "0")
        expect(payment["fee"], str(fee))
        expect(len(payment["payments"]), len(shown["payloads"]))

    def read(self, raw):
        self.known = getattr(self, "known", {})
        if raw not in self.known:
            self.known[raw] = self.node.peer("check-transaction.mjs", self.node.url, raw)
        return self.known[raw]

    def token_balance(self, address):
        data = "0x70a08231" + address[2:].lower().rjust(64, "0")
        return int(self.node.call("eth_call", {"to": self.node.token["address"], "data": data}, "latest"), 16)

    def all_at_once(self, count, *command):
        """How many ended with which status and error code."""
        command = self.treasury.command(self.programs.coffer, *command)
        running = [subprocess.Popen(command, cwd=self.treasury.folder, env=self.treasury.environment(), stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) for _ in range(count)]
        said = [json.loads(process.communicate(timeout=60)[0]) for process in running]
        return collections.Counter((process.returncode, (one.get("error") or {}).get("code")) for process, one in zip(running, said))

    def case_pays_ether(self):
        before = self.node.balance(EXCHANGE)
        request = self.signed(amount="1.25")
        expect(self.broadcast()["requests"][0]["status"], "broadcast")
        expect(self.track(request)["status"], "broadcast")
        self.node.mine(2)
        followed = self.track(request)
        expect((followed["status"], followed["confirmations"], followed["required"]), ("success", 3, 3))
        expect(self.node.balance(EXCHANGE) - before, 1_250_000_000_000_000_000)
        self.read_again(request)

    def case_pays_tokens(self):
        request = self.signed("--asset", "DEMO", amount="2500.5")
        self.broadcast()
        self.node.mine(2)
        expect(self.track(request)["status"], "success")
        expect(self.token_balance(EXCHANGE), 2_500_500_000)
        self.read_again(request)

    def case_pays_a_batch_in_one_request(self):
        self.treasury.write("payments.csv", "address,amount,asset,memo\n" + f"{EXCHANGE},0.1,ETH,rent\nexchange,0.2,,\n"
                            f"{EXCHANGE},10,DEMO,\nexchange,20.25,DEMO,\n{EXCHANGE},0.3,ETH,last\n")
        before = (self.node.balance(EXCHANGE), self.token_balance(EXCHANGE), self.node.sent_by(self.payer))
        request = self.treasury.coffer("propose", "batch", "--wallet", "eth-hot", "--file", "payments.csv",
                                       *self.treasury.as_officer("carol"))
        expect(len(request["payloads"]), 5)
        self.treasury.approve(request)
        self.treasury.sign(request)
        self.broadcast()
        self.node.mine(2)
        expect(self.track(request)["status"], "success")
        expect((self.node.balance(EXCHANGE), self.token_balance(EXCHANGE), self.node.sent_by(self.payer)),
               (before[0] + 600_000_000_000_000_000, before[1] + 30_250_000, before[2] + 5))
        self.read_again(request)

    def case_records_a_reverted_transfer_as_failed(self):
        self.treasury.offline_inputs()
        self.treasury.write("inputs.json", json.dumps({"nonce": self.node.sent_by(self.payer), "gas_limit": 90000,
                                                       "base_fee": "1000000000", "balance": str(10**19), "block": 1}))
        request = self.signed("--asset", "BAD", "--offline-inputs", "inputs.json", amount="1")
        self.broadcast()
        self.node.mine(2)
        expect(self.track(request)["status"], "failed")

    def case_survives_a_reorg(self):
        request = self.signed()
        self.broadcast()
        self.node.mine(2)
        expect(self.track(request)["status"], "success")
        before = len(self.wire.sent)
        self.node.call("anvil_reorg", 3, [])
        followed = self.track(request)
        expect((followed["status"], followed["confirmations"]), ("broadcast", 0))
        self.broadcast()
        self.node.mine(3)
        expect(self.track(request)["status"], "success")
        again = self.wire.sent[before:]
        expect(set(again) <= set(self.wire.sent[:before]), True)

    def case_sends_the_same_bytes_however_often(self):
        count = self.node.sent_by(self.payer)
        request = self.signed()
        before = len(self.wire.sent)
        self.broadcast()
        self.treasury.coffer("broadcast", request["id"], accept=None)
        self.broadcast()
        expect(len(set(self.wire.sent[before:])), 1)
        expect(self.node.sent_by(self.payer), count + 1)
        self.node.mine(2)
        expect(self.track(request)["status"], "success")
        self.broadcast()
        expect(self.node.sent_by(self.payer), count + 1)

    def case_sends_once_when_two_run_at_once(self):
        count = self.node.sent_by(self.payer)
        request = self.signed()
        before = len(self.wire.sent)
        self.wire.delay = 1.5
        ended = self.all_at_once(2, "broadcast", request["id"])
        self.wire.delay = 0.0
        expect(ended, {(0, None): 1, (6, "busy"): 1})
        expect(len(self.wire.sent) - before, 1)
        expect(self.node.sent_by(self.payer), count + 1)
        self.node.mine(2)
        expect(self.track(request)["status"], "success")

    def case_finds_what_was_sent_without_an_answer(self):
        count = self.node.sent_by(self.payer)
        request = self.signed()
        before = len(self.wire.sent)
        self.wire.drops_sent = True
        self.treasury.coffer("broadcast", accept=(8,))
        shown = self.treasury.show(request)
        expect((shown["status"], shown["payloads"][0]["seen"]), ("broadcast", False))
        self.treasury.coffer("broadcast", accept=(8,))
        self.wire.is_down = self.wire.drops_sent = False
        self.broadcast()
        shown = self.treasury.show(request)
        expect((shown["status"], shown["payloads"][0]["seen"]), ("broadcast", True))
        expect(len(set(self.wire.sent[before:])), 1)
        self.node.mine(2)
        expect(self.track(request)["status"], "success")
        expect(self.node.sent_by(self.payer), count + 1)

    def case_takes_up_a_batch_that_broke_off(self):
        """Two of five go out, then the node is gone: a rerun sends the rest, each once."""
        self.treasury.write("payments.csv", "address,amount,asset,memo\n" + "exchange,0.01,ETH,\n" * 5)
        count = self.node.sent_by(self.payer)
        request = self.treasury.coffer("propose", "batch", "--wallet", "eth-hot", "--file", "payments.csv",
                                       *self.treasury.as_officer("carol"))
        self.treasury.approve(request)
        self.treasury.sign(request)
        before = len(self.wire.sent)
        pass_on = self.wire.pass_on

        def two_only(body):
            if len(self.wire.sent) - before >= 2:
                self.wire.is_down = True
            return pass_on(body)
        self.wire.pass_on = two_only
        self.treasury.coffer("broadcast", accept=(8,))
        del self.wire.pass_on
        self.wire.is_down = False
        self.broadcast()
        self.node.mine(2)
        expect(self.track(request)["status"], "success")
        expect(self.node.sent_by(self.payer), count + 5)
        expect(len(set(self.wire.sent[before:])), 5)

    def case_a_bump_takes_the_place_of_what_is_stuck(self):
        self.node.call("evm_setAutomine", False)
        stuck = self.signed(amount="0.3")
        self.broadcast()
        bump = self.treasury.coffer("bump", stuck["id"], *self.treasury.as_officer("carol"))
        expect((bump["kind"], bump["payment"]["payments"]), ("bump", self.treasury.show(stuck)["payment"]["payments"]))
        self.treasury.approve(bump)
        self.treasury.sign(bump)
        self.broadcast()
        self.node.mine(3)
        self.node.call("evm_setAutomine", True)
        expect(self.track(bump)["status"], "success")
        expect(self.track(stuck)["status"], "replaced")

    def case_a_ladder_is_approved_and_signed_once(self):
        self.node.call("evm_setAutomine", False)
        request = self.signed("--feerate", "5 gwei", "--ladder", "10 gwei", amount="0.35")
        expect((request["ladder"], len(request["payloads"]), len(request["payment"]["payments"])), (True, 2, 1))
        expect(request["payloads"][0]["nonce"], request["payloads"][1]["nonce"])
        self.broadcast()
        bumped = self.treasury.coffer("bump", request["id"], *self.treasury.as_officer("carol"))
        expect(bumped["txid"], self.treasury.show(request)["payloads"][1]["txid"])
        self.node.mine(3)
        self.node.call("evm_setAutomine", True)
        tracked = self.track(request)
        expect((tracked["status"], tracked["txid"]), ("success", bumped["txid"]))
        expect([payload["status"] for payload in tracked["payloads"]], ["replaced", "success"])

    def case_many_bumps_at_once_are_one(self):
        self.node.call("evm_setAutomine", False)
        stuck = self.signed(amount="0.32")
        self.broadcast()
        expect(self.all_at_once(6, "bump", stuck["id"], *self.treasury.as_officer("carol")), {(0, None): 1, (6, "nonce_used"): 5})
        bumps = [one for one in self.treasury.coffer("list", "--status", "pending_review")["requests"] if one["kind"] == "bump"]
        expect(len(bumps), 1)
        self.treasury.coffer("cancel", bumps[0]["id"], *self.treasury.as_officer("carol"))
        self.node.mine(3)
        self.node.call("evm_setAutomine", True)
        expect(self.track(stuck)["status"], "success")

    def case_a_step_of_a_ladder_is_sent_by_one(self):
        self.node.call("evm_setAutomine", False)
        request = self.signed("--feerate", "5 gwei", "--ladder", "10 gwei", amount="0.36")
        self.broadcast()
        before = len(self.wire.sent)
        self.wire.delay = 1.5
        expect(self.all_at_once(4, "bump", request["id"], *self.treasury.as_officer("carol")), {(0, None): 1, (6, "busy"): 3})
        self.wire.delay = 0.0
        expect(len(self.wire.sent), before + 1)
        self.node.mine(3)
        self.node.call("evm_setAutomine", True)
        expect([payload["status"] for payload in self.track(request)["payloads"]], ["replaced", "success"])

    def case_a_void_makes_a_signed_one_unusable(self):
        signed = self.signed(amount="0.4")
        void = self.treasury.coffer("void", signed["id"], *self.treasury.as_officer("carol"))
        self.treasury.approve(void)
        self.treasury.sign(void)
        self.treasury.coffer("broadcast", void["id"])
        self.node.mine(3)
        expect(self.track(void)["status"], "success")
        self.treasury.coffer("broadcast", signed["id"], accept=(0, 8))
        expect(self.track(signed)["status"], "replaced")

    def case_leaves_a_sound_record(self):
        expect(self.treasury.coffer("audit", "verify")["ok"], True)
        self.treasury.cold("log", "verify", "--passphrase-file", "vault.pass")


if __name__ == "__main__":
    Payments.main()

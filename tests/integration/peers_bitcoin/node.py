#!/usr/bin/env python3
"""The stand-in for Bitcoin Core refuses what Core refuses: each spend with one bit changed, a
duplicated signature, a wrong password. Usage: with-bitcoin-node /usr/bin/python3 node.py"""

import json
import os
import stat
import subprocess
import sys
from decimal import Decimal

from runner import expect, given_node, run_cases
from bitcoin_node import PEERS, RpcError  # runner.py says where it is

FEE = 2_000
VALUE = 10_000_000
TYPES = ("p2pkh", "p2sh-p2wpkh", "p2wpkh", "p2wsh", "p2tr")
LIBRARIES = ("bitcoinjs", "scure")
ACCOUNT = (
    "tpubDCJtdt5dgJpdhW4MtaVYDhG4T4tF6jcLR1PxL43q9pq1mxvXgMS9Mzw1HnXG15vxUGQJMMSqCQHMTy3F1eW5VkgVroWzchsPD5BUojrcWs8"
)
NULLFAIL = "mandatory-script-verify-flag-failed (Signature must be zero for failed CHECK(MULTI)SIG operation)"


def bitcoin(satoshi):
    return f"{Decimal(satoshi).scaleb(-8):.8f}"


def run_spend(*arguments, text=""):
    command = ["node", os.path.join(PEERS, "spend-bitcoin.mjs"), *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def pushed(hex_text):
    return f"{len(hex_text) // 2:02x}{hex_text}"


class Node:
    def __init__(self, node):
        self.node = node
        self.call = node.call
        self.addresses = json.loads(run_spend("addresses"))

    def coin(self, kind):
        funded = self.call("test_fund", self.addresses[kind], bitcoin(VALUE))
        return {"txid": funded["txid"], "vout": funded["vout"], "value": VALUE, "hex": funded["hex"]}

    def spend(self, kind, coin, fee=FEE, library="bitcoinjs", sequence=0xFFFFFFFD, locktime=0):
        outputs = [{"address": self.addresses["p2wpkh"], "value": VALUE - fee}]
        order = {"coins": [coin], "outputs": outputs, "sequence": sequence, "locktime": locktime}
        return run_spend(library, kind, text=json.dumps(order))

    def reason(self, transaction):
        (result,) = self.call("testmempoolaccept", [transaction])
        return None if result["allowed"] else result["reject-reason"]

    def refusal(self, method, *params):
        try:
            found = self.call(method, *params)
        except RpcError as error:
            return error.code, error.message
        raise AssertionError(f"{method} was not refused: {found!r}")

    def accept_answers(self, transactions):
        """What a batch of testmempoolaccept says: True, False, or False for what does not decode."""
        calls = [{"id": i, "method": "testmempoolaccept", "params": [[one]]} for i, one in enumerate(transactions)]
        status, text = self.node.post(json.dumps(calls))
        expect(status, 200)
        answers = json.loads(text)
        expect([answer["id"] for answer in answers], list(range(len(transactions))))
        return [not answer["error"] and answer["result"][0]["allowed"] for answer in answers]

    def case_takes_each_type_from_each_library(self):
        for kind in TYPES:
            for library in LIBRARIES:
                transaction = self.spend(kind, self.coin(kind), library=library)
                (tested,) = self.call("testmempoolaccept", [transaction])
                expect((tested["allowed"], tested.get("fees", {}).get("base")), (True, Decimal("0.00002000")))
                txid = self.call("sendrawtransaction", transaction)
                expect(txid, tested["txid"])
                (block,) = self.call("test_mine", 1)
                expect(txid in self.call("getblock", block)["tx"], True)

    def case_refuses_every_spend_with_one_bit_changed(self):
        for kind in TYPES:
            transaction = bytes.fromhex(self.spend(kind, self.coin(kind)))
            changed = []
            for position in range(len(transaction)):
                copy = bytearray(transaction)
                copy[position] ^= 1 << (position % 8)
                changed.append(copy.hex())
            expect(any(self.accept_answers(changed)), False)
            expect(self.reason(transaction.hex()), None)

    def case_refuses_a_signature_given_twice(self):
        transaction = self.spend("p2wsh", self.coin("p2wsh"))
        witness = self.call("decoderawtransaction", transaction)["vin"][0]["txinwitness"]
        for doubled in ([witness[1]] * 2, [witness[2]] * 2):
            changed = transaction.replace("".join(map(pushed, witness[1:3])), "".join(map(pushed, doubled)))
            expect(changed == transaction, False)
            expect(self.reason(changed), NULLFAIL)
            expect(self.refusal("sendrawtransaction", changed), (-26, NULLFAIL))

    def case_refuses_signatures_in_the_wrong_order(self):
        transaction = self.spend("p2wsh", self.coin("p2wsh"))
        witness = self.call("decoderawtransaction", transaction)["vin"][0]["txinwitness"]
        swapped = transaction.replace("".join(map(pushed, witness[1:3])), "".join(map(pushed, witness[2:0:-1])))
        expect(self.reason(swapped), NULLFAIL)

    def case_refuses_a_taproot_signature_of_another_form(self):
        transaction = self.spend("p2tr", self.coin("p2tr"))
        (signature,) = self.call("decoderawtransaction", transaction)["vin"][0]["txinwitness"]
        expect(len(signature), 128)
        good = f"01{pushed(signature)}"
        for changed, reason in (
            (f"01{pushed(signature[:-2])}", "Invalid Schnorr signature size"),
            (f"01{pushed(signature + '00')}", "Invalid Schnorr signature hash type"),
            (f"01{pushed(signature + '01')}", "Invalid Schnorr signature"),
            (f"01{pushed(signature[64:] + signature[:64])}", "Invalid Schnorr signature"),
            (f"02{pushed(signature)}0150", "This node judges no script path and no annex"),
            (f"03{pushed(signature)}0151{pushed('c0' + 32 * '11')}", "This node judges no script path and no annex"),
        ):
            expect(self.reason(transaction.replace(good, changed)), f"mandatory-script-verify-flag-failed ({reason})")
        without_witness = transaction.replace(good, "").replace("0001", "", 1)   # nor marker and flag
        expect(self.reason(without_witness),
               "mandatory-script-verify-flag-failed (Witness program was passed an empty witness)")

    def case_refuses_a_fee_below_the_minimum_and_above_the_maximum(self):
        coin = self.coin("p2wpkh")
        low = self.spend("p2wpkh", coin, fee=100)
        expect(self.refusal("sendrawtransaction", low), (-26, "min relay fee not met, 100 < 110"))
        high = self.spend("p2wpkh", coin, fee=VALUE // 5)
        expect(self.reason(high), "max-fee-exceeded")
        expect(self.refusal("sendrawtransaction", high),
               (-25, "Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)"))
        expect(len(self.call("sendrawtransaction", high, 0)), 64)

    def case_refuses_dust_and_unknown_coins(self):
        coin = self.coin("p2wpkh")
        expect(self.reason(self.spend("p2wpkh", coin, fee=VALUE - 293)), "dust")
        unknown = self.spend("p2wpkh", coin).replace(bytes.fromhex(coin["txid"])[::-1].hex(), "11" * 32)
        expect(self.reason(unknown), "missing-inputs")
        expect(self.refusal("sendrawtransaction", unknown), (-25, "bad-txns-inputs-missingorspent"))
        expect(self.refusal("sendrawtransaction", "00"),
               (-22, "TX decode failed. Make sure the tx has at least one input."))

    def case_takes_a_duplicate_in_the_mempool_and_refuses_one_in_the_chain(self):
        transaction = self.spend("p2wpkh", self.coin("p2wpkh"))
        txid = self.call("sendrawtransaction", transaction)
        expect(self.call("sendrawtransaction", transaction), txid)
        expect(self.reason(transaction), "txn-already-in-mempool")
        self.call("test_mine")
        expect(self.refusal("sendrawtransaction", transaction), (-27, "Transaction already in block chain"))
        expect(self.reason(transaction), "txn-already-known")

    def case_replaces_by_fee(self):
        coin = self.coin("p2wsh")
        first = self.call("sendrawtransaction", self.spend("p2wsh", coin))
        entry = self.call("getmempoolentry", first)
        expect((entry["fees"]["base"], entry["bip125-replaceable"]), (Decimal("0.00002000"), True))
        output = {"txid": first, "vout": 0, "value": VALUE - FEE, "hex": self.call("getrawtransaction", first)}
        child = self.spend("p2wpkh", output, fee=2 * FEE)
        self.call("sendrawtransaction", child)
        expect(self.call("getmempoolentry", first)["descendantcount"], 2)

        for fee, words in (
            (FEE - 1, f"new feerate {bitcoin((FEE - 1) * 1000 // entry['vsize'])} BTC/kvB <= old feerate"),
            (2 * FEE - 1, "less fees than conflicting txs; 0.00003999 < 0.00004000"),
            (2 * FEE + 100, "not enough additional fees to relay; 0.00000100 < "),
        ):
            code, message = self.refusal("sendrawtransaction", self.spend("p2wsh", coin, fee=fee))
            expect((code, message.startswith("insufficient fee, rejecting replacement ")), (-26, True))
            expect(words in message, True)
            expect(self.call("getrawmempool")[0], first)

        bad = self.spend("p2wsh", coin, fee=4 * FEE)
        witness = self.call("decoderawtransaction", bad)["vin"][0]["txinwitness"]
        expect(self.refusal("sendrawtransaction", bad.replace(pushed(witness[1]), pushed(witness[2])))[0], -26)
        expect(len(self.call("getrawmempool")), 2)

        second = self.call("sendrawtransaction", self.spend("p2wsh", coin, fee=4 * FEE))
        expect(self.call("getrawmempool"), [second])
        expect(self.refusal("getmempoolentry", first), (-5, "Transaction not in mempool"))
        expect(self.reason(child), "missing-inputs")
        self.call("test_mine")

    def case_keeps_what_does_not_signal_replacement(self):
        coin = self.coin("p2wpkh")
        first = self.call("sendrawtransaction", self.spend("p2wpkh", coin, sequence=0xFFFFFFFE))
        again = self.spend("p2wpkh", coin, fee=10 * FEE)
        expect(self.refusal("sendrawtransaction", again), (-26, "txn-mempool-conflict"))
        expect(self.call("getrawmempool"), [first])
        self.call("test_mine")

    def case_follows_a_reorganisation(self):
        coin = self.coin("p2wpkh")
        txid = self.call("sendrawtransaction", self.spend("p2wpkh", coin))
        (block,) = self.call("test_mine", 1)
        expect(self.call("gettxout", txid, 0)["confirmations"], 1)
        changed = self.call("test_reorg", 1)
        expect((changed["disconnected"], len(changed["connected"])), ([block], 2))
        expect(self.call("getblockheader", block)["confirmations"], -1)
        expect(self.call("gettxout", txid, 0, False), None)
        expect(self.call("gettxout", txid, 0)["confirmations"], 0)
        (block,) = self.call("test_mine", 1)
        other = self.spend("p2wpkh", coin, fee=3 * FEE)
        last = self.call("test_reorg", 1, [other])["connected"][-1]
        expect(self.call("getblock", last)["tx"][1:], [self.call("decoderawtransaction", other)["txid"]])
        expect((self.call("getrawmempool"), self.call("gettxout", txid, 0)), ([], None))

    def case_forgets_a_block_that_is_invalidated(self):
        coin = self.coin("p2pkh")
        height, block = self.call("getblockcount"), self.call("getbestblockhash")
        expect(self.call("invalidateblock", block), None)
        expect(self.call("getblockcount"), height - 1)
        expect(self.call("getrawmempool"), [coin["txid"]])
        expect(self.refusal("getblock", block), (-5, "Block not found"))
        self.call("test_drop", coin["txid"])
        expect((self.call("getrawmempool"), self.call("gettxout", coin["txid"], coin["vout"])), ([], None))

    def case_mines_what_it_is_told(self):
        first, second = (self.spend("p2wpkh", self.coin("p2wpkh")) for _ in range(2))
        kept = self.call("sendrawtransaction", first)
        destination = self.addresses["p2pkh"]
        empty = self.call("generateblock", destination, [])["hash"]
        expect((self.call("getblock", empty)["nTx"], self.call("getrawmempool")), (1, [kept]))
        block = self.call("generateblock", f"addr({destination})", [kept, second])["hash"]
        expect(self.call("getblock", block)["tx"][1:], [kept, self.call("decoderawtransaction", second)["txid"]])
        coinbase = self.call("getblock", block, 2)["tx"][0]
        expect(coinbase["vout"][0]["scriptPubKey"]["address"], destination)
        broken = second[:-9] + ("0" if second[-9] != "0" else "1") + second[-8:]
        expect(self.refusal("generateblock", destination, [broken])[0], -25)

    def case_keeps_lock_times(self):
        coin, height = self.coin("p2wpkh"), self.call("getblockcount")
        expect(self.reason(self.spend("p2wpkh", coin, locktime=height)), None)
        expect(self.reason(self.spend("p2wpkh", coin, locktime=height + 1)), "non-final")

    def case_names_the_spender_in_the_mempool(self):
        coin = self.coin("p2wpkh")
        outpoint = {"txid": coin["txid"], "vout": coin["vout"]}
        expect(self.call("gettxspendingprevout", [outpoint]), [outpoint])
        txid = self.call("sendrawtransaction", self.spend("p2wpkh", coin))
        expect(self.call("gettxspendingprevout", [outpoint]), [{**outpoint, "spendingtxid": txid}])
        expect(self.call("gettxout", coin["txid"], coin["vout"]), None)
        expect(self.call("gettxout", coin["txid"], coin["vout"], False)["value"], Decimal(bitcoin(VALUE)))
        self.call("test_mine")

    def case_shows_a_block_three_ways(self):
        coin = self.coin("p2sh-p2wpkh")
        block = self.call("getbestblockhash")
        raw, named, whole = (self.call("getblock", block, verbosity) for verbosity in range(3))
        expect(self.call("getblockheader", block, False), raw[:160])
        header = self.call("getblockheader", block)
        expect({name: named[name] for name in header}, header)
        expect(named["tx"], [transaction["txid"] for transaction in whole["tx"]])
        expect([transaction["hex"] in raw for transaction in whole["tx"]], [True, True])
        expect(whole["tx"][1]["hex"], coin["hex"])
        paid = sum(output["value"] for output in whole["tx"][1]["vout"])
        (funding,) = whole["tx"][1]["vin"]
        before = self.call("getrawtransaction", funding["txid"], True, self.block_of(funding["txid"], header["height"]))
        expect(before["vout"][funding["vout"]]["value"] - paid, whole["tx"][1]["fee"])

    def block_of(self, txid, height):
        for at in range(height, 0, -1):
            block = self.call("getblockhash", at)
            if txid in self.call("getblock", block)["tx"]:
                return block
        raise AssertionError(f"{txid} is in no block")

    def case_finds_a_transaction_by_its_block_only(self):
        funded = self.call("test_fund", self.addresses["p2pkh"], "0.1")
        code, message = self.refusal("getrawtransaction", funded["txid"])
        expect((code, message.split(".")[0]), (-5, "No such mempool transaction"))
        found = self.call("getrawtransaction", funded["txid"], True, funded["blockhash"])
        expect((found["hex"], found["confirmations"], found["in_active_chain"]), (funded["hex"], 1, True))
        output = found["vout"][funded["vout"]]
        expect((output["value"], output["scriptPubKey"]["address"]), (Decimal("0.10000000"), self.addresses["p2pkh"]))
        expect(self.refusal("getrawtransaction", funded["txid"], True, "00" * 32), (-5, "Block hash not found"))

    def case_scans_for_addresses_and_ranged_descriptors(self):
        address = self.addresses["p2wsh"]
        before = self.call("scantxoutset", "start", [f"addr({address})"])
        funded = self.call("test_fund", address, "0.29999999")
        after = self.call("scantxoutset", "start", [f"addr({address})"])
        expect(after["total_amount"] - before["total_amount"], Decimal("0.29999999"))
        (found,) = [one for one in after["unspents"] if one["txid"] == funded["txid"]]
        expect(sorted(found), ["amount", "coinbase", "desc", "height", "scriptPubKey", "txid", "vout"])
        expect((found["amount"], found["coinbase"], found["height"]), (Decimal("0.29999999"), False, after["height"]))
        account = f"[a0d3c79c/84h/1h/0h]{ACCOUNT}"
        refused = self.refusal("deriveaddresses", f"wpkh({account}/1/*)#00000000", [7, 7])
        expect((refused[0], refused[1].split("'")[0]), (-5, "Provided checksum "))
        checked = self.call("getdescriptorinfo", f"wpkh({account}/1/*)")
        expect((checked["isrange"], checked["issolvable"]), (True, True))
        (address,) = self.call("deriveaddresses", checked["descriptor"], [7, 7])
        funded = self.call("test_fund", address, "0.5")
        for limits, expected in (([5, 9], [funded["txid"]]), ([8, 9], []), (6, [])):
            scan = self.call("scantxoutset", "start", [{"desc": f"wpkh({account}/1/*)", "range": limits}])
            expect([one["txid"] for one in scan["unspents"]], expected)
            if expected:
                expect(scan["unspents"][0]["desc"].startswith("wpkh([a0d3c79c/84h/1h/0h/1/7]0"), True)

    def case_estimates_nothing_until_told(self):
        expect(self.call("estimatesmartfee", 6), {"errors": ["Insufficient data or no feerate found"], "blocks": 6})
        self.call("test_setfeerate", "0.00012345")
        expect(self.call("estimatesmartfee", 6), {"feerate": Decimal("0.00012345"), "blocks": 6})
        self.call("test_setfeerate", None)

    def case_pretends_what_it_is_told_to(self):
        truth = self.call("getblockchaininfo")
        self.call("test_pretend", "getblockchaininfo", {"change": {"initialblockdownload": True, "chain": "main"}})
        expect(self.call("getblockchaininfo"), {**truth, "initialblockdownload": True, "chain": "main"})
        self.call("test_pretend", "getblockcount", {"result": 7})
        self.call("test_pretend", "*", {"error": {"code": -28, "message": "Loading block index…"}})
        expect(self.call("getblockcount"), 7)
        expect(self.refusal("getbestblockhash"), (-28, "Loading block index…"))
        for method in ("*", "getblockcount", "getblockchaininfo"):
            self.call("test_pretend", method, None)
        expect(self.call("getblockchaininfo"), truth)

    def case_refuses_wrong_credentials(self):
        call = json.dumps({"id": 1, "method": "getblockcount", "params": []})
        description = self.node.description
        expect(stat.S_IMODE(os.stat(description["cookie_file"]).st_mode), 0o600)
        expect(self.node.post(call)[0], 200)
        expect(self.node.post(call, f"{description['user']}:{description['password']}")[0], 200)
        cookie = self.node.credentials
        changed = cookie[:-1] + ("0" if cookie[-1] != "0" else "1")
        for wrong in (changed, cookie[:-1], cookie + "0", "__cookie__:", f"{description['user']}:"):
            expect(self.node.post(call, wrong), (401, ""))

    def case_answers_errors_with_the_statuses_of_http(self):
        for body, status, code in (
            ('{"id":1,"method":"nothing"}', 404, -32601),
            ('{"id":1,"method":"getblockhash","params":[-1]}', 500, -8),
            ('{"id":1,"method":7}', 400, -32600),
            ("{", 500, -32700),
        ):
            found, text = self.node.post(body)
            expect((found, json.loads(text)["error"]["code"]), (status, code))


if __name__ == "__main__":
    sys.exit(run_cases(Node(given_node())))

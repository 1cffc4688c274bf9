"""What a treasury holds, in a form that does not depend on ids, times and random numbers."""

import collections
import hashlib
import json
import os

from treasury import Failed

PASSPHRASE = ("--passphrase-file", "vault.pass")


def books(treasury):
    """Everything that the online home says about its requests and its log; the log must be whole."""
    treasury.coffer("audit", "verify")
    records = treasury.coffer("audit", "log", "--start", "0")["records"]
    requests = [describe(treasury.show(one)) for one in treasury.coffer("list")["requests"]]
    slots = [slot for request in requests for slot in request.pop("slots")]
    if len(slots) != len(set(slots)):
        raise Failed(f"two open requests hold one slot: {slots}")
    return {"records": dict(collections.Counter(record["type"] for record in records)), "requests": sorted(requests, key=json.dumps)}


def describe(shown):
    is_open = shown["status"].startswith("pending") and shown["kind"] not in ("bump", "void")
    slots = [payload["nonce"] for payload in shown["payloads"] if payload.get("nonce") is not None]
    return {"kind": shown["kind"], "status": shown["status"],
            "votes": sorted((vote["officer"], vote["decision"]) for vote in shown["votes"]),
            "signatures": [(shown.get("signatures") or {}).get("have")],
            "payloads": [(payload["status"], payload.get("seen")) for payload in shown["payloads"]],
            "slots": [f'{shown["wallet"]} {slot}' for slot in slots] if is_open else []}


def sent(node, wallet="eth-hot"):
    """The books, and what the node has of the wallet."""
    def outcome(treasury):
        return books(treasury) | {"sent": node.sent_by(treasury.addresses[wallet])}
    return outcome


def content(*names):
    """Files that are the same whoever makes them."""
    def outcome(treasury):
        hashes = {}
        for name in names:
            with open(treasury.path(name), "rb") as file:
                hashes[name] = hashlib.sha256(file.read()).hexdigest()
        return hashes
    return outcome


def inspected(name, kind, look=lambda treasury: {}):
    """The file is there whole, whatever it says; and what `look` finds."""
    def outcome(treasury):
        found = treasury.coffer("inspect", name)
        return {"kind": found["kind"], "is_expected": found["kind"] == kind} | look(treasury)
    return outcome


def vault(treasury):
    """The appliance's log, authenticated; a rerun judges and intends anew, and may begin another session."""
    treasury.cold("log", "verify", *PASSPHRASE)
    records = treasury.cold("log", "show")["records"]
    kinds = collections.Counter(record["type"] for record in records)
    intended = {record["request_digest"] for record in records if record["type"] == "intended"}
    passing = ("session_begun", "intended", "receipt_made", "refused")
    listed = treasury.cold("keys", "list")["keys"]
    return {"records": {kind: count for kind, count in sorted(kinds.items()) if kind not in passing}, "intended": len(intended),
            "keys": sorted((key["id"], key["bound"]) for key in listed)}


def vault_key(key):
    """The same, and the key works."""
    def outcome(treasury):
        exported = treasury.cold("keys", "export-public", key, "--chain", "evm", *PASSPHRASE)
        return vault(treasury) | {"is_usable": exported["xpub"].startswith("xpub")}
    return outcome


def shares_of(key, file):
    """Every combination of the shares in the file restores the key, which lies nowhere else."""
    def outcome(treasury):
        listed = next(one for one in treasury.cold("keys", "list")["keys"] if one["id"] == key)
        said = treasury.cold("shares", "verify", key, "--shares-file", file, *PASSPHRASE)
        return {"shape": listed["shares"]["shape"], "here": listed["here"], "tried": said["subsets_tried"]}
    return outcome


def opened_by(passphrase):
    """The home opens under this passphrase and no more under the old one, and its key works."""
    def outcome(treasury):
        refused = treasury.cold("log", "verify", *PASSPHRASE, accept=None)
        exported = treasury.cold("keys", "export-public", "k1", "--chain", "evm", "--passphrase-file", passphrase)
        return {"old": (refused.get("error") or {}).get("code"), "is_usable": exported["xpub"].startswith("xpub")}
    return outcome


def signed(request):
    def outcome(treasury):
        found = vault(treasury)
        treasury.coffer("import", "receipt")
        shown = treasury.show(request)
        return found | {"status": shown["status"], "txid": shown["payloads"][0]["txid"]}
    return outcome


def accepted_by_vault(bundle):
    """The bundle is one that the vault would sign."""
    def outcome(treasury):
        verified = treasury.cold("verify", bundle, *PASSPHRASE)
        found = books(treasury)
        found["records"].pop("bundle.exported")  # a rerun makes the same one only in the same second
        return found | {"verified": [one["outcome"] for one in verified["requests"]]}
    return outcome


def officer_key(name, officer, sealed):
    """The key file opens: only then is it found that the charter names another key of the officer."""
    def outcome(treasury):
        said = treasury.coffer("charter", "sign", sealed, "--officer", officer, "--key", name, "--passphrase-file", f"{officer}.pass",
                               "--out", "none", accept=None)
        return {"code": (said.get("error") or {}).get("code")}
    return outcome


def trusting(officer, sealed, hash):
    """What the key says about its anchor when it is asked to trust the same again."""
    def outcome(treasury):
        said = treasury.coffer("officer", "trust", sealed, "--hash", hash, "--key", f"{officer}.key", "--passphrase-file", f"{officer}.pass")
        return {"hash": said["hash"], "changed": said["changed"]}
    return outcome


def home(treasury):
    """A home that is fit for a charter."""
    shown = treasury.coffer("config", "show")
    return {"environment": shown["environment"], "has_key": bool(shown["audit_key"]), "records": treasury.coffer("audit", "verify")["records"]}


def anchored(name):
    def outcome(treasury):
        return {"anchored": treasury.coffer("audit", "verify", name)["anchored"]}
    return outcome


def restorable(name, hash):
    """A backup is good when an appliance can be made of it."""
    def outcome(treasury):
        restored = treasury.cold("restore", name, "--home", treasury.path("restored"), "--hash", hash, *PASSPHRASE)
        return vault(treasury) | {"state": restored["state"]}
    return outcome


def restored(folder):
    def outcome(treasury):
        treasury.cold("log", "verify", "--home", treasury.path(folder), *PASSPHRASE)
        records = treasury.cold("log", "show", "--home", treasury.path(folder))["records"]
        return {"records": [record["type"] for record in records]}
    return outcome


def parsed(name):
    def outcome(treasury):
        with open(treasury.path(name), encoding="utf-8") as file:
            return {"records": [record["type"] for record in json.load(file)["records"]]}
    return outcome

"""A treasury made with the shipped programs: three officers, one appliance, one node or none.

For tests that need whole homes on disk. Everything lies below one folder, so that a copy of the
folder is a copy of the treasury.
"""

import datetime
import json
import os
import shutil
import subprocess
import time
import urllib.request

PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers")
EXCHANGE = "0x8b3392483Ba26d65E331dB86D4f430E9B3814512"
OFFICERS = ("alice", "bob", "carol")


def is_message_taken(standard, address, signature, text):
    """Whether other implementations take the signature of a text."""
    done = subprocess.run(["node", os.path.join(PEERS, "check-message.mjs"), standard, address, signature],
                          input=text.encode(), capture_output=True, check=False)
    return done.returncode == 0


class Failed(Exception):
    """A command ended otherwise than expected; says what it printed."""


class Programs:
    """Where the programs under test are."""

    def __init__(self, build):
        self.build = build
        self.coffer = os.path.join(build, "cli", "coffer")
        self.cold = os.path.join(build, "appliance", "coffer-cold")


class Node:
    """anvil on a free port, with TestToken.sol deployed; ends with this process."""

    def __init__(self, folder, *options):
        self.folder = folder
        file = os.path.join(folder, "node.json")
        subprocess.run([os.path.join(PEERS, "anvil"), file, "--owner", str(os.getpid()), *options], check=True)
        with open(file, encoding="utf-8") as text:
            facts = json.load(text)
        self.url, self.pid = facts["url"], facts["pid"]
        self.token = self.peer("deploy-token.mjs", self.url)

    def peer(self, script, *arguments):
        """What a script of tests/peers prints."""
        done = subprocess.run(["node", os.path.join(PEERS, script), *arguments], capture_output=True, check=False)
        if done.returncode != 0:
            raise Failed(f"{script}: {done.stdout.decode()}{done.stderr.decode()}")
        return json.loads(done.stdout)

    def call(self, method, *parameters):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).encode()
        request = urllib.request.Request(self.url, body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            reply = json.load(answer)
        if "error" in reply:
            raise Failed(f"{method}: {reply['error']}")
        return reply["result"]

    def mine(self, blocks):
        self.call("anvil_mine", hex(blocks))

    def balance(self, address):
        return int(self.call("eth_getBalance", address, "latest"), 16)

    def sent_by(self, address):
        """How many transactions of this account are in blocks, once the node has mined what it holds."""
        self.call("evm_mine")
        return int(self.call("eth_getTransactionCount", address, "latest"), 16)

    def stop(self):
        os.kill(self.pid, 15)


class Treasury:
    officers = OFFICERS

    def __init__(self, programs, folder, rpc="http://127.0.0.1:9"):
        self.programs = programs
        self.folder = folder
        self.rpc = rpc
        self.vault_home = "vault"  # the home that coffer-cold is run in
        self.clock = []  # what stands before every command, so that it sees another time
        self.printed = []  # by every program, on both streams
        self.addresses = {}  # of the wallets

    # Running programs.

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def environment(self):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {"COFFER_HOME": self.path("home"), "COFFER_COLD_HOME": self.path(self.vault_home), "NO_COLOR": "1"}

    def command(self, program, *args):
        return [*self.clock, program, "--json", *args]

    def run(self, command, accept=(0,)):
        done = subprocess.run(command, cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, start_new_session=True, timeout=120, check=False)
        self.printed += [done.stdout, done.stderr]
        if accept is not None and done.returncode not in accept:
            raise Failed(f"{' '.join(command)}: exit status {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
        try:
            return json.loads(done.stdout)
        except ValueError:
            return {"exit": done.returncode, "text": done.stdout.decode() + done.stderr.decode()}

    def refused(self, command, code, status=None):
        """The command must end with this error code, and exit status if one is given; returns what it printed."""
        said = self.run(command, accept=None if status is None else (status,))
        found = [said.get("error") or {}] + [item.get("error") or {} for item in said.get("requests", [])]
        if code not in [error.get("code") for error in found]:
            raise Failed(f"{' '.join(command)}: expected {code}, found {json.dumps(said)}")
        return said

    def coffer(self, *args, accept=(0,)):
        return self.run(self.command(self.programs.coffer, *args), accept)

    def cold(self, *args, accept=(0,)):
        return self.run(self.command(self.programs.cold, *args), accept)

    def as_officer(self, officer):
        return ("--officer", officer, "--key", f"{officer}.key", "--passphrase-file", f"{officer}.pass")

    # Making it.

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(text)

    def write_bytes(self, name, data):
        with open(self.path(name), "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(data)

    def read_bytes(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def found(self, token="0x0000000000000000000000000000000000000010", wallets=("eth-cold", "eth-hot"), reverting=None):
        """Bootstrap: keys, charter signed by all, adopted online and pinned in the appliance."""
        self.write("vault.pass", "passphrase of the vault\n")
        self.cold("init", "--environment", "test", "--date", time.strftime("%F", time.gmtime()), "--passphrase-file", "vault.pass")
        self.cold("keys", "generate", "--id", "k1", "--passphrase-file", "vault.pass")
        return self.bootstrap(token, wallets, reverting)

    def bootstrap(self, token, wallets, reverting=None):
        """The same when the appliance has its home and key k1."""
        public = {}
        for officer in self.officers:
            self.write(f"{officer}.pass", f"passphrase of {officer}\n")
            public[officer] = self.coffer("officer", "keygen", "--id", officer, "--out", f"{officer}.key",
                                          "--passphrase-file", f"{officer}.pass")["public_key"]
        key = self.cold("keys", "export-public", "k1", "--chain", "evm", "--passphrase-file", "vault.pass")
        self.coffer("init", "--environment", "test", "--rpc", f"local={self.rpc}")
        self.write("charter.toml", self.charter(public, key, token, wallets, reverting))
        sealed = self.coffer("charter", "seal", "charter.toml", "--out", "charter.sealed")
        for officer in self.officers:
            self.coffer("charter", "sign", "charter.sealed", *self.as_officer(officer), "--out", f"charter.{officer}")
        signed = [f"charter.{officer}" for officer in self.officers]
        self.coffer("charter", "adopt", *signed)
        for officer in self.officers:
            self.coffer("officer", "trust", "charter.sealed", "--hash", sealed["hash"], "--key", f"{officer}.key",
                        "--passphrase-file", f"{officer}.pass")
        self.cold("pin", *signed, "--hash", sealed["hash"], "--passphrase-file", "vault.pass")
        return key

    def amend(self, before, after, term=datetime.timedelta(days=2), says=()):
        """A charter that replaces the one in force, with `before` in its text replaced and lines added
        to its head; sealed and signed by all officers. Returns the files, ready for adopt."""
        with open(self.path("charter.toml"), encoding="utf-8") as file:
            text = file.read()
        assert before in text
        status = self.coffer("charter", "status")
        version = status["version"] + 1
        until = (datetime.datetime.now(datetime.timezone.utc) + term).strftime("%Y-%m-%dT%H:%M:%SZ")
        head = "\n".join([f"version = {version}", f'previous = "{status["hash"]}"', f"adopt_before = {until}", *says])
        own = ("previous =", "adopt_before =", "continues =", "lifts =")
        lines = [line for line in text.replace(before, after).split("\n") if not line.startswith(own)]
        self.write("charter.toml", "\n".join(head if line.startswith("version =") else line for line in lines))
        name = f"charter-{version}"
        self.coffer("charter", "seal", "charter.toml", "--out", name)
        for officer in self.officers:
            self.coffer("charter", "sign", name, *self.as_officer(officer), "--out", f"{name}.{officer}")
        return [f"{name}.{officer}" for officer in self.officers]

    def charter(self, public, key, token, wallets, reverting):
        audit = self.coffer("config", "show")["audit_key"]
        tokens = {"DEMO": token} | ({"BAD": reverting} if reverting else {})
        known = "".join(f'[[token]]\nid = "{symbol}"\nchain = "local"\naddress = "{address}"\ndecimals = 6\n'
                        for symbol, address in tokens.items())
        self.addresses = addresses = {}
        for number, wallet in enumerate(wallets):
            derived = self.coffer("wallet", "addresses", "--xpub", key["xpub"], "--chain", "evm", "--count", "1", "--start", str(number))
            addresses[wallet] = derived["addresses"][0]["address"]
        officers = "".join(f'[[officer]]\nid = "{officer}"\nroles = ["finance", "admin"]\nkeys = ["{public[officer]}"]\n'
                           for officer in self.officers)
        accounts = "".join(f'''[[wallet]]
id = "{wallet}"
chain = "local"
tier = "{wallet.split("-")[1]}"
mode = "governed"
address = "{addresses[wallet]}"
keys = [{{ appliance = "vault-a", key = "k1", path = "0/{number}" }}]
presence = "{"none" if wallet.endswith("hot") else "person"}"
confirmations = 3
''' for number, wallet in enumerate(wallets))
        return f'''format = 1
name = "Test Treasury"
treasury = "{"11" * 32}"
environment = "test"
version = 1
[amendment]
approvals = "3 of admin"
{officers}[[appliance]]
id = "vault-a"
key = "{key["identity"]}"
state = "active"
keys = [{{ id = "k1", origin = "{key["origin"]}", public = "{key["xpub"]}" }}]
[audit]
key = "{audit}"
[[chain]]
id = "local"
family = "evm"
chain_id = 31337
{known}{accounts}[[destination]]
id = "exchange"
chain = "local"
address = "{EXCHANGE}"
[[rule]]
id = "to-exchange"
wallets = "any"
kinds = ["transfer", "bump"]
assets = "any"
amount = "any"
destinations = "whitelist"
approvals = "2 of finance"
requester_may_approve = false
max_fee = "1"
expires = "24h"
delay = "0s"
[[rule]]
id = "to-void"
wallets = "any"
kinds = ["void"]
assets = ["ETH"]
amount = ["0", "0"]
destinations = "internal"
approvals = "2 of finance"
requester_may_approve = false
max_fee = "1"
expires = "24h"
delay = "0s"
'''

    # The main path.

    def offline_inputs(self, nonce=0):
        self.write("inputs.json", json.dumps({"nonce": nonce, "gas_limit": 21000, "base_fee": "1000000000",
                                              "balance": str(10**24), "block": 100}))
        return ("--offline-inputs", "inputs.json")

    def propose(self, wallet="eth-hot", amount="1", *options):
        return self.coffer("propose", "transfer", "--wallet", wallet, "--to", EXCHANGE, "--amount", amount,
                           *self.as_officer("carol"), *options)

    def approve_command(self, officer, request):
        return self.command(self.programs.coffer, "approve", request["id"], *self.as_officer(officer),
                            "--confirm", request["request_digest"])

    def sign_command(self, bundle, receipt, *requests):
        confirmed = [argument for request in requests for argument in ("--confirm", request["request_digest"])]
        return self.command(self.programs.cold, "sign", bundle, "--out", receipt, "--force", "--passphrase-file", "vault.pass",
                            *confirmed)

    def show(self, request):
        return self.coffer("show", request["id"])

    def approve(self, request, officers=("alice", "bob")):
        for officer in officers:
            self.run(self.approve_command(officer, request))

    def sign(self, *requests, bundle="bundle", receipt="receipt"):
        """Over to the vault and back: export, sign, import."""
        self.coffer("export", *[request["id"] for request in requests], "--out", bundle, "--force")
        self.run(self.sign_command(bundle, receipt, *requests))
        return self.coffer("import", receipt)

    # Copies.

    def copy_to(self, folder):
        if os.path.exists(folder):
            shutil.rmtree(folder)
        shutil.copytree(self.folder, folder, symlinks=True)
        copied = self.within(folder)
        copied.addresses = self.addresses
        return copied

    def within(self, folder):
        """What a copy of the folder is."""
        return Treasury(self.programs, folder, self.rpc)

    def copy_as(self, name):
        """The same, beside this one."""
        return self.copy_to(os.path.join(os.path.dirname(self.folder), name))

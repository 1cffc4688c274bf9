"""A treasury for histories of its policy chain: four officers, two destinations, and a standby beside the vault."""

import copy
import os
import time

from treasury import OFFICERS, Treasury

# Published words of BIP-39's test vectors: both appliances hold the same wallet key.
WORDS = "letter advice cage absurd amount doctor acoustic avoid letter advice cage above"
BROKER = "0x71C7656EC7ab88b098defB751B7401B5f6d8976F"
SAYING = '''[[rule]]
id = "saying"
wallets = "any"
kinds = ["message"]
assets = "any"
amount = "any"
destinations = "internal"
approvals = "1 of finance"
'''
PASSPHRASE = ("--passphrase-file", "vault.pass")


class GuardedTreasury(Treasury):
    """`vault` is the active appliance vault-a, `spare` the home of the standby."""

    officers = (*OFFICERS, "dave")
    homes = ("vault", "spare")

    def at(self, vault):
        """The same treasury with coffer-cold in another home."""
        other = copy.copy(self)
        other.vault_home = vault
        return other

    def found(self, *args):
        os.mkdir(self.folder, 0o700)
        self.write("vault.pass", "passphrase of the vaults\n")
        self.write("words", WORDS + "\n")
        for name in self.homes:
            home = self.at(name)
            home.cold("init", "--environment", "test", "--date", time.strftime("%F", time.gmtime()), *PASSPHRASE)
            home.cold("keys", "import", "--id", "k1", "--mnemonic-file", "words", *PASSPHRASE)
        key = self.bootstrap("0x0000000000000000000000000000000000000010", ("eth-cold", "eth-hot"))
        self.at("spare").cold("pin", *[f"charter.{officer}" for officer in self.officers], "--hash", self.charter_hash(), *PASSPHRASE)
        return key

    def charter_hash(self):
        return self.coffer("charter", "status")["hash"]

    def charter(self, *args):
        spare = self.at("spare").cold("keys", "export-public", "k1", "--chain", "evm", *PASSPHRASE)
        appliance = f'''[[appliance]]
id = "spare"
key = "{spare["identity"]}"
state = "standby"
keys = [{{ id = "k1", origin = "{spare["origin"]}", public = "{spare["xpub"]}" }}]
'''
        broker = f'[[destination]]\nid = "broker"\nchain = "local"\naddress = "{BROKER}"\n'
        self.spare_identity = spare["identity"]
        return super().charter(*args).replace("[audit]", appliance + "[audit]").replace("[[rule]]", broker + "[[rule]]", 1)

    def within(self, folder):
        other = GuardedTreasury(self.programs, folder, self.rpc)
        other.spare_identity = self.spare_identity
        return other

    # Entries of the policy chain.

    def agree(self, officers, *command, name="entry"):
        """An entry that several officers sign, linked; answers its file."""
        self.coffer(*command, "--out", name, "--force", *self.as_officer(officers[0]))
        for officer in officers[1:]:
            self.coffer("entry", "sign", name, *self.as_officer(officer))
        self.coffer("entry", "adopt", name)
        return name

    def freeze(self, wallet, officer="dave", *options):
        return self.coffer("freeze", wallet, *options, *self.as_officer(officer))

    def remove(self, destination, officer="dave"):
        return self.coffer("destination", "remove", destination, *self.as_officer(officer))

    def rename(self):
        """An amendment that changes nothing which votes are judged by."""
        return self.coffer("charter", "adopt", *self.amend('name = "Test Treasury"', 'name = "Renamed Treasury"'))

    def allow_messages(self):
        rule = '[[rule]]\nid = "to-exchange"'
        return self.coffer("charter", "adopt", *self.amend(rule, SAYING + rule))

    # The vault.

    def verify_command(self, bundle):
        return self.command(self.programs.cold, "verify", bundle, *PASSPHRASE)

    def export_links(self, name="links", *options):
        self.coffer("export", "--links", "--out", name, "--force", *options)
        return name

    def bring_links(self):
        """What the vault lacks of the policy chain, in a bundle of its own."""
        return self.run(self.verify_command(self.export_links()))

    def records(self):
        """Of the vault's log, but for those that say what was refused."""
        return [record["type"] for record in self.cold("log", "show")["records"] if record["type"] != "refused"]

    def position(self):
        return self.cold("status")["position"]

"""A treasury that keeps a copy of itself as it was just before each command of its bootstrap."""

from treasury import Treasury

KEPT = {"coffer": ("officer keygen", "init", "charter seal", "charter sign", "charter adopt", "officer trust"),
        "cold": ("init", "keys generate", "pin")}


class StagedTreasury(Treasury):
    def __init__(self, programs, folder, rpc):
        super().__init__(programs, folder, rpc)
        self.stages = {}  # by program and command: the treasury before it, and its arguments

    def keep(self, program, args):
        for name in KEPT[program]:
            key = f"{program} {name}"
            if " ".join(args).startswith(name) and key not in self.stages:
                self.stages[key] = (self.copy_to(f"{self.folder}-before-{key.replace(' ', '-')}"), args)

    def coffer(self, *args, accept=(0,)):
        self.keep("coffer", args)
        return super().coffer(*args, accept=accept)

    def cold(self, *args, accept=(0,)):
        self.keep("cold", args)
        return super().cold(*args, accept=accept)

    def stage(self, name):
        return self.stages[name][0]

    def command_of(self, name):
        """Of a treasury, the command that followed the stage."""
        program, args = name.split()[0], self.stages[name][1]
        return lambda t: t.command(t.programs.coffer if program == "coffer" else t.programs.cold, *args)

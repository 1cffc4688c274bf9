"""A command, the treasury just before it, and what must be true after a rerun."""

import os

from system_calls import list_points, run, run_disturbed, was_injected
from treasury import Failed


class Scenario:
    """A rerun must leave what one undisturbed run leaves, or two: a proposal whose answer got lost is made again,
    beside the first, with a slot of its own."""

    def __init__(self, name, treasury, command, outcome, *, expected=None, before=lambda: None, settled=(), answer=None):
        self.name = name
        self.words = name.replace("_", " ")
        self.treasury = treasury
        self.command = command    # of a treasury: the argument list
        self.outcome = outcome    # of a treasury: what is there, comparable
        self.expected = expected or {}  # of an undisturbed run, members of the outcome
        self.before = before      # puts back what is outside of the treasury
        self.settled = settled    # error codes of a rerun that has nothing left to do
        self.answer = answer      # to the questions of a terminal, where the command needs one
        self.accepted = []

    def fresh(self, scratch, name):
        self.before()
        return self.treasury.copy_to(os.path.join(scratch, "copies", name))

    def finish(self, treasury, settled=None):
        """A run to the end."""
        ended = run(self.command(treasury), treasury, self.answer)
        if ended.status != 0 and not set(ended.codes) & set(self.settled if settled is None else settled):
            raise Failed(f"{' '.join(self.command(treasury))}: exit status {ended.status}\n{ended.text}")

    def after(self, scratch, runs):
        treasury = self.fresh(scratch, f"{self.name}-undisturbed")
        for number in range(runs):
            self.finish(treasury, None if number else ())
        return self.outcome(treasury)

    def after_runs(self, scratch, runs):
        """What so many undisturbed runs leave; learnt once."""
        while len(self.accepted) < runs:
            self.accepted.append(self.after(scratch, len(self.accepted) + 1))
        return self.accepted[runs - 1]

    def run_undisturbed(self, scratch):
        """The command does what it is for; and a second run of it nothing more, but for what is made anew."""
        once, twice = self.after_runs(scratch, 1), self.after_runs(scratch, 2)
        is_good = all(once.get(name) == value for name, value in self.expected.items())
        is_good = is_good and (once == twice or self.name.startswith(("propose", "bump", "void", "clock")))
        again = "the same" if once == twice else twice
        print(f"{'ok  ' if is_good else 'FAIL'} {self.words} undisturbed (once {once}, twice {again})", flush=True)
        return is_good

    def points(self, scratch, below=False):
        """Its write-class calls; those on files of the treasury alone when `below`."""
        treasury = self.fresh(scratch, f"{self.name}-traced")
        return list_points(self.command(treasury), treasury, below=treasury.folder if below else None, answer=self.answer)

    def rerun(self, scratch, victim):
        """None when the rerun leaves what it must, else what it left."""
        try:
            self.finish(victim)
            found = self.outcome(victim)
        except Failed as failure:
            return str(failure)
        return None if found == self.after_runs(scratch, 1) or found == self.after_runs(scratch, 2) else found

    def kill(self, scratch, point):
        """Whether the kill came, and what was wrong after the rerun."""
        victim = self.fresh(scratch, f"{self.name}-victim")
        killed = run_disturbed(self.command(victim), victim, point, "signal=KILL", self.answer)
        return killed.status != 0, self.rerun(scratch, victim)

    def fail(self, scratch, point, error):
        """The call fails with this errno: what the program ended with, whether the failure came, and what was wrong
        after the rerun."""
        victim = self.fresh(scratch, f"{self.name}-victim")
        # Without another call in its place strace makes an invalid one, for which the vault's confinement ends it.
        ended = run_disturbed(self.command(victim), victim, point, f"error={error}:syscall=getpid", self.answer)
        return ended, was_injected(victim), self.rerun(scratch, victim)

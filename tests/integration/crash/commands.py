"""The argument list of a command, of whichever copy of the treasury; and the codes of a rerun that has nothing left to do."""

from outcomes import PASSPHRASE

DONE = ("exists",)


def online(*args):
    return lambda t: t.command(t.programs.coffer, *args)


def by(officer, *args):
    return lambda t: t.command(t.programs.coffer, *args, *t.as_officer(officer))


def cold(*args):
    return lambda t: t.command(t.programs.cold, *args, *PASSPHRASE)

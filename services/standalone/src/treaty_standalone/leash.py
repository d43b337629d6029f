"""Run a command that dies with the process that started it, if need be as another user.

This file is run as a program, with the standard library alone: it drops root's rights when told to, asks the kernel for
a signal at the death of its parent (`PR_SET_PDEATHSIG`, Linux), and becomes the command. Doing this in a program of its
own, not between fork and exec, is safe beside threads, and a folder that only root may enter can still hold this file.
On other systems the command simply runs; it is then ended by an orderly stop of its parent, but not by `kill -9`.

The kernel watches the *thread* that started the command: start it from one that lives as long as the command should.
"""

import ctypes
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
UNCHANGED = -1
CANNOT_BECOME_USER = 125
CANNOT_RUN = 126


@dataclass(frozen=True, slots=True)
class User:
    """Name the user and group that a command runs as."""

    uid: int
    gid: int


def leashed(command: list[str], *, on_death: signal.Signals, user: User | None = None) -> list[str]:
    """Return the command line that runs `command` on a leash held by this process.

    `on_death` is what the command is sent when this process dies. `user` needs root's rights; None changes nothing.
    """
    uid, gid = (user.uid, user.gid) if user else (UNCHANGED, UNCHANGED)
    head = [sys.executable, "-I", str(Path(__file__).resolve()), str(os.getpid()), str(int(on_death))]
    return [*head, str(uid), str(gid), *command]


def main(arguments: list[str]) -> None:
    """Become the command in `arguments`: parent, signal, uid, gid, program and what follows it."""
    parent, on_death, uid, gid = (int(argument) for argument in arguments[:4])
    command = arguments[4:]
    if uid != UNCHANGED:
        _become(User(uid, gid))
    # Afterwards, not before: the kernel forgets the signal when the user changes.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, on_death, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)
    try:
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]}: {error.strerror}\n")
        sys.exit(CANNOT_RUN)


def _become(user: User) -> None:
    try:
        os.setgroups([])
        os.setgid(user.gid)
        os.setuid(user.uid)
    except OSError as error:
        sys.stderr.write(f"cannot become user {user.uid}: {error.strerror}\n")
        sys.exit(CANNOT_BECOME_USER)


if __name__ == "__main__":
    main(sys.argv[1:])

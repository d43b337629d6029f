"""Run the commands that rebuild, switch and drop generations, as an operator does."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import programs
from builders import acted, deposited, notified, registered, signed
from database import as_part
from programs import BIN
from register import Register, event

from treaty_contracts.canonical import JsonObject


def command(
    database_url: str, log: Register | Path, *words: str, env: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start `treaty-projector` with these words, with the projector's own login."""
    return subprocess.Popen(
        [str(BIN / "treaty-projector"), *words],
        env={**_settings(database_url, log), **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(database_url: str, log: Register | Path, *words: str) -> tuple[int, str]:
    """Run `treaty-projector` with these words; return its exit code and what it said."""
    done = programs.run(["treaty-projector", *words], env=_settings(database_url, log), timeout=120)
    return done.returncode, done.stdout + done.stderr


def _settings(database_url: str, log: Register | Path) -> dict[str, str]:
    own = {
        "TREATY_PROJECTOR_DATABASE_URL": as_part(database_url, "projector"),
        "TREATY_PROJECTOR_LEDGER_URL": log.ledger if isinstance(log, Register) else str(log),
    }
    return {**os.environ, **own}


def rebuild(database_url: str, log: Register | Path, *words: str) -> str:
    """Rebuild on two processes; return what was said."""
    code, said = run(database_url, log, "rebuild", "--processes", "2", *words)
    assert code == 0, said
    return said


def tell_many(register: Register, treaties: Sequence[str]) -> None:
    """Tell of treaties with the members, the exits and the late facts that many have."""
    told = []
    for treaty in treaties:
        codes = ("AUT", "BEL", "CHE", "DNK", "FIN", "FRA")
        facts = [
            registered(),
            *(signed(code, "1999-01-01") for code in codes),
            *(deposited(code, f"200{number}-02-01") for number, code in enumerate(codes)),
            notified("AUT", "2012-01-01"),
            acted("withdrawal.revoked", "AUT", received_on="2012-03-01"),
            notified("BEL", "2013-01-01"),
            notified("CHE", "2011-05-01"),
        ]
        told += [event(type_, data, subject=treaty) for type_, data in facts]
    said = register.post_lines(told)
    assert all("position" in line for line in said), said[:3]


def caught_up(register: Register) -> JsonObject:
    """Return how far the projection has come, once it has everything."""
    while (answer := register.get(f"/v1/projection?min_size={register.size}")).status_code == 503:
        pass  # it waits two seconds itself
    assert answer.status_code == 200, answer.text
    content: JsonObject = answer.json()
    return content

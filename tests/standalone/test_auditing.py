"""Whoever does not trust a projector draws its conclusions anew from the log, and is told the first that differs."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from contracts.written_logs import written_log
from projector.published import CODES, facts, leaves, projection, publish
from register import Register, running_register
from standalone.commands import treaty

from treaty_contracts.canonical import JsonObject


@dataclass(frozen=True, slots=True)
class Checked:
    """Hold a running register, its database, and a copy of its log that is older than what it serves."""

    register: Register
    database: str
    old: Path

    def audit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Audit the projector."""
        env = {"TREATY_LEDGER_URL": self.register.ledger, "TREATY_PROJECTOR_URL": self.register.projector}
        return treaty("audit", *arguments, env=env)

    async def execute(self, statement: str, *arguments: object) -> None:
        """Change the projector's database behind its back."""
        connection = await asyncpg.connect(self.database)
        try:
            await connection.execute(statement, *arguments)
        finally:
            await connection.close()


@pytest.fixture(scope="module")
def checked(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checked]:
    folder = Path(tmp_path_factory.mktemp("audited"))
    told = facts(260)
    with running_register(module_database_url, folder) as register:
        register.post_lines(told[:130])
        exported = treaty("export", str(folder / "old"), env={"TREATY_LEDGER_URL": register.ledger})
        assert exported.returncode == 0, exported.stderr
        register.post_lines(told[130:])
        projection(register.projector, size=260)
        yield Checked(register, module_database_url, folder / "old")


def told_by(done: subprocess.CompletedProcess[str]) -> JsonObject:
    assert done.returncode == 0, done.stderr
    answer: JsonObject = json.loads(done.stdout)
    return answer


def test_a_projector_agrees_with_the_log_it_follows(checked: Checked) -> None:
    stands = projection(checked.register.projector, size=260)
    agreed = told_by(checked.audit("--json"))
    assert agreed == {"size": 260, "root": stands["root"], "digest": stands["digest"], "stands_at": 260}
    assert checked.audit().stdout.startswith(f"AGREES: size 260, root {stands['root']}, digest {stands['digest']}")


def test_it_agrees_with_a_copy_made_earlier_answer_by_answer(checked: Checked) -> None:
    agreed = told_by(checked.audit(str(checked.old), "--json"))
    assert (agreed["size"], agreed["stands_at"]) == (130, 260)
    assert (agreed["treaties"], agreed["standings"]) == (3, 40 + 40 + 27)
    assert "size 130 of 260" in checked.audit(str(checked.old)).stdout


async def test_the_first_participant_that_is_answered_wrongly_is_named(checked: Checked) -> None:
    wrong = CODES[5]
    change = (
        "UPDATE projector_blue.standing"
        " SET document = convert_to(replace(convert_from(document, 'UTF8'), $1, $2), 'UTF8')"
        " WHERE treaty = 'published-1' AND participant = $3"
    )
    sum_ = "UPDATE projector_blue.cursor SET digest_sum = decode(translate(encode(digest_sum, 'hex'), $1, $2), 'hex')"
    await checked.execute(change, "2001-01-31", "2001-02-01", wrong)
    try:
        assert checked.audit().returncode == 0  # the digest is that of the entries, not of the rows
        found = checked.audit("--answers")
        assert found.returncode == 1
        assert f"first at published-1, {wrong}" in found.stderr
        assert f"first at published-1, {wrong}" in checked.audit(str(checked.old)).stderr
        await checked.execute(sum_, "0123456789abcdef", "123456789abcdef0")
        try:
            unlike = checked.audit()
        finally:
            await checked.execute(sum_, "123456789abcdef0", "0123456789abcdef")
        assert unlike.returncode == 1
        assert "treaty: DIFFERS: spells is answered as" in unlike.stderr
        assert f"first at published-1, {wrong}" in unlike.stderr
    finally:
        await checked.execute(change, "2001-02-01", "2001-01-31", wrong)
    assert checked.audit("--answers").returncode == 0


async def test_a_member_that_is_left_out_is_named(checked: Checked) -> None:
    hide = "UPDATE projector_blue.membership SET treaty = $2 WHERE treaty = $1 AND participant = $3"
    await checked.execute(hide, "published-2", "hidden", CODES[3])
    try:
        found = checked.audit("--answers")
    finally:
        await checked.execute(hide, "hidden", "published-2", CODES[3])
    assert found.returncode == 1
    assert f"DIFFERS: a member is not answered; first at published-2, {CODES[3]}" in found.stderr


def test_an_altered_copy_proves_nothing(checked: Checked, tmp_path: Path) -> None:
    log = leaves(facts(20))
    publish(tmp_path, written_log([*log[:7], *leaves(facts(20), by="somebody else")[7:]]).under(written_log(log).note))
    refused = checked.audit(str(tmp_path))
    assert refused.returncode == 1
    assert "treaty: NOT PROVED: the first 20 entries do not lead to the root that was signed" in refused.stderr


def test_a_projector_of_another_log_does_not_agree(checked: Checked, tmp_path: Path) -> None:
    publish(tmp_path, leaves(facts(20)))
    unlike = checked.audit(str(tmp_path))
    assert unlike.returncode == 1
    assert "DIFFERS: the projector rests on another checkpoint" in unlike.stderr


def test_a_log_that_is_not_there_is_said(checked: Checked, tmp_path: Path) -> None:
    missing = checked.audit(str(tmp_path / "nowhere"))
    assert missing.returncode == 3
    assert f"The log at {tmp_path / 'nowhere'} cannot be read: vkey is not there." in missing.stderr

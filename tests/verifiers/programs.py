"""Run programs that verify logs and share no code with this register."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from database import ROOT

MADE = ROOT / ".cache/verifiers"
GO = MADE / "verify-go"
NODE_PACKAGES = MADE / "node/node_modules"
FETCHED = MADE / "node/fetched"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold what a program found, in its own words."""

    accepted: bool
    said: str


@dataclass(frozen=True, slots=True)
class Program:
    """Run one program on files."""

    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str | Path) -> Verdict:
        """Run it to its end."""
        command = [*self.command, *map(str, arguments)]
        done = subprocess.run(command, env={**os.environ, **self.env}, capture_output=True, text=True, check=False)
        assert done.returncode in {0, 1}, done.stderr
        assert done.stdout.startswith(("REFUSED: ", "ACCEPTED: ")[done.returncode == 0]), done.stdout + done.stderr
        return Verdict(done.returncode == 0, done.stdout.partition(": ")[2].strip())


def go() -> Program:
    """Return the program in Go, or skip the test."""
    if not GO.exists():
        pytest.skip("`make verify-others` builds the program in Go, from golang-go and golang-golang-x-mod-dev")
    return Program((str(GO),))


def node() -> Program:
    """Return the program for Node, or skip the test."""
    runtime = shutil.which("node")
    if runtime is None or not FETCHED.exists():
        pytest.skip("`make verify-others` fetches @sigstore/verify, with nodejs and npm")
    return Program((runtime, str(ROOT / "tests/verifiers/node/verify.js")), {"NODE_PATH": str(NODE_PACKAGES)})

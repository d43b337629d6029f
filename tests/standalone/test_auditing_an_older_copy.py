"""What follows from a log is the same on every day and machine, as long as the law is: a copy from 2026 shows it.

The copy is an export of the bundled histories, which were recorded on 2026-11-26, made on the day after.
"""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from database import ROOT
from projector.published import projection
from register import running_projector
from standalone.commands import treaty

from treaty_projector.law.version import LAW

COPY = ROOT / "tests/standalone/copies/2026-11-27.zip"
SIZE = 972
ROOT_HASH = "m/vjikxmKZDlpgkEKgV2TOy3P1L0Ftui6lNbHdilkzw="
DIGESTS = {
    1: "bc127cdb414041c2c2c02826253f98b10f50515db3ab368f49224444068a08a6",
    2: "7ec05c614504a303c117a2f34d63b026dfc8c31eb8ab44cfec5f4f1f3aaf7d3d",  # lists stand in the order of their days
}
"""What each law makes of it. Another digest means that what is concluded, or how it is written, changed without LAW."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    with ZipFile(COPY) as packed:
        packed.extractall(tmp_path / "copy")
    return tmp_path / "copy"


def test_a_copy_made_on_another_day_leads_to_the_digest_that_it_led_to_then(
    database_url: str, tmp_path: Path, copy: Path
) -> None:
    with running_projector(database_url, str(copy), log=tmp_path / "projector.log") as projector:
        stands = projection(projector.base_url, size=SIZE)
        agreed = treaty("audit", str(copy), "--answers", "--json", env={"TREATY_PROJECTOR_URL": projector.base_url})

    assert agreed.returncode == 0, agreed.stderr
    assert (stands["size"], stands["root"]) == (SIZE, ROOT_HASH)
    assert stands["digest"] == DIGESTS[LAW]
    assert json.loads(agreed.stdout)["digest"] == stands["digest"]

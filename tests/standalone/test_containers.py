"""What docker-compose.yml and the images promise, as far as it can be told without an engine."""

import re
import shlex
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import yaml
from database import ROOT
from programs import BIN
from pydantic import AliasChoices
from pydantic_settings import BaseSettings
from standalone.commands import environment
from standalone.compose_file import compose

from treaty_ledger.settings import Settings as LedgerSettings
from treaty_projector.settings import ProjectorSettings

OURS = ("roles", "migrate", "ledger", "projector-worker", "projector-api")
ONE_SHOTS = ("roles", "migrate")
OF_THE_IMAGE = {"sh", "python", "pg_isready"}
IMAGES = {"treaty-ledger": "ledger", "treaty-projector": "projector"}


def settable(settings: type[BaseSettings]) -> set[str]:
    """Return every variable that a settings class reads."""
    names = set()
    for name, field in settings.model_fields.items():
        alias = field.validation_alias
        if isinstance(alias, AliasChoices):
            names |= {str(choice).upper() for choice in alias.choices}
        else:
            names.add((settings.model_config["env_prefix"] + name).upper())
    return names


def stages(service: str) -> list[list[str]]:
    """Return the instructions of each stage of an image's Dockerfile."""
    lines = (ROOT / f"services/{service}/Dockerfile").read_text().replace("\\\n", " ").splitlines()
    instructions = "\n".join(line for line in lines if line and not line.startswith("#"))
    return [part.splitlines() for part in re.split(r"(?m)^(?=FROM )", instructions) if part]


def test_the_file_follows_the_compose_specification() -> None:
    checker = [
        str(BIN / "check-jsonschema"),
        "--builtin-schema",
        "vendor.compose-spec",
        str(ROOT / "docker-compose.yml"),
    ]
    checked = subprocess.run(checker, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_services_are_those_of_the_architecture() -> None:
    assert set(compose().services) == {"postgres", *OURS}


def test_every_lasting_service_has_a_health_check_and_the_others_run_once() -> None:
    for name, service in compose().services.items():
        assert (service.healthcheck is None) == (service.restart == "no") == (name in ONE_SHOTS), name


def test_no_service_runs_as_root() -> None:
    for name, service in compose().services.items():
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service.user), name


def test_our_services_write_nothing_to_their_images_and_need_no_capability() -> None:
    for name in OURS:
        service = compose().services[name]
        assert service.read_only, name
        assert service.cap_drop == ("ALL",), name


def test_the_database_is_not_published_and_the_rest_only_to_this_machine() -> None:
    services = compose().services
    published = [port for service in services.values() for port in service.ports]
    assert services["postgres"].ports == ()
    assert len(published) == 2
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_every_command_is_a_console_script_of_the_workspace() -> None:
    scripts = {script.name for script in entry_points(group="console_scripts")}
    for name, service in compose().services.items():
        commands = [service.command, service.healthcheck.test[1:] if service.healthcheck else ()]
        if service.command[:2] == ("sh", "-c"):
            commands += [tuple(shlex.split(part)) for part in service.command[2].split("&&")]
        assert {command[0] for command in commands if command} <= scripts | OF_THE_IMAGE, name


@pytest.mark.parametrize("name", ["ledger", "projector-worker", "projector-api"])
def test_every_subcommand_exists(name: str) -> None:
    script, *rest = compose().services[name].command
    shown = subprocess.run(
        [str(BIN / script), *rest, "--help"], capture_output=True, text=True, check=False, env=environment()
    )
    assert shown.returncode == 0, shown.stderr


def test_every_variable_and_secret_of_a_service_is_a_setting() -> None:
    known = {
        "treaty-ledger": settable(LedgerSettings),
        "treaty-projector": settable(ProjectorSettings),
    }
    for name in set(OURS) - set(ONE_SHOTS):
        service = compose().services[name]
        given = {*service.environment, *(secret.upper() for secret in service.secrets)}
        assert given <= known[service.image], name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("roles", ("admin", "migrate", "ledger", "projector")),
        ("migrate", ("migrate",)),
        ("ledger", ("ledger",)),
        ("projector-worker", ("projector",)),
        ("projector-api", ("projector",)),
    ],
)
def test_a_container_has_the_password_of_its_own_part_alone(name: str, parts: tuple[str, ...]) -> None:
    assert compose().services[name].secrets == tuple(f"treaty_{part}_database_url" for part in parts)


def test_passwords_stand_in_no_environment() -> None:
    for name, service in compose().services.items():
        assert all("PASSWORD" not in key or key.endswith("_FILE") for key in service.environment), name
        assert all("DATABASE_URL" not in key for key in service.environment), name


@pytest.mark.parametrize(("image", "service"), IMAGES.items())
def test_an_image_is_built_from_the_lock_in_one_stage_and_run_without_rights_from_another(
    image: str, service: str
) -> None:
    build, run = stages(service)
    assert f"RUN uv sync --frozen --no-dev --no-editable --package {image}" in build
    assert [line for line in run if line.startswith("USER")] == ["USER 10001:10001"]
    assert not [line for line in run if "uv" in line]
    assert build[0].split()[1] == run[0].split()[1]


@pytest.mark.parametrize("service", IMAGES.values())
def test_an_image_starts_what_the_workspace_offers(service: str) -> None:
    command = stages(service)[-1][-1].removeprefix("CMD ")
    scripts = tomllib.loads((ROOT / f"services/{service}/pyproject.toml").read_text())["project"]["scripts"]
    assert yaml.safe_load(command)[0] in scripts


@pytest.mark.parametrize("service", IMAGES.values())
def test_an_image_copies_only_what_reaches_the_engine(service: str) -> None:
    sent = {
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    copied = [line.split()[1:-1] for stage in stages(service) for line in stage if line.startswith("COPY ")]
    for source in (path for paths in copied for path in paths if not paths[0].startswith("--from")):
        assert source in sent
        assert (ROOT / source).exists()


@pytest.mark.parametrize("service", IMAGES.values())
def test_an_image_uses_the_uv_that_wrote_the_lock(service: str) -> None:
    pinned = re.search(r"uv==[\d.]+", (ROOT / "pyproject.toml").read_text())
    assert pinned
    assert any(pinned[0] in line for line in stages(service)[0])


def test_this_python_is_the_one_of_the_images_or_newer() -> None:
    version = re.search(r"python:3\.(\d+)", (ROOT / "services/ledger/Dockerfile").read_text())
    assert version
    assert sys.version_info >= (3, int(version[1]))


def test_the_documents_name_every_container() -> None:
    page = (ROOT / "docs/operations/containers.md").read_text()
    assert all(f"| `{name}` |" in page for name in compose().services)


def test_the_secrets_are_the_files_that_the_documents_make() -> None:
    described = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["secrets"]
    page = (ROOT / "docs/operations/containers.md").read_text()
    for secret in described.values():
        assert f"> {Path(secret['file'])}" in page

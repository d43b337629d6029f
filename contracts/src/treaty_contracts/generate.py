"""Write the generated contract files, or check them: `python -m treaty_contracts.generate [--check]`.

Schemas and OpenAPI documents follow from the code and must not drift from it. Golden examples are written by hand
once and never edited: what was accepted stays acceptable.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from treaty_contracts.intake import parse_event
from treaty_contracts.refusals import Refused
from treaty_contracts.schemas import data_schema, envelope_schema
from treaty_contracts.upcast import NEWEST

CONTRACTS = Path(__file__).parents[2]
"""Where the generated files live in a checkout."""

FROZEN = "examples/FROZEN"
"""The list of golden examples with their SHA-256, as sha256sum writes it."""

SERVICES = ("ledger", "projector")
"""The services that publish an OpenAPI document."""


def main() -> int:
    """Write or check everything; return the exit code."""
    parser = ArgumentParser(prog="treaty_contracts.generate", description="Write the generated contract files.")
    parser.add_argument("--check", action="store_true", help="write nothing; report what differs")
    complaints = check(CONTRACTS) if parser.parse_args().check else write(CONTRACTS)
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    return 1 if complaints else 0


def write(folder: Path) -> list[str]:
    """Write schemas, OpenAPI documents and the hashes of new examples; return what stands in the way."""
    documents = generated()
    for stale in _stale(folder, documents):
        stale.unlink()
    for name, text in documents.items():
        _write_text(folder / name, text)
    frozen = _frozen(folder)
    new = {name: digest for name, digest in _digests(folder).items() if name not in frozen}
    lines = [f"{digest}  {name}\n" for name, digest in sorted((frozen | new).items())]
    _write_text(folder / FROZEN, "".join(lines))
    return check_examples(folder)


def check(folder: Path) -> list[str]:
    """Return everything that differs from what the code says, one line each."""
    documents = generated()
    complaints = [f"{path}: no longer generated: run make contract" for path in _stale(folder, documents)]
    for name, text in documents.items():
        target = folder / name
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            complaints.append(f"{target}: differs from the code: run make contract")
    return complaints + check_examples(folder)


def check_examples(folder: Path) -> list[str]:
    """Return what is wrong with the golden examples: missing, edited, unlisted or not accepted."""
    digests, frozen = _digests(folder), _frozen(folder)
    complaints = [f"{name}: golden examples are never removed" for name in frozen if name not in digests]
    for name, digest in digests.items():
        if name not in frozen:
            complaints.append(f"{name}: not listed in {FROZEN}: run make contract")
        elif frozen[name] != digest:
            complaints.append(f"{name}: golden examples are never edited: add one for a new version")
    for type_, version in NEWEST.items():
        name = f"{type_}.v{version}.json"
        if name not in digests:
            complaints.append(f"{name}: every type has a golden example: write it")
    return [*complaints, *_refusals(folder)]


def generated() -> Mapping[str, str]:
    """Return every generated file, by its name in the contracts folder."""
    schemas = {f"schemas/{type_}/{version}.json": data_schema(type_, version) for type_, version in NEWEST.items()}
    documents = {f"openapi/{service}.json": _openapi(service) for service in SERVICES}
    return {
        "schemas/envelope.json": _pretty(envelope_schema()),
        **{name: _pretty(schema) for name, schema in schemas.items()},
        **{name: _pretty(document) for name, document in documents.items()},
    }


def _openapi(service: str) -> Mapping[str, object]:
    """Ask a service for its document; imported by name because the contracts may not depend on a service."""
    document: dict[str, object] = import_module(f"treaty_{service}.http.app").openapi_document()
    return document


def _pretty(document: Mapping[str, object]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _write_text(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _stale(folder: Path, documents: Mapping[str, str]) -> list[Path]:
    found = sorted(path for part in ("schemas", "openapi") for path in (folder / part).rglob("*.json"))
    return [path for path in found if path.relative_to(folder).as_posix() not in documents]


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "examples").glob("*.json"))}


def _frozen(folder: Path) -> dict[str, str]:
    listing = folder / FROZEN
    if not listing.exists():
        return {}
    lines = (line.split("  ", 1) for line in listing.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in lines}


def _refusals(folder: Path) -> Iterator[str]:
    for path in sorted((folder / "examples").glob("*.json")):
        try:
            event = parse_event(path.read_bytes()).event
        except Refused as refusal:
            yield f"{path.name}: {refusal}"
        else:
            if not path.name.startswith(f"{event.type}.v"):
                yield f"{path.name}: holds a {event.type}"


if __name__ == "__main__":
    sys.exit(main())

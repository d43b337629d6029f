"""Say on what a benchmark ran: the machine without its name, the versions, the commit."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
_PACKAGES = ("fastapi", "uvicorn", "uvloop", "httptools", "asyncpg", "pydantic", "orjson", "sqlalchemy", "httpx")
_MIB = 2**20


def describe_machine() -> dict[str, object]:
    """Return cores, memory, model of the processor, kernel, and how busy it was before."""
    return {
        "cores": os.cpu_count(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MIB,
        "processor": _processor(),
        "kernel": f"{platform.system()} {platform.release()}",
        "load_before": [round(load, 2) for load in os.getloadavg()],
    }


def list_versions(postgresql: str) -> dict[str, str]:
    """Return the versions of everything that has a share in the figures."""
    packages = {package: version(package) for package in _PACKAGES}
    return {"python": platform.python_version(), "postgresql": postgresql, **packages}


def read_commit() -> tuple[str, bool]:
    """Return the short commit of the checkout, and whether files differ from it."""
    return _git("rev-parse", "--short", "HEAD") or "unknown", bool(_git("status", "--porcelain"))


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _git(*arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    return subprocess.run([git, *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

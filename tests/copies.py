"""Copies of this repository's files, to change and to break: with the installed packages, without any data."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def copy_repository(folder: Path) -> Path:
    """What git knows of, as it stands in the working tree, and links to what is installed. Returns the folder.

    .venv is a folder of its own with stamps of its own, so that make installs nothing and `make clean` removes links.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_file() and not source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            target.chmod(source.stat().st_mode)
    installed, copy = Path(sys.prefix), folder / ".venv"
    copy.mkdir()
    for entry in installed.iterdir():
        if entry.suffix != ".stamp":
            (copy / entry.name).symlink_to(entry)
    if (ROOT / "node_modules").exists():
        (folder / "node_modules").symlink_to((ROOT / "node_modules").resolve())
    for name in ("base", "dev", "npm"):
        (copy / f"{name}.stamp").touch()
    return folder


def make_environment(folder: Path) -> dict[str, str]:
    """What a command in a copy is started with: nothing of the tests' own site."""
    ours = ("SECRET_KEY", "DATA_DIR", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTHONPATH")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.removesuffix("_FILE") not in ours and not name.startswith(("PYTEST_", "COV_", "MAKE"))
    }
    return {**kept, "LOCAL": "true", "SECRET_KEY": "for a copy only", "DATA_DIR": str(folder / "var")}

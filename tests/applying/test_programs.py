"""Versioned installs: the next firing works after an upgrade that removed the old version."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ncp.applying import programs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="makes links and shell programs")
CRON_PATH = "/usr/bin:/bin"


def install(version: Path) -> Path:
    """A version in a folder of its own: an environment that has this package; its `ncp`."""
    (version / "bin").mkdir(parents=True)
    python = version / "bin/python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    program = version / "bin/ncp"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.executable = {str(python)!r}\n"
        "from ncp.cli import main\nsys.exit(main())\n"
    )
    program.chmod(0o755)
    return program


def linked(root: Path, version: Path) -> str:
    """Homebrew and pipx: a link for each program, made anew by each upgrade."""
    (root / "bin").mkdir(exist_ok=True)
    link = root / "bin/ncp"
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(version / "bin/ncp", link.parent))
    return str(link.parent)


def profile(root: Path, version: Path) -> str:
    """Nix: the folder itself is a link."""
    link = root / "profile"
    link.unlink(missing_ok=True)
    link.symlink_to(version)
    return str(link / "bin")


def shim(root: Path, version: Path) -> str:
    """Asdf: a script that asks a manager, which must be on PATH."""
    for folder in ("shims", "manager"):
        (root / folder).mkdir(exist_ok=True)
    manager = root / "manager/asdf"
    manager.write_text(f'#!/bin/sh\nshift 2\nexec "{version}/bin/ncp" "$@"\n')
    (root / "shims/ncp").write_text('#!/bin/sh\nexec asdf exec ncp "$@"\n')
    for program in (manager, root / "shims/ncp"):
        program.chmod(0o755)
    return f"{root}/shims:{root}/manager"


def mise(root: Path, version: Path) -> str:
    """Mise: a link to the manager, which looks at the name that it was called by."""
    (root / "mise-shims").mkdir(exist_ok=True)
    manager = root / "mise"
    manager.write_text(
        f'#!/bin/sh\n[ "${{0##*/}}" = ncp ] || exit 9\nexec "{version}/bin/ncp" "$@"\n'
    )
    manager.chmod(0o755)
    link = root / "mise-shims/ncp"
    link.unlink(missing_ok=True)
    link.symlink_to(manager)
    return str(link.parent)


def run(*words: str, home: Path, path: str) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "NCP_HOME": str(home / "ncp"), "PATH": path, "TZ": "UTC"}
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("lay_out", [linked, profile, shim, mise])
def test_the_next_firing_works_after_an_upgrade(
    tmp_path: Path, lay_out: Callable[[Path, Path], str]
) -> None:
    root = tmp_path / "a cellar"
    old, new = root / "ncp/0.1.0", root / "ncp/0.2.0"
    install(old)
    path = f"{lay_out(root, old)}:{CRON_PATH}"
    create = ("schedule", "create", "hourly", "--target", "embedded", "--name", "a")
    made = run(str(old / "bin/ncp"), *create, "--", "true", home=tmp_path, path=path)
    assert made.returncode == 0, made.stderr
    launcher = tmp_path / "ncp/bin/ncp"
    # A command that a scheduler runs finds another PATH, and leaves the name as it is.
    run(str(old / "bin/ncp"), "schedule", "sync", home=tmp_path, path=CRON_PATH)
    install(new)
    lay_out(root, new)
    shutil.rmtree(old)
    fired = run("/bin/sh", str(launcher), "_timing-run", "hourly", home=tmp_path, path=CRON_PATH)
    assert fired.returncode == 0, fired.stderr
    wakes = run(str(new / "bin/ncp"), "--json", home=tmp_path, path=path).stdout
    assert '"nothing due"' in wakes
    assert str(new) in launcher.read_text()  # any command makes it quick again


def test_a_version_that_is_the_only_one_on_path_is_no_name_that_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = install(tmp_path / "0.1.0")
    monkeypatch.setattr(sys, "executable", str(program.parent / "python"))
    assert programs.beside() == str(program)
    assert programs.stable({"PATH": str(program.parent)}, ("", "")) == ("", "")
    assert programs.stable({}, ("", "")) == ("", "")
    assert programs.stable({"PATH": f"{program.parent}:."}, ("/gone/ncp", "/gone")) == (
        "/gone/ncp",
        "/gone",
    )


def test_a_link_that_leads_here_is_taken_before_another_program_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = install(tmp_path / "0.1.0")
    monkeypatch.setattr(sys, "executable", str(program.parent / "python"))
    other = install(tmp_path / "other")
    folder = linked(tmp_path, tmp_path / "0.1.0")
    path = f"{other.parent}:{folder}"
    assert programs.stable({"PATH": path}, ("", "")) == (f"{folder}/ncp", path)
    assert programs.stable({"PATH": str(other.parent)}, (f"{folder}/ncp", "p")) == (
        f"{folder}/ncp",
        "p",
    )

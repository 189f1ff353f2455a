"""Advice in the report on a file works when it is pasted, from another folder too."""

from __future__ import annotations

import re
import shlex
import subprocess
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from cli.conftest import Ncp, Said

pytest_plugins = ("cli.conftest",)
FOLDER = "my files"
SYSTEM = "0 9 * * * bob true\n"


def told(ncp: Ncp, monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    """Run a line of a shell with a sudo that only notes what it is told."""
    programs = ncp.user_home / "programs"
    programs.mkdir()
    (programs / "sudo").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (programs / "sudo").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{ncp.environment['PATH']}")
    done = subprocess.run(["/bin/sh", "-c", line], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def as_user(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("ncp.host.look"), "_user", lambda: name)


def a_system_crontab(ncp: Ncp) -> Path:
    file = ncp.user_home / FOLDER / "f5"
    file.parent.mkdir()
    file.write_text(SYSTEM)
    return file


def advised(said: Said) -> str:
    match = re.search(r"sudo -iu .*", said.err)
    assert match, said.err
    return match[0]


def test_the_line_for_another_user_imports_the_same_file_from_any_folder(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = a_system_crontab(ncp)
    monkeypatch.chdir(file.parent)
    as_user("ann", monkeypatch)
    line = advised(ncp("schedule", "import", "f5", "--format", "crontab", "--user-column"))
    words = told(ncp, monkeypatch, line)
    assert words[:3] == ["-iu", "bob", "ncp"]
    monkeypatch.chdir("/")
    as_user("bob", monkeypatch)
    said = ncp(*words[3:])
    assert (said.code, "1 imported" in said.err) == (0, True), said


def test_of_standard_input_the_line_says_to_save_it_first(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = a_system_crontab(ncp)
    as_user("ann", monkeypatch)
    with file.open() as source:
        monkeypatch.setattr("sys.stdin", source)
        said = ncp("schedule", "import", "-", "--format", "crontab", "--user-column")
    assert "Save it as a file that bob may read" in said.err
    line = advised(said).replace("FILE", shlex.quote(str(file)))
    as_user("bob", monkeypatch)
    assert ncp(*told(ncp, monkeypatch, line)[3:]).code == 0


def test_the_hint_at_a_column_of_users_can_be_pasted(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = a_system_crontab(ncp)
    file.write_text("0 9 * * * root true\n")
    as_user("root", monkeypatch)
    said = ncp("schedule", "import", str(file))
    match = re.search(r"(ncp schedule import .* --user-column)$", said.err, re.MULTILINE)
    assert match, said.err
    assert ncp(*shlex.split(match[1])[1:]).code == 0

"""The project's promises about itself: what its folders and pages say is so."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ncp import targets
from ncp.errors import EXIT_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
FOLDERS = (".ci", "docs", "scripts", "src", "templates", "tests")
SCRIPTS = sorted(file for file in (ROOT / "scripts").iterdir() if file.is_file())
REAL_HOSTS = {
    "github.com",
    "json-schema.org",
    "keepachangelog.com",
    "schemas.microsoft.com",
    "semver.org",
    "www.apple.com",
}
"""The machines that the project may point at: formats name some of them."""
ADDRESS = re.compile(r"\bhttps?://(\[|[\w.-]+)")
RESERVED = re.compile(
    r"localhost|127\.[\d.]+|\[.*|(.+\.)?example\.(com|net|org)|(.+\.)?(example|invalid|test)"
)
"""This machine, and the names that RFC 2606 keeps for documentation."""
TICKET = re.compile(r"\b(?:issues?|tickets?)\s+(?:no\.?\s*)?#?\d", re.IGNORECASE)


def texts() -> Iterator[tuple[Path, str]]:
    """Every text of the project, without what its tools leave behind."""
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.is_file()]
    for file in [*files, *ROOT.glob("*.md"), *ROOT.glob("*.toml"), *ROOT.glob("*.json")]:
        if "__pycache__" not in file.parts:
            yield file.relative_to(ROOT), file.read_text(errors="replace")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_each_script_can_be_run_and_says_what_it_is_for(script: Path) -> None:
    first, purpose, *_ = script.read_text().splitlines()
    assert os.access(script, os.X_OK)
    assert first.startswith("#!")
    assert re.match(r'(# |""")[A-Z].{15,}', purpose)


def test_the_scripts_that_contributors_are_told_of_are_there() -> None:
    told = set(re.findall(r"scripts/(\w+)", (ROOT / "CONTRIBUTING.md").read_text()))
    assert told <= {script.name for script in SCRIPTS}
    assert {"setup", "check", "fix", "test"} <= told


def test_setup_without_a_usable_python_says_what_to_install(tmp_path: Path) -> None:
    for tool in ("sh", "dirname", "cksum", "cat"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or tool)
    for name in ("scripts/setup", "pyproject.toml"):
        copy = tmp_path / "clone" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy)
    python = tmp_path / "python3.12"  # a version manager's stub that refuses to start
    python.write_text("#!/bin/sh\nexit 127\n")
    python.chmod(0o755)
    setup = subprocess.run(
        [tmp_path / "clone/scripts/setup"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert setup.returncode == 2
    assert "apt-get install python3 python3-venv" in setup.stderr
    assert len(setup.stderr.splitlines()) == 3
    assert not (tmp_path / "clone/.venv").exists()


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("http://localhost:8080/x", True),
        ("http://127.0.0.1", True),
        ("https://hooks.example.com/a", True),
        ("https://a.invalid", True),
        ("http://www.apple.com/DTDs/PropertyList-1.0.dtd", True),
        ("https://registry.somewhere.io/simple", False),
        ("https://exampled.com", False),
    ],
)
def test_an_address_is_reserved_or_one_that_was_decided_on(address: str, *, fine: bool) -> None:
    assert (foreign(address) == []) is fine


def foreign(text: str) -> list[str]:
    """The hosts of a text that belong to somebody, and that nobody decided to point at."""
    hosts = [match[1] for match in ADDRESS.finditer(text)]
    return [host for host in hosts if host not in REAL_HOSTS and not RESERVED.fullmatch(host)]


def test_no_text_points_at_a_machine_that_nobody_decided_on() -> None:
    itself = Path(__file__).relative_to(ROOT)  # it has the bad examples above
    found = {str(file): foreign(text) for file, text in texts() if file != itself}
    assert {file: hosts for file, hosts in found.items() if hosts} == {}


def test_no_text_needs_a_ticket_to_be_understood() -> None:
    assert [str(file) for file, text in texts() if TICKET.search(text)] == []


def test_only_tests_look_beside_the_checkout() -> None:
    beside = f"..{os.sep}shared"
    assert [str(f) for f, text in texts() if beside in text and f.parts[0] != "tests"] == []


def test_the_registry_lists_exactly_the_folders_of_targets() -> None:
    folders = {file.parent.name for file in (ROOT / "src/ncp/targets").glob("*/__init__.py")}
    assert set(targets.NAMES) == folders
    assert len(targets.NAMES) == len(folders)


@pytest.mark.parametrize("name", targets.NAMES)
def test_each_target_answers_by_the_name_it_is_registered_under(name: str) -> None:
    assert targets.target(name).name == name


def test_the_readme_table_of_exit_codes_is_the_enum() -> None:
    text = (ROOT / "README.md").read_text()
    section = re.search(r"^#+ Exit codes\n(.*?)(?=^#|\Z)", text, re.DOTALL | re.MULTILINE)
    if section is None:
        assert "exit code" not in text.lower(), "a README that speaks of exit codes has their table"
        return
    rows = re.findall(r"^\| *(\d+) *\| *(.*?) *\|", section[1], re.MULTILINE)
    assert {int(code): meaning for code, meaning in rows} == EXIT_CODES

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledgers import PACKAGE, day_log, install_launcher
from ncp.launcher import launcher_text

HOSTILE = "n & c 100% 'quoted' $(touch pwned) \"x\" `y`\\ ü\nline"


def call(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(path), *words], capture_output=True, text=True, check=False
    )


def echoing(folder: Path, name: str = "python") -> Path:
    """A program that prints its words, one in brackets each, and NCP_HOME."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('#!/bin/sh\nprintf "[%s]" "$@"; printf "{%s}" "$NCP_HOME"\n')
    path.chmod(0o755)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / HOSTILE
    path.mkdir()
    return path


def written(home: Path, python: str, package: str, command: str = "") -> Path:
    path = home / "ncp"
    path.write_text(launcher_text(str(home), python, package, command, "linux"))
    return path


def test_a_firing_takes_the_short_way(home: Path) -> None:
    package = home / "package"
    package.mkdir()
    (package / "fire.py").touch()
    launcher = written(home, str(echoing(home)), str(package))
    done = call(launcher, "_timing-run", "weekdays-9am")
    assert done.stdout == f"[-I][-S][{package}/fire.py][{home}][weekdays-9am]" + "{}"


def test_a_firing_with_options_takes_the_long_way(home: Path) -> None:
    package = home / "package"
    package.mkdir()
    (package / "fire.py").touch()
    done = call(
        written(home, str(echoing(home)), str(package)), "_timing-run", "daily-9am", "--explain"
    )
    assert done.stdout == f"[-E][-P][-m][ncp][_timing-run][daily-9am][--explain]{{{home}}}"


def test_everything_else_is_the_whole_ncp_with_its_home(home: Path) -> None:
    package = home / "package"
    package.mkdir()
    (package / "fire.py").touch()
    launcher = written(home, str(echoing(home)), str(package))
    done = call(launcher, "schedule", "list", "a b")
    assert done.stdout == f"[-E][-P][-m][ncp][schedule][list][a b]{{{home}}}"


def test_the_first_line_says_who_wrote_it(home: Path) -> None:
    lines = written(home, "p", "q").read_text().splitlines()
    assert lines[0] == "#!/bin/sh"
    assert lines[1].startswith("# Written by ncp ")


@pytest.mark.parametrize(
    ("version", "trusted"), [("ncp-scheduler 0.1.0", True), ("ncp 4.2 (another)", False)]
)
def test_where_python_is_gone_only_the_real_ncp_is_asked(
    home: Path, version: str, trusted: bool
) -> None:
    command = home / "found ncp"
    command.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "{version}" && exit\necho "$NCP_HOME: $@"\n'
    )
    command.chmod(0o755)
    done = call(written(home, "/gone/python", "/gone", str(command)), "_timing-run", "x")
    if trusted:
        assert (done.returncode, done.stdout) == (0, f"{home}: _timing-run x\n")
    else:
        assert (done.returncode, done.stdout) == (127, "")


@pytest.mark.parametrize("python", ["/gone/python", sys.executable])
def test_where_everything_is_gone_the_log_says_what_to_do(home: Path, python: str) -> None:
    done = call(written(home, python, "/gone/ncp"), "_timing-run", "x")
    assert done.returncode == 127
    assert "Install ncp-scheduler again" in done.stderr
    assert "] ERROR: ncp is no longer at /gone/ncp" in day_log(home)
    assert (home / "logs").stat().st_mode & 0o777 == 0o700


def test_no_word_of_a_path_is_run(home: Path) -> None:
    call(written(home, "/gone/$(touch pwned)", "`touch pwned`", ""))
    assert not any(one.name == "pwned" for one in [*home.iterdir(), *Path.cwd().iterdir()])


def test_the_real_package_answers(tmp_path: Path) -> None:
    done = call(install_launcher(tmp_path), "_timing-run", "nowhere")
    assert done.returncode == 3
    assert PACKAGE.joinpath("fire.py").exists()


def test_the_windows_launcher_is_a_batch_file() -> None:
    text = launcher_text("C:\\100%\\n & c", "C:\\py.exe", "C:\\ncp", "C:\\ncp.exe", "windows")
    lines = text.split("\r\n")
    assert lines[:2] == ["@echo off", lines[1]]
    assert lines[1].startswith("rem Written by ncp ")
    assert 'set "NCP_HOME=C:\\100%%\\n & c"' in lines
    assert '"C:\\py.exe" -I -S "C:\\ncp\\fire.py" "%NCP_HOME%" "%~2"' in lines
    assert 'if "%~1"=="_timing-run" if "%~3"=="" goto fire' in lines
    assert "\n" not in text.replace("\r\n", "")

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp


def completed(ncp: Ncp, line: str) -> list[str]:
    """What bash would offer where that line ends."""
    done = subprocess.run(
        ncp.program(),
        env={
            **ncp.environment,
            "_NCP_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split(" ")) - 1),
        },
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("ncp sch", ["schedule", "schema"]),
        ("ncp d", ["doctor", "daemon"]),
        ("ncp _", []),
        ("ncp schedule ex", ["executions", "explain", "export"]),
        ("ncp compile --ta", ["--target"]),
        ("ncp compile --target s", ["systemd", "schtasks"]),
        ("ncp schedule sync --target em", ["embedded"]),
    ],
)
def test_commands_options_and_targets_complete(ncp: Ncp, line: str, offered: list[str]) -> None:
    assert completed(ncp, line) == offered


def test_tasks_complete_from_the_home(ncp: Ncp) -> None:
    ncp.create("hourly", name="backup")
    ncp.create("hourly", name="bath")
    spaced = ncp.create("hourly", name="two words; rm -r x")
    assert completed(ncp, "ncp schedule get ba") == ["backup", "bath"]
    assert completed(ncp, f"ncp schedule get {spaced['id'][:3]}") == [spaced["id"][:8]]
    assert completed(ncp, "ncp schedule delete ho") == ["hourly"]


def test_a_word_that_is_a_task_and_a_timing_completes_with_its_kind(ncp: Ncp) -> None:
    ncp.create("hourly", name="a")
    ncp.create("daily", name="hourly")
    assert completed(ncp, "ncp schedule delete ho") == []
    assert completed(ncp, "ncp schedule delete t") == ["task:hourly", "timing:hourly"]


def test_a_home_that_cannot_be_read_completes_nothing(ncp: Ncp) -> None:
    ncp.create("hourly", name="backup")
    (ncp.home / "schedule.json").write_text("{")
    assert completed(ncp, "ncp schedule get ba") == []


def test_a_shell_completes_with_the_script_that_it_is_shown(ncp: Ncp) -> None:
    programs = ncp.user_home / "bin"
    programs.mkdir()
    words = shlex.join(ncp.program())
    (programs / "ncp").write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    (programs / "ncp").chmod(0o755)
    script = """
        eval "$(ncp --show-completion)"
        COMP_WORDS=(ncp schedule ex); COMP_CWORD=2; _ncp_completion ncp
        echo "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "-c", script],
        env={**ncp.environment, "PATH": f"{programs}:{ncp.environment['PATH']}"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("executions explain export\n", "")


@pytest.mark.parametrize("command", ["remove", "test", "tools"])
def test_a_server_is_completed_by_its_name(ncp: Ncp, command: str) -> None:
    for name in ("files", "web"):
        ncp("mcp", "add", name, "--", "true")
    assert completed(ncp, f"ncp mcp {command} f") == ["files"]


def test_tags_complete_from_the_tasks_that_have_them(ncp: Ncp) -> None:
    ncp("schedule", "create", "hourly", "--tag", "nightly", "--tag", "db", "--", "true")
    for command in ("list", "run", "executions"):
        assert completed(ncp, f"ncp schedule {command} --tag n") == ["nightly"]

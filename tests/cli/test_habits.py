"""Words of other tools are answered with a line that works when it is pasted."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from ncp.cli import habits
from ncp.cli.app import DaemonGroup, McpGroup, ScheduleGroup

if TYPE_CHECKING:
    from cli.conftest import Ncp

ROWS = {"schedule": ScheduleGroup.rows, "mcp": McpGroup.rows, "daemon": DaemonGroup.rows}
SAID = [
    ("schedule ls", "ncp schedule list"),
    ("ls", "ncp schedule list"),
    ("rm poll", "ncp schedule delete poll"),
    ("schedule rm poll -y", "ncp schedule delete poll -y"),
    ("schedule edit poll --timeout 5m", "ncp schedule update poll --timeout 5m"),
    ("schedule stop poll", "ncp schedule pause poll"),
    ("schedule start poll", "ncp schedule run poll"),
    ("schedule enable poll", "ncp schedule resume poll"),
    ("schedule disable poll", "ncp schedule pause poll"),
    ("schedule rename poll poll2", "ncp schedule update poll --name poll2"),
    ("rename poll", "ncp schedule update poll --name NAME"),
    ("schedule info poll", "ncp schedule get poll"),
    ("schedule history poll", "ncp schedule executions poll"),
    ("schedule help", "ncp schedule --help"),
    ("help", "ncp --help"),
    ("help schedule create", "ncp schedule create --help"),
    ("status", "ncp"),
    ("version", "ncp --version"),
    ("LIST", "ncp schedule list"),
    ("schedule LIST", "ncp schedule list"),
    ("schedule LS", "ncp schedule list"),
    ("create '0 9 * * *' -- true", "ncp schedule create '0 9 * * *' -- true"),
    ("creat daily -- true", "ncp schedule create daily -- true"),
    ("shedule list", "ncp schedule list"),
    ("verify", "ncp doctor"),
    ("mcp ls", "ncp mcp servers"),
    ("mcp list", "ncp mcp servers"),
    ("mcp rm files", "ncp mcp remove files"),
    ("mcp servrs", "ncp mcp servers"),
    ("daemon start", "ncp daemon run"),
    ("daemon status", "ncp doctor"),
]


@pytest.mark.parametrize(("line", "wanted"), SAID)
def test_the_line_that_was_meant_is_written_whole(ncp: Ncp, line: str, wanted: str) -> None:
    said = ncp(*shlex.split(line))
    assert (said.code, said.out) == (2, "")
    assert said.err.endswith(f" is not a command.\nWrite: {wanted}\n")


@pytest.mark.parametrize("words", ["xyzzy", "schedule xyzzy", "mcp xyzzy", "daemon xyzzy"])
def test_a_word_that_means_nothing_is_answered_with_the_help(ncp: Ncp, words: str) -> None:
    assert ncp(*words.split()).err.splitlines()[1].startswith("See: ncp")


@pytest.mark.parametrize("group", habits.WORDS)
def test_no_word_of_another_tool_is_a_command_here_and_each_leads_to_one(
    ncp: Ncp, group: str
) -> None:
    assert habits.WORDS[group].keys().isdisjoint(ROWS[group])
    for word, command in habits.WORDS[group].items():
        path = command.split() if command not in {"", "--version"} else []
        assert ncp(*path, "--help").code == 0, word


def test_the_version_has_the_short_option_of_other_tools(ncp: Ncp) -> None:
    assert ncp("-V").out == ncp("--version").out

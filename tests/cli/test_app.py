from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import ncp as package
from ncp.cli import app, door
from ncp.cli.app import DaemonGroup, McpGroup, Root, ScheduleGroup

if TYPE_CHECKING:
    from cli.conftest import Ncp

GROUPS = {"": Root, "schedule": ScheduleGroup, "mcp": McpGroup, "daemon": DaemonGroup}
COMMANDS = [
    [*group.split(), name]
    for group, table in GROUPS.items()
    for name, module in table.rows.items()
    if module
]
FOLDER = Path(app.__file__).parent / "commands"


def test_the_version_names_the_distribution(ncp: Ncp) -> None:
    assert ncp("--version").out == f"ncp-scheduler {package.__version__}\n"


@pytest.mark.parametrize("argv", [[], ["schedule"], ["mcp"], ["daemon"], *COMMANDS], ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_help_text_ends_with_an_example_of_itself(
    ncp: Ncp, argv: list[str], option: str
) -> None:
    said = ncp(*argv, option)
    assert (said.code, said.err) == (0, "")
    last = said.out.rstrip().rpartition("Example: ")[2]
    path = "ncp schedule" if not argv else " ".join(["ncp", *argv])
    assert " ".join(last.split()).startswith(path)


@pytest.mark.parametrize("argv", COMMANDS, ids=" ".join)
def test_every_argument_and_option_is_explained_once(ncp: Ncp, argv: list[str]) -> None:
    said = ncp(*argv, "--help").out
    assert said.count("rguments:") == said.count("\nArguments:") <= 1
    rows = [line.strip() for line in said.partition("Arguments:")[2].split("\n\n")[0].splitlines()]
    assert all("  " in row for row in rows[1:2]), rows


@pytest.mark.parametrize("group", ["schedule", "mcp", "daemon"])
def test_a_group_alone_shows_its_help(ncp: Ncp, group: str) -> None:
    said = ncp(group)
    assert (said.code, said.err) == (0, "")
    assert said.out == ncp(group, "--help").out


@pytest.mark.parametrize("group", GROUPS)
def test_summaries_in_a_group_are_whole_sentences(ncp: Ncp, group: str) -> None:
    rows = ncp(*group.split(), "--help").out.partition("Commands:")[2].partition("Example:")[0]
    sentences = [" ".join(row.split()) for row in re.split(r"\n  (?=\w)", rows)[1:]]
    assert [row.split()[0] for row in sentences] == list(GROUPS[group].rows)
    assert all(row.endswith(".") and not row.endswith("...") for row in sentences), sentences


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["shcedule", "--bogus"], "\nWrite: ncp schedule --bogus\n"),
        (["schedule", "lst"], 'ncp schedule: "lst" is not a command.\nWrite: ncp schedule list\n'),
        (["schedule", "exlpain"], "Write: ncp schedule explain"),
        (["xyzzy"], 'ncp: "xyzzy" is not a command.\n'),
        ([""], 'ncp: "" is not a command.'),
        (["create"], 'Write: ncp schedule create "every day at 9am" -- date\n'),
        (["schedule", "trigger"], "Write: ncp schedule run TASK\n"),
        (["schedule", "list", "--sttaus", "active"], "No such option"),
        (["--bogus"], "No such option"),
        (["schedule", "--bogus"], "No such option"),
        (["schedule", "next"], "Missing argument"),
        (["schedule", "next", "* * * * *", "--count", "many"], "--count"),
    ],
)
def test_a_mistake_is_named_with_the_way_on(ncp: Ncp, argv: list[str], words: str) -> None:
    said = ncp(*argv)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Error: ")
    assert words in said.err
    assert "--help" in said.err or "Write: ncp schedule " in said.err


def test_commands_of_the_machine_are_hidden_and_work(ncp: Ncp) -> None:
    assert "_timing-run" not in ncp("--help").out
    assert ncp("_refresh").code == 0


def test_every_module_of_a_command_has_a_row_and_every_row_its_module() -> None:
    rows = [m for t in GROUPS.values() for m in (*t.rows.values(), *t.hidden_rows.values()) if m]
    modules = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "overview"}
    assert sorted(rows) == sorted(modules)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (RuntimeError("a knot"), 1, "A defect of ncp: RuntimeError: a knot."),
        (FileNotFoundError(2, "No such file", "/gone\n"), 2, "/gone\\n: No such file."),
        (OSError("odd"), 2, "odd."),
        (KeyboardInterrupt(), 130, "Interrupted."),
    ],
)
def test_an_error_that_nobody_foresaw_shows_no_traceback(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, words: str
) -> None:
    monkeypatch.setattr(door, "app", thrower(error))
    said = ncp("doctor")
    assert (said.code, said.out) == (code, "")
    assert words in said.err
    assert "Traceback" not in said.err


def test_ctrl_c_in_a_command_says_so(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ncp.doctor.diagnose", thrower(KeyboardInterrupt()))
    said = ncp("doctor")
    assert (said.code, said.out, said.err) == (130, "", "Interrupted.\n")


def thrower(error: BaseException) -> object:
    def app(*_: object, **__: object) -> None:
        raise error

    return app


def test_debug_shows_where_an_error_came_from_and_what_it_was(ncp: Ncp) -> None:
    said = ncp("compile", "0 25 * * *", "--debug")
    assert said.code == 2
    assert "Traceback (most recent call last)" in said.err
    assert 'Error: "0 25 * * *", hour field' in said.err
    assert "Traceback" not in ncp("compile", "0 25 * * *").err


def test_a_debug_option_of_the_task_is_the_task_s(ncp: Ncp) -> None:
    task = ncp.create("hourly", "prog", "--debug")
    assert task["command"] == ["prog", "--debug"]


def test_a_reader_that_goes_away_is_no_error(ncp: Ncp) -> None:
    line = "for i in 1 2 3; do echo '* * * * *'; done > many; "
    line += '"$@" compile --batch many --target systemd | head -c 1; exit ${PIPESTATUS[0]}'
    done = subprocess.run(
        ["bash", "-c", line, "bash", *ncp.program()],
        env=ncp.environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"{", b"")


def test_python_m_ncp_is_ncp(ncp: Ncp) -> None:
    done = subprocess.run(ncp.program("--version"), capture_output=True, check=True)
    assert done.stdout.startswith(b"ncp-scheduler ")

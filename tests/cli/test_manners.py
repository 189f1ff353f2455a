"""What every command has in common."""

from __future__ import annotations

import json
import os
import re
import shlex
import sqlite3
import subprocess
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from cli.terminal import Terminal
from ncp import errors
from ncp.cli import app as tree
from ncp.cli.app import DaemonGroup, Lazy, McpGroup, Root, ScheduleGroup

if TYPE_CHECKING:
    from cli.conftest import Ncp

MODULES = {
    **{f"ncp {name}": module for name, module in Root.rows.items() if module},
    **{f"ncp {name}": module for name, module in Root.hidden_rows.items()},
    **{f"ncp schedule {name}": module for name, module in ScheduleGroup.rows.items()},
    **{f"ncp daemon {name}": module for name, module in DaemonGroup.rows.items()},
    **{f"ncp mcp {name}": module for name, module in McpGroup.rows.items()},
}
FOLDER = Path(tree.__file__).parent / "commands"
BUILT = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "overview"}
COMMANDS = [(words, module) for words, module in MODULES.items() if module in BUILT]
SHOWING = (
    ("list",),
    ("get", "x"),
    ("executions",),
    ("executions", "x"),
    ("logs",),
    ("logs", "x"),
    ("stats",),
    ("run", "x"),
    ("update", "x", "--description", "y"),
    ("pause", "x"),
    ("resume", "x"),
    ("create", "daily", "--", "true"),
    ("delete", "x", "-y"),
)
"""Everything that takes --json, in an order that leaves the task to the last."""

HOSTILE = (
    "quo\"ted 'name'",
    "two\nlines\r\n",
    "emoji 🎉 ünï",
    "\x1b[31mred\x07",
    "--all",
    "[b]x[/b]",
)


def parsed(words: list[str]) -> click.Context:
    """Parse a command line as `ncp` does, without running it."""
    assert words.pop(0) == "ncp"
    command: click.Command = tree.app
    context = click.Context(command)
    while isinstance(command, Lazy):
        found = command.get_command(context, words.pop(0))
        assert found is not None
        command = found
    return command.make_context(command.name, words)


def test_every_module_of_a_command_has_its_row() -> None:
    assert set(MODULES.values()) >= BUILT


@pytest.mark.parametrize(("words", "module"), COMMANDS)
def test_each_example_is_an_invocation_of_that_command_that_parses(words: str, module: str) -> None:
    example = import_module(f"ncp.cli.commands.{module}").EXAMPLE
    assert example.startswith(words)
    parsed(shlex.split(example))


@pytest.mark.parametrize(("words", "module"), COMMANDS)
def test_each_help_ends_with_the_example(ncp: Ncp, words: str, module: str) -> None:
    said = ncp(*words.split()[1:], "--help")
    example = import_module(f"ncp.cli.commands.{module}").EXAMPLE
    assert said.code == 0
    assert " ".join(said.out.split()).endswith(f"Example: {' '.join(example.split())}")


@pytest.mark.parametrize("group", [(), ("schedule",), ("daemon",)])
def test_a_group_lists_its_commands_and_ends_with_an_example_that_parses(
    ncp: Ncp, group: tuple[str, ...]
) -> None:
    said = " ".join(ncp(*group, "--help").out.split())
    assert parsed(shlex.split(said.rpartition("Example: ")[2])).command is not None


def test_every_command_that_shows_prints_valid_json_and_nothing_else(ncp: Ncp) -> None:
    ncp.create("daily", "true", name="x")
    for words in SHOWING:
        at = words.index("--") if "--" in words else len(words)
        said = ncp("schedule", *words[:at], "--json", *words[at:])
        assert said.code == 0, said.err
        assert isinstance(json.loads(said.out), dict), words


@pytest.mark.parametrize("environment", [{}, {"FORCE_COLOR": "1"}, {"CLICOLOR_FORCE": "1"}])
def test_what_goes_to_a_file_holds_no_escape_codes(
    ncp: Ncp, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    ncp.create("daily", "true", name="x")
    for words in (*SHOWING, ("get", "nobody"), ("nonsense",)):
        said = ncp("schedule", *words)
        assert "\x1b" not in said.out + said.err, words


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_has_colour_unless_it_is_not_wanted(
    ncp: Ncp, environment: dict[str, str], coloured: bool
) -> None:
    ncp.create("daily", "true", name="x")
    for words in (("list",), ("get", "nobody")):
        argv = ncp.program("schedule", *words)
        with Terminal(argv, {**ncp.environment, **environment}) as terminal:
            assert ("\x1b[" in terminal.rest()) == coloured


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_stays_on_one_line_and_is_matched_exactly(ncp: Ncp, name: str) -> None:
    made = ncp.create("daily", "true", name=name)
    assert made["name"] == name
    listed = ncp("schedule", "list").out.splitlines()
    assert len(listed) == 2
    assert all(character.isprintable() for character in listed[1])
    assert ncp("schedule", "get", "--json", "--", name).json["id"] == made["id"]
    assert ncp("schedule", "get", "--", f"{name} ").code == 3
    said = ncp("schedule", "delete", "-y", "--", name)
    assert (said.code, len(said.out.splitlines())) == (0, 1)


def test_a_name_that_is_no_utf8_can_be_shown_and_matched(ncp: Ncp) -> None:
    name = os.fsdecode(b"caf\xe9")
    made = ncp.create("daily", "true", name=name)
    for words in (("list",), ("get", name), ("run", name), ("executions",), ("logs",), ("stats",)):
        assert ncp("schedule", *words).code == 0, words
        assert ncp("schedule", *words, "--json").json, words
    assert ncp("schedule", "get", name, "--json").json["id"] == made["id"]


@pytest.mark.parametrize("folder", ["ünï", os.fsdecode(b"caf\xe9")])
def test_a_task_runs_in_a_folder_of_any_name(ncp: Ncp, folder: str) -> None:
    (ncp.user_home / folder).mkdir()
    ncp.create("daily", "sh", "-c", "touch here", name="x", directory=folder)
    assert ncp("schedule", "run", "x").code == 0
    assert (ncp.user_home / folder / "here").exists()


def test_a_task_is_found_by_a_start_of_its_id_that_is_its_own(ncp: Ncp) -> None:
    made = ncp.create("daily", name="x")
    assert ncp("schedule", "get", made["id"][:8], "--json").json["id"] == made["id"]
    assert ncp("schedule", "get", made["id"][:2]).code == 3


def test_a_name_that_two_tasks_have_is_refused_with_their_ids(ncp: Ncp) -> None:
    ids = {ncp.create("daily", name="x")["id"] for _ in range(2)}
    said = ncp("schedule", "get", "x")
    assert said.code == 2
    assert all(each in said.err for each in ids)


ERRORS = [
    (("get", "nobody"), errors.NOT_FOUND),
    (("create", "every blue moon", "--", "true"), errors.BAD_INPUT),
    (("create", "61 * * * *", "--", "true"), errors.BAD_INPUT),
    (("create", "daily"), errors.BAD_INPUT),
    (("create", "daily", "--target", "moon", "--", "true"), errors.BAD_INPUT),
    (("list", "--status", "odd"), errors.BAD_INPUT),
    (("lst",), errors.BAD_INPUT),
    (("list", "--bogus"), errors.BAD_INPUT),
    (("delete",), errors.BAD_INPUT),
    (("trigger", "x"), errors.BAD_INPUT),
]


@pytest.mark.parametrize(("words", "code"), ERRORS, ids=[" ".join(words) for words, _ in ERRORS])
def test_an_error_says_what_where_and_the_next_step(
    ncp: Ncp, words: tuple[str, ...], code: int
) -> None:
    said = ncp("schedule", *words)
    assert (said.code, said.out) == (code, "")
    first, *rest = said.err.splitlines()
    assert re.fullmatch(r"Error: .+: .+[.?!)\"\w]", first), first
    assert rest, "no next step"
    assert "Traceback" not in said.err


def test_a_zone_variable_that_is_no_zone_is_named_with_what_to_do(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Nonsense/Zone")
    said = ncp("schedule", "next", "daily")
    assert (said.code, said.err.splitlines()) == (
        2,
        [
            "Error: TZ=Nonsense/Zone: This is not the name of an IANA time zone.",
            "Unset it, or write for example: export TZ=Europe/Berlin",
        ],
    )


def test_a_typo_in_a_command_is_answered_with_the_nearest(ncp: Ncp) -> None:
    assert "Write: ncp schedule list\n" in ncp("schedule", "lst").err
    assert "Write: ncp schedule\n" in ncp("shedule").err


def test_the_options_of_a_task_are_its_own(ncp: Ncp) -> None:
    task = ncp.create("daily", "echo", "--help", "--debug", "--json", "--", "-y")
    assert task["command"] == ["echo", "--help", "--debug", "--json", "--", "-y"]


@pytest.mark.parametrize("cut", [0, 1, 30, -2])
def test_a_document_cut_short_is_refused_by_every_command_and_kept(ncp: Ncp, cut: int) -> None:
    ncp.create("daily", name="x")
    document = ncp.home / "schedule.json"
    text = document.read_text()[:cut]
    document.write_text(text)
    for words in SHOWING:
        said = ncp("schedule", *words)
        assert (said.code, said.out) == (2, ""), words
        assert re.search(r"schedule\.json, line \d+, column \d+: Not valid JSON", said.err), words
        assert document.read_text() == text


def test_looking_at_a_home_that_is_not_there_makes_nothing(ncp: Ncp) -> None:
    (ncp.home / "config.toml").unlink()
    ncp.home.rmdir()
    for words in (("list",), ("executions",), ("logs",), ("stats",), ("get", "x")):
        assert ncp("schedule", *words).code in {0, 3}
    assert not ncp.home.exists()


@pytest.mark.parametrize(
    "locale",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["strict", "POSIX"],
)
def test_what_a_terminal_cannot_show_is_escaped(ncp: Ncp, locale: dict[str, str]) -> None:
    ncp.create("daily", name="caf\u00e9 \N{SNOWMAN}")
    argv, environment = ncp.program("schedule", "list"), {**ncp.environment, **locale}
    done = subprocess.run(argv, env=environment, capture_output=True, check=True)
    assert b"caf\\xe9 \\u2603" in done.stdout


def test_closed_streams_change_no_answer(ncp: Ncp) -> None:
    for words, code in ((["list"], 0), (["get", "nobody"], 3)):
        closed = f"{shlex.join(ncp.program('schedule', *words))} <&- >&- 2>&-"
        done = subprocess.run(["sh", "-c", closed], env=ncp.environment, check=False)
        assert done.returncode == code


def test_a_full_disk_is_no_defect_of_ncp(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("ncp.api.switching.pause", full)
    said = ncp("schedule", "pause", "--all")
    assert said.code == 2
    where = ncp.home / "state.db"
    assert said.err.startswith(f"Error: {where}: The ledger cannot be used: database or disk is")


def test_a_reader_that_goes_away_is_no_error(ncp: Ncp) -> None:
    ncp.create("daily", name="x")
    argv = ncp.program("schedule", "list", "--json")
    command = f"{shlex.join(argv)} | head -c 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], env=ncp.environment, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("{0\n", "")

"""What a task, a server or a file of somebody else holds commands no terminal."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING

import pytest

import servers
from cli.terminal import Terminal
from ncp.cli.passing import COLOUR, Passer
from ncp.mcp import definition

if TYPE_CHECKING:
    from cli.conftest import Ncp

CLIPBOARD = "\x1b]52;c;cm0gLXJmIC8=\x07"
HOSTILE = (
    CLIPBOARD,
    "\x1b]0;title\x1b\\",
    "\x9b2J",
    "\x9d52;c;eA==\x9c",
    "\x1b[2J\x1b[H",
    "\x1b[8mhidden\x1b[28m",
    "\x1bP+q544e\x1b\\",
    "\x1bc",
    "good\rfake",
    "ab\b\bcd",
    "\x07\x0b\x0c\x0e\x7f",
    "\u202etxt.exe\u202c",
    "\u2066a\u2069\u200f",
    "\u2028\u2029\u0085",
    "\U000e0041",
)
ALL = "".join(HOSTILE)
OUR_COLOURS = re.compile(r"\x1b\[[0-79;]*m")
JOINERS = "\u200c\u200d"


def commands_in(seen: str) -> set[str]:
    """What is left in the text of a terminal that could command it, by the Unicode tables."""
    text = OUR_COLOURS.sub("", seen.replace("\r\n", "\n"))
    return {
        found
        for found in text
        if unicodedata.category(found) in {"Cc", "Cf", "Zl", "Zp"} and found not in "\n\t" + JOINERS
    }


def on_terminal(ncp: Ncp, *argv: str) -> str:
    environment = {**ncp.environment, "LANG": "C.UTF-8", "COLUMNS": "1000"}
    with Terminal(ncp.program(*argv), environment) as terminal:
        return terminal.rest()


def printing(ncp: Ncp, text: str, name: str = "x") -> None:
    """Make a task that prints a text and fails."""
    (ncp.user_home / "text").write_text(text, "utf-8", newline="")
    ncp.create("daily", "sh", "-c", f"cat {ncp.user_home / 'text'}; exit 3", name=name)


def test_what_a_task_prints_commands_no_terminal(ncp: Ncp) -> None:
    printing(ncp, f"before{ALL}after\n")
    assert commands_in(on_terminal(ncp, "schedule", "run", "x")) == set()
    found = ncp("schedule", "executions", "--json").json["executions"][0]["executionId"]
    for words in (
        ("show", "x"),
        ("show", "x", "--json"),
        ("logs",),
        ("logs", "--execution", found),
        ("logs", "--execution", found, "--json"),
    ):
        seen = on_terminal(ncp, "schedule", *words)
        assert "before" in seen, words
        assert commands_in(seen) == set(), words


def test_what_was_printed_is_there_byte_for_byte_where_it_is_asked_for(ncp: Ncp) -> None:
    printing(ncp, ALL)
    ncp("schedule", "run", "x")
    found = ncp("schedule", "executions", "--json").json["executions"][0]["executionId"]
    for words in (("show", "x"), ("logs", "--execution", found), ("run", "x")):
        assert ALL in on_terminal(ncp, "schedule", *words, "--raw"), words
    assert ncp("schedule", "show", "x", "--raw").out == ALL
    assert json.loads(ncp("schedule", "show", "x", "--json").out)["output"] == ALL


def test_json_on_a_terminal_is_the_same_json(ncp: Ncp) -> None:
    printing(ncp, ALL)
    ncp("schedule", "run", "x")
    assert json.loads(on_terminal(ncp, "schedule", "show", "x", "--json"))["output"] == ALL


@pytest.mark.parametrize(
    "colour",
    [
        "\x1b[31m",
        "\x1b[0m",
        "\x1b[m",
        "\x1b[1;38;5;208m",
        "\x1b[38;2;1;2;3;48;5;8m",
        "\x1b[38:2::1:2:3m",
    ],
)
def test_colours_of_a_task_pass_and_end_with_it(ncp: Ncp, colour: str) -> None:
    printing(ncp, f"a{colour}b\n")
    seen = on_terminal(ncp, "schedule", "run", "x")
    assert f"a{colour}b\r\n\x1b[0m" in seen
    assert f"a{colour}b\r\n\x1b[0m" in on_terminal(ncp, "schedule", "show", "x")


def test_names_of_tasks_command_no_terminal_anywhere(ncp: Ncp) -> None:
    name = f"a{ALL}z"
    made = ncp.create("every minute", "false", name=name)
    ncp.fire("every-minute")
    for words in (
        (),
        ("doctor",),
        *(("schedule", word) for word in ("list", "executions", "stats", "plan", "logs")),
        *(("schedule", word, made["id"]) for word in ("get", "show", "run", "pause", "resume")),
        ("schedule", "list", "--json"),
        ("schedule", "get", name + "!"),
        ("schedule", "create", name, "--", "true"),
        ("schedule", "export", "--format", "crontab"),
        ("schedule", "export", "--format", "yaml"),
        ("schedule", "nonsense" + name),
        ("schedule", "list", "--nonsense" + name),
        ("--debug", "schedule", "get", name + "!"),
    ):
        assert commands_in(on_terminal(ncp, *words)) == set(), words


@pytest.mark.parametrize("text", [ALL, CLIPBOARD, "good\rfake"])
def test_files_of_others_command_no_terminal(ncp: Ncp, text: str) -> None:
    tree = {"name": f"a{text}z", "schedule": "daily", "command": f"echo {text}"}
    odd = {"name": f"b{text}z", "schedule": text, "command": ["x"], f"k{text}": text}
    named = ncp.user_home / f"f{text.replace('/', '')}.json"
    named.write_text(json.dumps({"tasks": [tree, odd]}))
    (ncp.user_home / "crontab").write_text(
        f"# {text}\nA={text}\n0 0 * * * echo {text}\n{text} * * * * x\n"
    )
    (ncp.user_home / "broken.json").write_text('{"tasks": [' + text)
    (ncp.user_home / "a.yaml").write_text(f"tasks:\n  - name: {json.dumps(text)}\n    {text}: 1\n")
    for words in (
        ("apply", str(named), "--dry-run"),
        ("apply", "broken.json", "--dry-run"),
        ("apply", "a.yaml", "--dry-run"),
        ("import", str(named), "--dry-run"),
        ("import", "crontab", "--dry-run"),
        ("import", "crontab", "--dry-run", "--json"),
        ("import", "broken.json", "--dry-run"),
        ("import", "crontab"),
    ):
        assert commands_in(on_terminal(ncp, "schedule", *words)) == set(), words


def test_what_a_server_answers_commands_no_terminal(ncp: Ncp) -> None:
    server = servers.rough("escapes")
    (ncp.home / "mcp.json").write_text(
        json.dumps({"mcpServers": {"rough": definition.tree(server)}})
    )
    for words in (("rough:any",), ("rough:any", "--json"), ("rough:any", "--stderr")):
        seen = on_terminal(ncp, "mcp", "call", *words)
        assert "fake" in seen
        assert commands_in(seen) == set()
        assert "\x1b[8m" not in seen
    for more in ((), ("--stderr",)):
        assert commands_in(on_terminal(ncp, "mcp", "call", "rough:any", "--raw", *more))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_commands_a_terminal_is_shown_as_an_escape(text: str) -> None:
    shown = Passer(colours=True)(text.encode(), last=True)
    assert commands_in(shown) == set()
    assert "\\" in shown


def test_texts_of_all_scripts_and_emoji_stay_as_they_are() -> None:
    text = "नमस्ते \u0645\u06cc\u200c\u062e 👨\u200d👩\u200d👧 ünï 漢字\xa0\ue0b0\tx\n"
    assert Passer(colours=True)(text.encode(), last=True) == text


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pieces_are_shown_as_the_whole_is(size: int) -> None:
    data = f"a\x1b[31mä漢\x1b[0m\r\nb\r\r\n{ALL}\x1b[".encode()
    show = Passer(colours=True)
    pieces = [show(data[at : at + size]) for at in range(0, len(data), size)]
    whole = Passer(colours=True)(data, last=True)
    assert "".join([*pieces, show(b"", last=True)]) == whole
    assert whole.startswith("a\x1b[31mä漢\x1b[0m\nb\n")
    assert "\x1b" not in COLOUR.sub("", whole)


def test_a_name_in_a_file_makes_no_line_of_its_own(ncp: Ncp) -> None:
    name = "a\nError: this line is not of ncp"
    tasks = [{"name": name, "schedule": "odd", "command": "x"}]
    (ncp.user_home / "tasks.json").write_text(json.dumps({"tasks": tasks}))
    for words in (("apply", "tasks.json", "--dry-run"), ("import", "tasks.json", "--dry-run")):
        said = ncp("schedule", *words)
        assert not any(
            line.startswith("Error: this") for line in (said.out + said.err).splitlines()
        ), words

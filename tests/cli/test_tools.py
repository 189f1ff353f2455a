"""Tasks that call a tool: made and changed where their server takes them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

import servers
from ncp.mcp import catalog, checking, definition

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp, Said

TOOL = "served:add"
NUMBERS = '{"a": 1, "b": 2}'


def having(ncp: Ncp, **found: definition.Server) -> None:
    trees = {name: definition.tree(server) for name, server in found.items()}
    (ncp.home / "mcp.json").write_text(json.dumps({"mcpServers": trees}))


def create(ncp: Ncp, *argv: str) -> Said:
    return ncp("schedule", "create", "daily at 2am", *argv)


def starts(notes: Path) -> int:
    return notes.read_text().count("started") if notes.exists() else 0


@pytest.fixture
def notes(ncp: Ncp, tmp_path: Path) -> Path:
    """What the server `rough`, which the home has then, is told about."""
    having(ncp, rough=servers.rough("fine", tmp_path / "notes"))
    return tmp_path / "notes"


@pytest.fixture
def kept(ncp: Ncp) -> catalog.Catalog:
    """The home has the server `served`, and asked it half a minute ago what it offers."""
    having(ncp, served=servers.served())
    properties = {"a": {"type": "integer"}, "b": {"type": "integer", "description": "The other."}}
    schema = {"type": "object", "properties": properties, "required": ["a", "b"]}
    tool = {"name": "add", "description": "Add.", "inputSchema": schema}
    found = catalog.Catalog((tool,), {"name": "served"}, time.time() - 30)
    keep(ncp, found)
    return found


def keep(ncp: Ncp, found: catalog.Catalog) -> None:
    name = definition.fingerprint(servers.served())
    file = ncp.home / "cache" / "mcp" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    tree = {"tools": found.tools, "about": found.about, "asked_at": found.asked_at}
    file.write_text(json.dumps(tree))


def test_a_task_that_calls_a_tool_is_kept_and_shown(ncp: Ncp, kept: catalog.Catalog) -> None:
    assert kept.age == "less than a minute"
    said = create(ncp, "--tool", TOOL, "--params", NUMBERS, "--json")
    task = said.json["task"]
    assert (task["name"], task["tool"], task["parameters"]) == (TOOL, TOOL, {"a": 1, "b": 2})
    assert "command" not in task
    shown = ncp("schedule", "get", TOOL).out
    assert "Calls       served:add\n" in shown
    assert 'With        {"a": 1, "b": 2}\n' in shown
    assert TOOL in ncp("schedule", "list").out
    assert ncp("schedule", "list", "--json").json["tasks"][0]["tool"] == TOOL


def test_the_server_is_started_for_the_first_task_only(ncp: Ncp, notes: Path) -> None:
    first = create(ncp, "--tool", "rough:tool-0")
    assert (first.code, starts(notes), "Checked with" in first.err) == (0, 1, False)
    second = create(ncp, "--tool", "rough:tool-0", "--name", "again")
    assert (second.code, starts(notes)) == (0, 1)
    assert 'Checked with what "rough" said less than a minute ago' in second.err


def test_another_definition_of_the_server_is_asked_anew(ncp: Ncp, notes: Path) -> None:
    assert create(ncp, "--tool", "rough:tool-0").code == 0
    having(ncp, rough=servers.rough("pages", notes))
    assert create(ncp, "--tool", "rough:tool-2").code == 0
    assert starts(notes) == 2


BROKEN = ["", "{", "[]", '{"tools": [{}]}', '{"tools": 7}', "\xff"]
BROKEN += [f'{{"tools": [], "about": {{}}, "asked_at": {at}}}' for at in ("1e30", "NaN", '"x"')]


@pytest.mark.parametrize("text", BROKEN)
def test_a_list_that_cannot_be_read_is_asked_for_again(ncp: Ncp, notes: Path, text: str) -> None:
    assert create(ncp, "--tool", "rough:tool-0").code == 0
    (file,) = (ncp.home / "cache" / "mcp").iterdir()
    file.write_text(text, encoding="latin-1")
    assert create(ncp, "--tool", "rough:tool-0", "--name", "again").code == 0
    assert starts(notes) == 2
    assert json.loads(file.read_bytes())["tools"][0]["name"] == "tool-0"


def test_an_old_list_refuses_nothing_before_the_server_is_asked(
    ncp: Ncp, kept: catalog.Catalog
) -> None:
    keep(ncp, catalog.Catalog((), kept.about, time.time() - 3700))
    said = create(ncp, "--tool", TOOL, "--params", NUMBERS)
    assert (said.code, "Checked with" in said.err) == (0, False)
    keep(ncp, catalog.Catalog((), kept.about, time.time() - 30))
    assert "has no tool" in create(ncp, "--tool", TOOL, "--params", NUMBERS, "--name", "x").err


@pytest.mark.parametrize(
    ("seconds", "age"),
    [(59, "less than a minute"), (60, "1 minute"), (7300, "2 hours"), (180000, "2 days")],
)
def test_the_age_of_a_list_is_told(seconds: int, age: str) -> None:
    assert catalog.Catalog((), {}, time.time() - seconds).age == age


def test_neither_the_sdk_nor_jsonschema_is_loaded_for_a_plain_check_with_a_kept_list(
    ncp: Ncp, kept: catalog.Catalog
) -> None:
    assert kept.tools
    argv = ["schedule", "create", "daily", "--tool", TOOL, "--params", NUMBERS]
    code = (
        "import sys; from ncp.cli import main; code = main(sys.argv[1:]);"
        "sys.exit(code or 9 * bool({'mcp', 'asyncio', 'jsonschema'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code, *argv], env=ncp.environment, check=False)
    assert done.returncode == 0


REFUSED = [
    ((TOOL,), 2, '"a" is missing: a whole number; "b" is missing: a whole number (The other.)'),
    ((TOOL, "--params", '{"a": "x", "b": 2}'), 2, '"a" is "x", and must be a whole number'),
    (("served:ad", "--params", NUMBERS), 3, "Did you mean served:add?"),
    (("served:multiply",), 3, "It has: add."),
    (("serve:add",), 3, "Did you mean served?"),
    (("other:add",), 3, "ncp mcp add other -- COMMAND"),
    (("served",), 2, "Write for example: --tool filesystem:list_directory"),
    ((TOOL, "--params", "{"), 2, "--params, line 1, column 2: Not valid JSON"),
    ((TOOL, "--params", '{"a": 1, "a": 2}'), 2, 'The key "a" comes twice.'),
    ((TOOL, "--params", "[1]"), 2, "--params: [1] is not an object."),
    ((TOOL, "--params", "@/no/such"), 2, "/no/such: It cannot be read"),
    ((TOOL, "--", "true"), 2, "a tool or a command, not both"),
    ((TOOL, "--step", "true"), 2, "steps or a tool, not both"),
    ((TOOL, "--shell"), 2, "--shell: It belongs to a command"),
    (
        (TOOL, "--stdin", "x"),
        2,
        "--stdin: It belongs to a command; a tool call has parameters.\nRemove it",
    ),
]


@pytest.mark.parametrize(("argv", "code", "words"), REFUSED, ids=[str(row[0]) for row in REFUSED])
@pytest.mark.usefixtures("kept")
def test_what_cannot_work_is_refused_with_the_nearest_that_can(
    ncp: Ncp, argv: tuple[str, ...], code: int, words: str
) -> None:
    said = create(ncp, "--tool", *argv)
    assert said.code == code
    assert words in said.err
    assert not (ncp.home / "schedule.json").exists()


def test_parameters_without_a_tool_are_refused(ncp: Ncp) -> None:
    said = create(ncp, "--params", NUMBERS, "--", "true")
    assert (said.code, "They belong to a tool" in said.err) == (2, True)


@pytest.mark.usefixtures("kept")
def test_what_a_tool_does_not_know_is_doubted(ncp: Ncp) -> None:
    said = create(ncp, "--tool", TOOL, "--params", '{"a": 1, "b": 2, "bb": 3}')
    assert said.code == 0
    assert 'Note: "bb" is not among its parameters; did you mean "b"?\n' in said.err


def test_nothing_is_started_where_validation_is_skipped(ncp: Ncp, notes: Path) -> None:
    options = ("--params", '{"a": "x"}', "--skip-validation")
    assert create(ncp, "--tool", "rough:whatever", *options).code == 0
    assert create(ncp, "--tool", "nobody:whatever", "--skip-validation").code == 0
    assert starts(notes) == 0


def test_parameters_come_from_a_file_too(ncp: Ncp, kept: catalog.Catalog) -> None:
    assert kept.tools
    (ncp.user_home / "numbers.json").write_text(NUMBERS)
    said = create(ncp, "--tool", TOOL, "--params", "numbers.json")
    assert (said.code, "write: --params @numbers.json" in said.err) == (2, True)
    said = create(ncp, "--tool", TOOL, "--params", "@numbers.json", "--json")
    assert said.json["task"]["parameters"] == {"a": 1, "b": 2}


def test_a_server_that_does_not_start_is_the_reason(ncp: Ncp) -> None:
    having(ncp, gone=definition.Server("gone", "/no/such/server"))
    said = create(ncp, "--tool", "gone:any")
    assert said.code == 1
    assert 'gone: Its program "/no/such/server" is not found.' in said.err


def test_without_the_sdk_a_tool_is_refused_but_one_that_is_there_stays_listed(
    ncp: Ncp, kept: catalog.Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept.tools
    assert create(ncp, "--tool", TOOL, "--params", NUMBERS).code == 0
    monkeypatch.setattr(checking, "LIBRARIES", ("mcp", "a_library_that_is_not_there"))
    for options in ((), ("--skip-validation",)):
        said = create(ncp, "--tool", TOOL, "--params", NUMBERS, *options)
        assert said.code == 2
        assert said.err.endswith(" -m pip install 'ncp-scheduler[mcp]'\n")
    assert TOOL in ncp("schedule", "list").out
    assert ncp("schedule", "get", TOOL).code == 0
    assert ncp("schedule", "update", TOOL, "--timeout", "5").code == 0


def updated(ncp: Ncp, *argv: str) -> Any:
    return ncp("schedule", "update", "--json", "x", *argv).json["task"]


@pytest.mark.usefixtures("kept")
def test_a_command_becomes_a_tool_and_a_tool_a_command(ncp: Ncp) -> None:
    ncp.create("daily", "cat", name="x", stdin="words")
    task = updated(ncp, "--tool", TOOL, "--params", NUMBERS)
    assert (task["tool"], "command" in task, "stdin" in task) == (TOOL, False, False)
    task = updated(ncp, "--", "true")
    assert ("tool" in task, "parameters" in task, task["command"]) == (False, False, ["true"])


@pytest.mark.usefixtures("kept")
def test_new_parameters_are_looked_at_as_those_of_a_new_task(ncp: Ncp) -> None:
    assert create(ncp, "--tool", TOOL, "--params", NUMBERS, "--name", "x").code == 0
    assert updated(ncp, "--params", '{"a": 3, "b": 4}')["parameters"] == {"a": 3, "b": 4}
    said = ncp("schedule", "update", "x", "--no-params")
    assert (said.code, '"b" is missing' in said.err) == (2, True)
    assert "parameters" not in updated(ncp, "--no-params", "--skip-validation")
    said = ncp("schedule", "update", "x", "--tool", "served:ad")
    assert (said.code, "Did you mean served:add?" in said.err) == (3, True)


def test_a_name_that_was_made_from_the_tool_follows_it(ncp: Ncp, notes: Path) -> None:
    assert create(ncp, "--tool", "rough:tool-0").code == 0
    said = ncp("schedule", "update", "rough:tool-0", "--tool", "rough:x", "--skip-validation")
    assert said.code == 0
    assert starts(notes) == 1
    assert ncp("schedule", "get", "rough:x").code == 0


def test_a_test_run_calls_the_tool_and_shows_what_it_answers(ncp: Ncp, notes: Path) -> None:
    options = ("--tool", "rough:tool-0", "--params", '{"a": 1}', "--test-run")
    said = create(ncp, *options)
    assert said.code == 0
    assert 'Test run:\n  fine\n  {"a": 1}\n' in said.err
    assert notes.read_text().count("called") == 1
    tree = create(ncp, *options, "--name", "again", "--json").json
    assert tree["testRun"]["content"][0] == {"type": "text", "text": "fine"}
    said = ncp("schedule", "update", "again", "--params", "{}", "--test-run")
    assert "Test run:\n  fine\n  {}\n" in said.err


def test_a_test_run_that_fails_makes_and_changes_nothing(ncp: Ncp, notes: Path) -> None:
    assert create(ncp, "--tool", "rough:tool-0", "--name", "x").code == 0
    having(ncp, rough=servers.rough("fails", notes))
    before = (ncp.home / "schedule.json").read_bytes()
    made = create(ncp, "--tool", "rough:tool-0", "--test-run")
    changed = ncp("schedule", "update", "x", "--params", "{}", "--test-run")
    for said in (made, changed):
        assert said.code == 1
        assert "The test run has failed: no such folder: /backups\nNothing was" in said.err
    assert (ncp.home / "schedule.json").read_bytes() == before


def test_a_test_run_is_held_to_the_deadline_of_its_task(ncp: Ncp, notes: Path) -> None:
    having(ncp, rough=servers.rough("slow", notes))
    said = create(ncp, "--tool", "rough:tool-0", "--test-run", "--timeout", "1")
    assert (said.code, "It took longer than 1 s" in said.err) == (1, True)


def test_only_a_tool_is_tried_and_only_where_starting_is_allowed(ncp: Ncp) -> None:
    said = create(ncp, "--test-run", "--", "true")
    assert (said.code, "Only a tool can be tried." in said.err) == (2, True)
    said = create(ncp, "--tool", "a:b", "--test-run", "--skip-validation")
    assert (said.code, "--test-run, --skip-validation" in said.err) == (2, True)
    assert not (ncp.home / "schedule.json").exists()


@pytest.mark.usefixtures("kept")
def test_a_dry_run_says_what_would_be_called(ncp: Ncp) -> None:
    assert create(ncp, "--tool", TOOL, "--params", NUMBERS, "--name", "x").code == 0
    shown = ncp("schedule", "run", "x", "--dry-run").out
    assert "Calls     served:add\n" in shown
    assert 'With      {"a": 1, "b": 2}\n' in shown
    assert "Program" not in shown
    (planned,) = ncp("schedule", "run", "x", "--dry-run", "--json").json["tasks"]
    assert (planned["tool"], planned["parameters"]) == (TOOL, {"a": 1, "b": 2})

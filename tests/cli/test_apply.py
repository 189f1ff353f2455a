"""`ncp schedule apply`: a home becomes what a file says, and says so before."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ncp.api import Schedule, declared
from ncp.declaring import deed
from ncp.errors import InputError
from ncp.intake import opening

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp, Said

TWO = """\
tasks:
  - name: fetch
    command: [echo, fetched]
    schedule: weekdays at 9am
  - name: pack
    command: "echo packed | cat"
    shell: true
    cron: "0 9 * * 1-5"
    timeoutSeconds: 60
    after: [fetch]
"""


class Files:
    """A folder under version control."""

    def __init__(self, ncp: Ncp) -> None:
        self.ncp = ncp
        self.folder = ncp.user_home / "repo"
        self.folder.mkdir()

    def apply(self, text: str, *options: str, name: str = "ncp.yaml") -> Said:
        file = self.folder / name
        file.write_text(text)
        return self.ncp("schedule", "apply", str(file), *options)

    @property
    def tasks(self) -> dict[str, dict[str, Any]]:
        return {task["name"]: task for task in self.ncp("schedule", "list", "--json").json["tasks"]}

    @property
    def written(self) -> bytes:
        return (self.ncp.home / "schedule.json").read_bytes()


@pytest.fixture
def files(ncp: Ncp) -> Files:
    return Files(ncp)


def one(**values: object) -> str:
    """A file of one task, as JSON."""
    task = {"name": "a", "command": ["true"], "cron": "0 9 * * *", **values}
    kept = {key: value for key, value in task.items() if value is not None}
    return json.dumps({"tasks": [kept]}, indent=1)


def test_what_is_new_is_shown_and_created(files: Files) -> None:
    said = files.apply(TWO)
    assert (said.code, said.out) == (0, "+ fetch (weekdays-9am)\n+ pack (weekdays-9am)\n")
    counts = "2 created, 0 as they are, 0 updated, 0 deleted, 0 refused."
    assert said.err.splitlines()[-1] == counts
    fetch, pack = files.tasks["fetch"], files.tasks["pack"]
    assert pack["after"] == [{"task": fetch["id"]}]
    assert (pack["command"], pack["shell"], pack["timeoutSeconds"]) == (
        ["echo packed | cat"],
        True,
        60,
    )
    assert fetch["workingDirectory"] == str(files.folder)
    assert (fetch["timeoutSeconds"], fetch["catchupMissed"]) == (300, True)
    assert fetch["origin"] == f"apply:{files.folder}/ncp.yaml"


def test_a_second_apply_says_so_and_writes_nothing(files: Files) -> None:
    files.apply(TWO)
    before, stat = files.written, (files.ncp.home / "schedule.json").stat()
    said = files.apply(TWO)
    assert (said.code, said.out) == (0, "= fetch (weekdays-9am)\n= pack (weekdays-9am)\n")
    assert "Nothing to change: " in said.err
    assert files.written == before
    assert (files.ncp.home / "schedule.json").stat().st_mtime_ns == stat.st_mtime_ns


def test_what_differs_is_named_and_updated_in_place(files: Files) -> None:
    files.apply(TWO)
    before = files.tasks
    changed = TWO.replace("timeoutSeconds: 60", "retries: {attempts: 2}").replace("9am", "8am")
    said = files.apply(changed.replace('"0 9 * * 1-5"', '"0 8 * * 1-5"'))
    assert said.out == (
        "~ fetch (weekdays-8am): changes timingId\n"
        "~ pack (weekdays-8am): changes timingId, timeoutSeconds, retries\n"
    )
    after = files.tasks
    assert {name: task["id"] for name, task in after.items()} == {
        name: task["id"] for name, task in before.items()
    }
    assert after["pack"]["timeoutSeconds"] == 300
    assert after["pack"]["capturedEnvironment"] == before["pack"]["capturedEnvironment"]
    assert "weekdays-9am" not in files.written.decode()


def test_a_rename_is_a_new_task_and_with_prune_the_end_of_the_old_one(files: Files) -> None:
    files.apply(one())
    said = files.apply(one(name="b"))
    assert said.out == "+ b (daily-9am)\n"
    assert 'No longer in this file, but made by it: "a". --prune deletes them.' in said.err
    said = files.apply(one(name="b"), "--prune")
    assert said.out == "= b (daily-9am)\n- a (daily-9am)\n"
    assert list(files.tasks) == ["b"]


def test_prune_leaves_what_this_file_did_not_make(files: Files) -> None:
    files.ncp.create("every day at noon", "true", name="by hand")
    files.apply(one(name="other"), name="other.yaml")
    files.apply(TWO)
    assert files.apply("tasks: []\n", "--prune").out == (
        "- fetch (weekdays-9am)\n- pack (weekdays-9am)\n"
    )
    assert set(files.tasks) == {"by hand", "other"}


def test_a_task_of_that_name_made_by_hand_becomes_that_of_the_file(files: Files) -> None:
    made = files.ncp.create("every day at 9am", "date", name="a")
    assert files.apply(one()).out.startswith("~ a (daily-9am): changes origin, command")
    assert files.tasks["a"]["id"] == made["id"]
    files.apply("tasks: []\n", "--prune")
    assert files.tasks == {}


def test_prune_keeps_a_task_that_one_made_by_hand_waits_for(files: Files) -> None:
    files.apply(one())
    files.ncp("schedule", "create", "every day at 9am", "--name", "b", "--after", "a", "--", "true")
    said = files.apply("tasks: []\n", "--prune")
    assert (said.code, said.out) == (2, "! a (daily-9am)\n")
    assert "is not among the tasks" in said.err
    assert set(files.tasks) == {"a", "b"}


def test_a_task_that_is_refused_keeps_none_of_the_others_back(files: Files) -> None:
    bad = TWO + "  - name: bad\n    command: [x]\n    cron: 0 25 * * *\n"
    said = files.apply(bad)
    assert said.code == 2
    assert said.out.splitlines()[-1] == "! bad"
    assert 'ncp.yaml:13, "bad": cron: "0 25 * * *", hour field: "25" is out of range' in said.err
    assert set(files.tasks) == {"fetch", "pack"}


def test_strict_changes_nothing_where_a_task_is_refused(files: Files) -> None:
    files.apply(one())
    before = files.written
    said = files.apply(TWO + "  - name: bad\n    cron: 0 9 * * *\n", "--strict")
    assert said.code == 2
    assert said.err.startswith(f'Error: {files.folder}/ncp.yaml:11: "bad": It has nothing to run.')
    assert said.err.splitlines()[-1] == "Correct it, or apply the others without --strict."
    assert files.written == before


def test_a_refused_task_that_is_there_already_stays_as_it_is_also_under_prune(files: Files) -> None:
    files.apply(one(), "--prune")
    before = files.written
    assert files.apply(one(cron="61 * * * *"), "--prune").out == "! a\n"
    assert files.written == before


def test_a_dry_run_shows_the_plan_and_writes_nothing(files: Files) -> None:
    said = files.apply(TWO, "--dry-run", "--prune")
    assert (said.code, said.out[:8]) == (0, "+ fetch ")
    assert "Dry run, nothing was changed: 2 created" in said.err
    assert not (files.ncp.home / "schedule.json").exists()


def test_json_tells_what_became_of_each_task(files: Files) -> None:
    tree = files.apply(TWO, "--json").json
    assert [item["outcome"] for item in tree["items"]] == ["imported", "imported"]
    assert tree["items"][0]["place"].endswith("ncp.yaml:2")
    assert tree["counts"]["imported"] == 2


def test_a_task_may_be_called_what_two_others_are_not(files: Files) -> None:
    for _ in range(2):
        files.ncp.create("every day at noon", "true", name="a")
    said = files.apply(one())
    assert (said.code, said.out) == (2, "! a\n")
    assert "2 tasks of the home have this name. Rename one: ncp schedule update" in said.err


def test_of_two_tasks_of_a_name_the_one_that_the_file_made_is_meant(files: Files) -> None:
    files.apply(one())
    files.ncp.create("every day at noon", "true", name="a")
    assert files.apply(one()).out == "= a (daily-9am)\n"


@pytest.mark.parametrize("values", [{"cron": "61 * * * *"}, {"after": ["nobody"]}])
def test_what_is_refused_stays_as_it_is_in_the_home(
    files: Files, values: dict[str, object]
) -> None:
    files.apply(one())
    before = files.written
    assert files.apply(one(command=["other"], **values), "--prune").out == "! a\n"
    assert files.written == before


def test_what_is_refused_stays_where_others_change(files: Files) -> None:
    files.apply(one())
    before = files.tasks["a"]
    tree = json.loads(one(command=["other"], after=["nobody"]))
    tree["tasks"].append({**tree["tasks"][0], "name": "b", "after": []})
    assert files.apply(json.dumps(tree)).out == "! a\n+ b (daily-9am)\n"
    assert files.tasks["a"] == before


def aged(files: Files, **values: object) -> None:
    """Let the one task be older than it is, and something else besides."""
    document = json.loads(files.written)
    (task,) = document["tasks"].values()
    task |= {"activeSince": "2020-01-01T00:00:00Z", **values}
    (files.ncp.home / "schedule.json").write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("before", "values", "anew"),
    [
        ({}, {"timeout": 5}, False),
        ({}, {"cron": "0 8 * * *"}, True),
        ({"status": "paused"}, {}, True),
        ({"status": "error", "errorMessage": "bad"}, {}, True),
        ({}, {"enabled": False}, False),
    ],
)
def test_slots_count_anew_for_what_moves_or_goes_on_again(
    files: Files, before: dict[str, object], values: dict[str, object], anew: bool
) -> None:
    files.apply(one())
    aged(files, **before)
    assert files.apply(one(**values)).out.startswith("~ a ")
    task = files.tasks["a"]
    assert (task["activeSince"] != "2020-01-01T00:00:00Z") is anew
    assert task.get("errorMessage") is None


def test_the_zone_of_a_task_moves_it(files: Files) -> None:
    files.apply(one())
    said = files.apply(one(timezone="Asia/Tokyo"))
    assert said.out == "~ a (daily-9am-asia-tokyo): changes timingId\n"


def test_strict_holds_also_for_what_has_changed_since_the_plan(files: Files) -> None:
    files.apply(one())
    home = Schedule(files.ncp.home)
    opened = opening.opened(str(files.folder / "ncp.yaml"))
    for _ in range(2):
        files.ncp.create("every day at noon", "true", name="b")
    found = declared.read(home.site, replace(opened, data=one(name="b").encode()))
    before = files.written
    with pytest.raises(InputError, match="2 tasks of the home have this name"):
        deed.carry_out(home.site, found, deed.Wish("apply:x", strict=True))
    assert files.written == before


def test_enabled_false_pauses_and_true_resumes(files: Files) -> None:
    files.apply(one(enabled=False))
    assert files.tasks["a"]["status"] == "paused"
    assert "changes status" in files.apply(one(enabled=True)).out
    assert files.tasks["a"]["status"] == "active"
    files.ncp("schedule", "pause", "a")
    assert "changes status" in files.apply(one()).out


def test_an_interval_in_words_goes_on_from_where_it_began(files: Files) -> None:
    text = one(cron=None, schedule="every other monday at 9am")
    files.apply(text)
    document = json.loads(files.written)
    (timing,) = document["timings"].values()
    timing["every"]["anchor"] = "2020-01-06" if odd(timing["every"]["anchor"]) else "2020-01-13"
    (files.ncp.home / "schedule.json").write_text(json.dumps(document))
    assert files.apply(text).out.startswith("= a ")
    assert files.apply(text.replace("other monday", "3 days")).out.startswith("~ a ")


def odd(anchor: str) -> bool:
    """Whether a Monday lies an odd number of weeks after 2020-01-06."""
    from datetime import date  # noqa: PLC0415  only here

    return (date.fromisoformat(anchor) - date(2020, 1, 6)).days // 7 % 2 == 1


def test_a_completed_task_stays_so_until_its_end_is_another(files: Files) -> None:
    files.apply(one(fireOnce=True))
    text = files.written.decode().replace('"fireOnce"', '"status": "completed", "fireOnce"')
    (files.ncp.home / "schedule.json").write_text(text)
    assert files.apply(one(fireOnce=True)).out.startswith("= a ")
    assert (
        files.apply(one(fireOnce=True, timeout=5)).out
        == "~ a (daily-9am): changes timeoutSeconds\n"
    )
    assert files.tasks["a"]["status"] == "completed"
    files.apply(one(maxExecutions=3))
    assert files.tasks["a"]["status"] == "active"


def test_a_past_instant_is_refused_unless_its_task_is_there(files: Files) -> None:
    later = one(cron=None, at="2099-01-01T08:00Z")
    files.apply(later)
    assert files.apply(later).out.startswith("= a ")
    past = one(cron=None, at="2020-01-01T08:00Z")
    assert "2020-01-01T08:00Z is past." in files.apply(past).err
    with sqlite3.connect(files.ncp.home / "state.db") as book:
        assert book.execute("SELECT count(*) FROM tasks").fetchone() == (1,)
    book.close()


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"timout": 5}, "timout: It is not a key of a task. Did you mean timeout?"),
    (
        {"timeout_seconds": 5},
        "timeout_seconds: It is not a key of a task. Did you mean timeoutSeconds?",
    ),
    ({"timeout": 5, "timeoutSeconds": 5}, "It has timeout and timeoutSeconds. Remove one of them."),
    ({"enabled": False, "status": "active"}, "It has enabled and status."),
    ({"enabled": "perhaps"}, 'enabled: "perhaps" is not true or false.'),
    ({"timeout": "5 mintes"}, '"5 mintes" is not a duration. Write: timeout: 5minutes'),
    ({"name": None}, "It needs a name."),
    ({"name": ["a"]}, "It needs a name."),
    ({"name": {"a": 1}}, "It needs a name."),
    ({"command": None}, "It has nothing to run."),
    ({"command": "echo hi"}, '"echo hi" is not a list of words.'),
    ({"cron": None}, "It needs one of cron, schedule, at; it has none."),
    ({"at": "2099-01-01T08:00Z"}, "It needs one of cron, schedule, at; it has cron and at."),
    ({"cron": None, "schedule": "sometimes"}, '"sometimes"'),
    ({"cron": None, "schedule": 5}, "5 is no text."),
    ({"cron": None, "schedule": "in 10 minutes"}, "is another instant whenever it is read."),
    (
        {
            "cron": None,
            "schedule": "hourly",
            "every": {"count": 2, "unit": "day", "anchor": "2026-11-23"},
        },
        "every: It belongs to cron.",
    ),
    ({"timezone": "Mars/Olympus"}, '"Mars/Olympus" is not an IANA time zone.'),
    ({"path": "tasks/a"}, "path says that ./run.sh runs there, and command says another."),
    ({"args": ["x"], "command": None, "steps": [{"command": ["x"]}]}, "and steps says another."),
    ({"command": None, "path": 7}, "It needs the path of a folder."),
    ({"command": None, "path": ".", "args": "x"}, '"x" is not a list.'),
    ({"command": None, "path": "nowhere"}, "There is no "),
    ({"after": ["nobody"]}, 'after: "nobody" is no task of the file or of the home.'),
    ({"after": ["a"]}, "is this task itself"),
    ({"tool": "files:read", "command": None}, 'There is no MCP server "files".'),
    ({"retries": {"attempts": 99}}, "99 is not a count of 1 to 10"),
]


@pytest.mark.parametrize(("values", "complaint"), REFUSED, ids=[row[1][:30] for row in REFUSED])
def test_a_task_that_cannot_be_is_refused_with_its_line(
    files: Files, values: dict[str, object], complaint: str
) -> None:
    said = files.apply(one(**values))
    assert said.code == 2, said
    assert complaint in said.err
    assert re.search(r"ncp.yaml:[39], ", said.err)  # of JSON the lines of objects are known
    assert files.tasks == {}


def test_a_tool_is_asked_about_when_its_task_becomes_active(files: Files) -> None:
    resting = {"tool": "files:read", "command": None, "enabled": False}
    assert files.apply(one(**resting)).code == 0
    assert files.apply(one(**resting)).code == 0
    said = files.apply(one(**resting | {"enabled": True}))
    assert said.code == 2
    assert 'There is no MCP server "files".' in said.err
    assert files.tasks["a"]["status"] == "paused"


def test_what_waits_in_a_circle_is_refused_and_what_does_not_comes(files: Files) -> None:
    tasks = [
        {"name": "a", "command": ["true"], "cron": "0 9 * * *", "after": ["b"]},
        {"name": "b", "command": ["true"], "cron": "0 9 * * *", "after": ["a"]},
        {"name": "c", "command": ["true"], "cron": "0 9 * * *"},
        {"name": "c", "command": ["false"], "cron": "0 9 * * *"},
    ]
    said = files.apply(json.dumps({"tasks": tasks}))
    assert said.code == 2
    assert "Tasks wait for each other" in said.err
    assert '"c" is the name of the task at ' in said.err
    assert set(files.tasks) == {"c"}


WHOLE = [
    ("[]", "is not an object of keys and values", "tasks: ["),
    ("hello", "is not an object of keys and values", "tasks: ["),
    ("jobs: []\n", '"jobs" is not a key of this file.', "Known: "),
    ("task: []\n", '"task" is not a key of this file.', "Did you mean tasks?"),
    ("scheduler: {}\n", "It has no list of tasks.", "tasks: ["),
    ("tasks: {}\n", "{} is no list of tasks.", "tasks: ["),
    ("scheduler: 5\ntasks: []\n", "5 is not an object", "tasks: ["),
    ("scheduler: {timezone: x}\ntasks: []\n", '"timezone" is not a key', "Known: log_file"),
    ("scheduler: {default_timeout: -1}\ntasks: []\n", "-1 is not a number of seconds", "300"),
    ("tasks: [\n", "Not valid YAML", "by hand"),
    ("tasks: []\ntasks: []\n", 'The key "tasks" comes twice.', "by hand"),
    ("tasks: &a [*a]\n", "Its aliases make it too large", "by hand"),
    ('{"tasks": [], "tasks": []}', 'The key "tasks" comes twice.', "by hand"),
    ("", "It is empty.", "Name the file"),
    ("a\0b", "holds the byte 0", "Name a crontab"),
    ("# " + "x" * 50 * 1024**2, "more than 16 MB", "Name the right file"),
]


@pytest.mark.parametrize("command", ["apply", "import"])
@pytest.mark.parametrize(("text", "what", "advice"), WHOLE, ids=[row[1][:30] for row in WHOLE])
def test_a_file_that_is_none_is_refused_in_three_parts_and_nothing_is_written(
    ncp: Ncp, text: str, what: str, advice: str, command: str
) -> None:
    file = ncp.user_home / "ncp.yaml"
    file.write_text(text)
    said = ncp("schedule", command, str(file))
    assert (said.code, said.out) == (2, "")
    error, next_step = said.err.splitlines()[:2]
    assert error.startswith(f"Error: {file}")
    assert what in error
    assert advice in next_step
    assert [path.name for path in ncp.home.iterdir()] == ["config.toml"]


def test_a_folder_and_a_missing_file_are_refused(ncp: Ncp, tmp_path: Path) -> None:
    for path, what in ((tmp_path, "It is a folder."), (tmp_path / "no", "It cannot be read: No")):
        said = ncp("schedule", "apply", str(path))
        assert said.code == 2
        assert what in said.err


def test_a_command_of_a_shell_steps_and_hooks_may_be_one_text(files: Files) -> None:
    files.apply(
        "x-mail: &mail {command: logger gone, shell: true}\n"
        "tasks:\n"
        "  - name: a\n"
        "    cron: '@daily'\n"
        "    umask: 027\n"
        "    environment: {PORT: 8080, DEBUG: yes, EMPTY: }\n"
        "    steps: [{command: 'date | cat', shell: true}, {command: [sleep, 1]}]\n"
        "    onFailure: *mail\n"
        "    onSuccess:\n"
    )
    task = files.tasks["a"]
    assert task["steps"] == [
        {"command": ["date | cat"], "shell": True},
        {"command": ["sleep", "1"]},
    ]
    assert task["onFailure"] == {"command": ["logger gone"], "shell": True}
    assert task["environment"] == {"PORT": "8080", "DEBUG": "yes", "EMPTY": ""}
    assert task["umask"] == "027"
    assert "onSuccess" not in task

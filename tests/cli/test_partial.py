"""Some of it refused is one exit code everywhere; and a target that is chosen is said."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from cli.crontab import Crontab
from ncp.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp

GOOD = "0 9 * * * /usr/bin/backup\n"
BAD = "0 10 * * * /usr/bin/other\n61 * * * * x\n"
YAML = "tasks:\n- {name: a, schedule: daily at 9am, command: [x]}\n"


def write(ncp: Ncp, name: str, text: str) -> str:
    file = ncp.user_home / name
    file.write_text(text)
    return str(file)


@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["done", "dry"])
@pytest.mark.parametrize(
    ("command", "good", "bad"),
    [
        (("import", "--format", "crontab"), GOOD, BAD),
        (("apply",), YAML, f"{YAML}- {{name: b, schedule: blue moon, command: [x]}}\n"),
    ],
    ids=["import", "apply"],
)
def test_some_refused_is_exit_code_2_and_partial(
    ncp: Ncp, command: tuple[str, ...], good: str, bad: str, dry: tuple[str, ...]
) -> None:
    for name, text, code in (("bad", bad, 2), ("good", good, 0)):
        file = write(ncp, name, text)
        assert ncp("schedule", *command, file, *dry).code == code
        said = ncp("schedule", *command, file, *dry, "--json")
        assert (said.code, json.loads(said.out)["partial"]) == (code, code == 2)


def test_servers_that_cannot_be_taken_are_exit_code_2_and_the_others_come(ncp: Ncp) -> None:
    servers = {"good": {"command": "cat"}, "bad": {"command": 5}}
    file = write(ncp, "mcp.json", json.dumps({"mcpServers": servers}))
    said = ncp("mcp", "import", "--file", file, "--yes", "--json")
    tree = json.loads(said.out)
    assert (said.code, tree["partial"], tree["taken"]) == (2, True, ["good"])
    del servers["bad"]
    write(ncp, "mcp.json", json.dumps({"mcpServers": servers}))
    assert ncp("mcp", "import", "--file", file, "--yes", "--json").json["partial"] is False


@pytest.fixture
def fresh(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> Ncp:
    """A home that has no target yet, on a machine with a crontab."""
    (ncp.home / "config.toml").unlink()
    Crontab(ncp, monkeypatch)
    (ncp.home / "config.toml").unlink(missing_ok=True)
    return ncp


def commands(ncp: Ncp, tmp_path: Path) -> dict[str, tuple[str, ...]]:
    old = tmp_path / "old"
    old.mkdir(exist_ok=True)
    (old / "jobs.json").write_text('{"version": "1.0.0", "jobs": {}}')
    return {
        "import": ("import", "--format", "crontab", write(ncp, "table", GOOD)),
        "apply": ("apply", write(ncp, "tasks.yaml", YAML)),
        "migrate": ("migrate", str(old)),
    }


@pytest.mark.parametrize("command", ["import", "apply", "migrate"])
def test_a_target_that_is_chosen_is_said_once(fresh: Ncp, tmp_path: Path, command: str) -> None:
    argv = commands(fresh, tmp_path)[command]
    said = fresh("schedule", *argv)
    assert said.code == 0, said.err
    recorded = (fresh.home / "config.toml").read_text()
    (line,) = [line for line in said.err.splitlines() if line.startswith("Target: ")]
    assert f'"{line.split()[1]}"' in recorded
    assert "Target: " not in fresh("schedule", *argv).err


@pytest.mark.parametrize("command", ["import", "apply", "migrate"])
def test_a_target_can_be_named(fresh: Ncp, tmp_path: Path, command: str) -> None:
    argv = (*commands(fresh, tmp_path)[command], "--target", "embedded")
    said = fresh("schedule", *argv)
    assert (said.code, "Target: embedded (asked for)." in said.err) == (0, True), said.err
    assert 'target = "embedded"' in (fresh.home / "config.toml").read_text()
    assert fresh("schedule", *argv).code == 0
    for dry in ((), ("--dry-run",)):
        other = fresh("schedule", *argv[:-1], "cron", *dry)
        assert other.code == 2
        assert "ncp schedule sync --target cron" in other.err


def test_several_statuses_all_count(ncp: Ncp) -> None:
    ncp.create("hourly", "true", name="good")
    ncp.create("hourly", "false", name="bad")
    ncp.create("hourly", "sleep", "9", name="slow", timeout="0.2")
    for name in ("good", "bad", "slow"):
        ncp("schedule", "run", name)
    ncp("schedule", "list", "--json")

    def ran(*statuses: str) -> list[str]:
        argv = [piece for status in statuses for piece in ("--status", status)]
        found = ncp("schedule", "executions", *argv, "--json").json["executions"]
        return [one["taskName"] for one in found]

    assert ran("failure", "timeout") == ran("timeout", "failure") == ["slow", "bad"]
    assert ran("failure") == ["bad"]
    assert ran() == ["slow", "bad", "good"]
    assert ncp("schedule", "executions", "--status", "failure", "--status", "odd").code == 2
    ncp("schedule", "pause", "bad")
    argv = ("schedule", "list", "--status", "paused", "--status", "active", "--json")
    assert len(ncp(*argv).json["tasks"]) == 3
    assert len(ncp(*argv[:4], "--json").json["tasks"]) == 1


def test_deleting_an_imported_task_says_how_cron_runs_its_line_again(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    crontab = Crontab(ncp, monkeypatch)
    theirs = "# mine\n0 9 * * * echo a/b\n30 9 * * * echo c\n"
    crontab.table.write_text(theirs)
    (ncp.home / "config.toml").write_text('target = "embedded"\n')
    ncp("schedule", "import", "--from-crontab", "--disable-imported")
    assert crontab.text.count("#ncp# ") == 2
    ids = [task["id"] for task in ncp("schedule", "list", "--json").json["tasks"]]
    notes = ncp("schedule", "delete", *ids, "-y").err
    assert notes.count("stays commented out") == 2
    for line in notes.splitlines():
        if "crontab -l" in line:
            undo = line.partition("run it again: ")[2]
            subprocess.run(["/bin/sh", "-c", undo], check=True)
    assert crontab.text == theirs


def test_deleting_a_task_of_another_crontab_says_where_to_look(ncp: Ncp) -> None:
    ncp("schedule", "import", "--format", "crontab", write(ncp, "table", GOOD))
    (task,) = ncp("schedule", "list", "--json").json["tasks"]
    said = ncp("schedule", "delete", task["id"], "-y")
    assert f"Imported into ncp as task {task['id']}" in said.err
    ncp.create("hourly", name="own")
    assert "crontab" not in ncp("schedule", "delete", "own", "-y").err


@pytest.mark.parametrize("status", ["error", "completed"])
def test_a_change_of_a_migrated_job_does_not_start_it_without_its_server(
    ncp: Ncp, status: str
) -> None:
    task = ncp.create("daily at 9am", name="job")
    document = ncp.home / "schedule.json"
    tree = json.loads(document.read_text())
    job = tree["tasks"][task["id"]]
    job |= {"command": [], "tool": "mail:send", "status": status, "fireOnce": status != "error"}
    if status == "error":
        job |= {"errorMessage": "cronExpression: bad", "original": '{"status": "active"}'}
    document.write_text(json.dumps(tree))
    assert ncp("schedule", "sync").code == 0
    said = ncp("schedule", "update", "job", "--schedule", "daily at 10am")
    assert said.code == 0, said.err
    assert 'The server "mail" is not in mcp.json' in said.err
    found = ncp("schedule", "get", "job", "--json").json
    assert (found["status"], found["timingId"]) == ("paused", "daily-10am")
    assert f"ncp schedule resume {task['id']}" in found["errorMessage"]
    ncp("mcp", "add", "mail", "--", "cat")
    assert ncp("schedule", "resume", task["id"]).code == 0
    assert main(["schedule", "get", "job"]) == 0


@pytest.fixture
def waiting(ncp: Ncp) -> str:
    """A task that calls a tool of a server that nobody has added; all tasks are paused."""
    task_id = str(ncp.create("daily at 9am", name="job")["id"])
    ncp.create("daily at 9am", name="plain")
    document = ncp.home / "schedule.json"
    tree = json.loads(document.read_text())
    tree["tasks"][task_id] |= {"command": [], "tool": "mail:send"}
    document.write_text(json.dumps(tree))
    assert ncp("schedule", "pause", "--all").code == 0
    return task_id


def states(ncp: Ncp) -> dict[str, str]:
    tasks = ncp("schedule", "list", "--json").json["tasks"]
    return {task["name"]: task["status"] for task in tasks}


def test_a_tool_task_is_not_resumed_without_its_server(ncp: Ncp, waiting: str) -> None:
    said = ncp("schedule", "resume", "job")
    assert (said.code, "ncp mcp add mail" in said.err) == (3, True), said.err
    assert states(ncp) == {"job": "paused", "plain": "paused"}
    ncp("mcp", "add", "mail", "--", "cat")
    assert ncp("schedule", "resume", waiting).code == 0
    assert states(ncp) == {"job": "active", "plain": "paused"}


def test_a_resume_of_all_leaves_out_a_tool_task_without_its_server(ncp: Ncp, waiting: str) -> None:
    said = ncp("schedule", "resume", "--all")
    assert said.code == 0, said.err
    assert 'The server "mail" is not in mcp.json' in said.err
    assert f"ncp schedule resume {waiting}" in said.err
    assert "Paused before all" not in said.err
    assert states(ncp) == {"job": "paused", "plain": "active"}

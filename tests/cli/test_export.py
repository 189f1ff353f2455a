"""`ncp schedule export`: what comes out goes in again."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest

from ncp import document
from ncp.api.exporting import lines
from ncp.importing.crontab import percent
from ncp.intake.opening import Opened
from ncp.model import Task
from ncp.taskfile import trees

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp

HARD = 'it\'s "so": #1 [x] {y} & *z | %d \\ ü\u2028\x7f\ttab\nline'
ALWAYS_OTHER = {"created_at", "active_since", "origin"}
"""What a task of another home cannot have in common with this one."""


@pytest.fixture
def full(ncp: Ncp) -> Ncp:
    """A home with tasks that use everything."""
    ncp.create("weekdays at 9am", "echo", "a b", name="plain")
    ncp("schedule", "create", "weekdays at 9am", "--name", "waits", "--after", "plain:any",
        "--retries", "3", "--retry-delay", "1.5", "--limit-memory", "512", "--nice", "5",
        "--active-hours", "mon-fri 09:00-17:00", "--priority", "low", "--overlap", "queue",
        "--env", "KEY=file:~/.key", "--env", f"HARD={HARD}", "--umask", "077", "--stdin", HARD,
        "--on-failure", "logger $NCP_REASON", "--description", HARD, "--timeout", "0",
        "--no-catchup-missed", "--", "cat", HARD, "", "08", "yes", "null", "~")  # fmt: skip
    ncp("schedule", "create", "every other monday at 9am", "--timezone", "Asia/Tokyo",
        "--name", HARD.replace("\n", " ").replace("\t", " "),
        "--step", "one: echo 100%", "--step", "date")  # fmt: skip
    ncp("schedule", "create", "2099-01-01T08:00Z", "--name", "once", "--", "true")
    ncp("schedule", "create", "last day of the month at noon", "--shell", "--jitter", "60",
        "--max-executions", "5", "--end-date", "2099-01-01T00:00:00Z", "--name", "resting",
        "--", "echo $HOME; exit 3")  # fmt: skip
    ncp("schedule", "pause", "resting")
    assert len(model(ncp).tasks) == 5
    return ncp


def model(ncp: Ncp) -> Any:
    return document.parse((ncp.home / "schedule.json").read_bytes()).schedule


def emptied(ncp: Ncp) -> None:
    """Put an empty home in the place of the one that is there."""
    for path in ncp.home.iterdir():
        if path.name != "config.toml":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def by_name(ncp: Ncp) -> dict[str, Any]:
    """What each task is, apart from what a new one has of its own; ids are names."""
    tasks = model(ncp).tasks
    names = {key: task.name for key, task in tasks.items()}
    plain = {f.name: f.default for f in fields(Task) if f.name in ALWAYS_OTHER}
    return {
        task.name: replace(
            task,
            id=task.name,
            after=tuple(replace(one, task=names[one.task]) for one in task.after),
            **plain,
        )
        for task in tasks.values()
    }


@pytest.mark.parametrize(
    ("kind", "command"), [("yaml", "apply"), ("yaml", "import"), ("ncp", "import")]
)
def test_what_is_exported_makes_the_same_home_elsewhere(full: Ncp, kind: str, command: str) -> None:
    before, timings = by_name(full), model(full).timings
    file = full.user_home / f"export.{kind}"
    assert full("schedule", "export", "--format", kind, "-o", str(file)).code == 0
    emptied(full)
    said = full("schedule", command, str(file))
    assert said.code == 0, said
    assert by_name(full) == before
    assert {t.id: t.recurrence for t in model(full).timings.values()} == {
        t.id: t.recurrence for t in timings.values()
    }
    assert "0 to add, 0 to change, 0 to remove" in full("schedule", "plan").err
    said = full("schedule", command, str(file))
    assert "5 already there" in said.err or "Nothing to change" in said.err
    assert by_name(full) == before


def test_the_whole_export_has_statistics_and_can_be_the_schedule(full: Ncp) -> None:
    full("schedule", "run", "plain")
    said = full("schedule", "export")
    tree = json.loads(said.out)
    task = next(one for one in tree["tasks"].values() if one["name"] == "plain")
    assert (tree["version"], task["executionCount"], task["lastStatus"]) == ("2.0.0", 1, "success")
    assert (task["cronExpression"], task["id"] in tree["tasks"]) == ("0 9 * * 1-5", True)
    timing = tree["timings"]["weekdays-9am"]
    assert timing["lastExecutionAt"] == task["lastExecutionAt"] is not None
    assert timing["nextExecutionAt"] == task["nextExecutionAt"]
    before = model(full)
    emptied(full)
    (full.home / "schedule.json").write_text(said.out)
    assert full("schedule", "sync").code == 0
    assert model(full) == before


def test_secrets_stay_references_and_what_is_none_is_named(full: Ncp) -> None:
    (full.user_home / ".key").write_text("hunter2")
    full("schedule", "update", "plain", "--env", "API_TOKEN=abc")
    for kind in ("ncp", "yaml", "crontab"):
        said = full("schedule", "export", "--format", kind)
        assert "hunter2" not in said.out
        assert 'API_TOKEN of "plain" is in plain text.' in said.err
        assert "--env API_TOKEN=file:~/.api_token" in said.err


def test_what_was_captured_beyond_the_usual_is_left_out(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ncp.home / "config.toml").write_text(
        'target = "embedded"\ncapture_environment = ["PATH", "SESSION"]\n'
    )
    monkeypatch.setenv("SESSION", "s3cret")
    ncp.create("every day at noon")
    said = ncp("schedule", "export")
    assert "s3cret" in (ncp.home / "schedule.json").read_text()
    assert "s3cret" not in said.out
    assert "What was captured of SESSION is left out: it may be a secret." in said.err
    assert '"PATH"' in said.out


def test_tasks_of_one_name_get_names_of_their_own_in_yaml(ncp: Ncp) -> None:
    ncp.create("every day at noon", name="a")
    second = ncp.create("every day at noon", name="a")
    said = ncp("schedule", "export", "--format", "yaml")
    assert f'"a ({second["id"][:8]})"' in said.out
    assert 'Another task is called "a" too' in said.err


def test_a_past_instant_is_a_remark_in_yaml(ncp: Ncp) -> None:
    ncp.create("2099-01-01T08:00Z", name="once")
    file = ncp.home / "schedule.json"
    file.write_text(file.read_text().replace("2099-", "2020-"))
    said = ncp("schedule", "export", "--format", "yaml")
    assert said.out.endswith("tasks: []\n  # once is left out: its instant is past.\n")
    assert '"once" is left out: its instant is past.' in said.err


def test_a_task_that_waits_to_be_mended_is_whole_in_ncps_form_and_a_remark_elsewhere(
    ncp: Ncp,
) -> None:
    task = {
        "name": "t",
        "timingId": "never",
        "original": "61 *",
        "status": "error",
        "mine": 1,
        "errorMessage": "bad",
    }
    tree = {"tasks": {"t": task}, "timings": {"never": {"never": True}}}
    (ncp.home / "schedule.json").write_text(json.dumps(tree))
    found = ncp("schedule", "export").json["tasks"]["t"]
    assert (found["original"], found["mine"], found["executionCount"]) == ("61 *", 1, 0)
    assert "t is left out: it waits to be mended." in (
        ncp("schedule", "export", "--format", "yaml").out
    )
    assert "is left out: it is error." in ncp("schedule", "export", "--format", "crontab").out


def test_an_empty_home_is_an_empty_file(ncp: Ncp) -> None:
    assert ncp("schedule", "export", "--format", "yaml").out.endswith("\ntasks: []\n")
    assert ncp("schedule", "export").json == {"version": "2.0.0", "tasks": {}, "timings": {}}


def test_a_crontab_says_what_cron_can_and_names_the_rest(full: Ncp) -> None:
    said = full("schedule", "export", "--format", "crontab")
    text = said.out.split("\n\n", 1)[1]
    assert re.search(r"^PATH=.*\n\n# plain\n0 9 ", text, re.MULTILINE)
    assert f"0 9 * * 1-5 cd {full.user_home} && echo 'a b'\n" in text
    for name, reason in (
        ("waits", "cron looks up no secrets"),
        ("once", "cron knows no single instants"),
        ("resting", "it is paused"),
    ):
        assert f"# {name}\n# is left out: {reason}.\n" in text
        assert f'"{name}" is left out: {reason}.' in said.err
    assert "cron knows no intervals" in text


CRON: list[tuple[list[str], str, str]] = [
    (["--env", "A=x y", "--", "sh", "-c", 'echo "$A"'], "x y\n", ""),
    (["--shell", "--", "echo 100% | tr 1 2; echo '%d'"], "200%\n%d\n", ""),
    (["--stdin", "50%\ntwo\n", "--", "cat"], "50%\ntwo\n", ""),
    (["--step", "echo one", "--step", "echo two"], "one\ntwo\n", ""),
    (["--", "printf", "%s\\n", "a\\\\b", "\\%"], "a\\\\b\n\\%\n", ""),
    (["--umask", "077", "--shell", "--", "umask"], "0077\n", ""),
    (["--retries", "2", "--", "echo", "hi"], "hi\n", '"t" runs without its retries.'),
]


@pytest.mark.parametrize(("words", "printed", "warning"), CRON)
def test_a_line_of_the_crontab_does_what_the_task_does(
    ncp: Ncp, words: list[str], printed: str, warning: str
) -> None:
    ncp("schedule", "create", "every day at noon", "--name", "t", *words)
    said = ncp("schedule", "export", "--format", "crontab")
    line = said.out.splitlines()[-1]
    assert line.startswith("0 12 * * * ")
    command, given = percent.split(line.removeprefix("0 12 * * * "))
    done = subprocess.run(["/bin/sh", "-c", command], input=given or "", text=True,
                          capture_output=True, check=False)  # fmt: skip
    assert (done.stdout, done.stderr) == (printed, "")
    assert warning in said.err


LEFT_OUT = [
    (["--env", "A-B=1"], "a shell knows no variable of such a name"),
    (["--env", "A=1\n2"], "a line of a crontab holds no line breaks"),
    (["--env", "A=" + "x" * 1000], "more than 998 bytes"),
    (["--timezone", "Asia/Tokyo"], "cron knows no zone Asia/Tokyo"),
    (["--fire-once"], "cron has no fireOnce"),
    (["--active-hours", "09:00-17:00"], "cron has no activeHours"),
]


@pytest.mark.parametrize(("words", "reason"), LEFT_OUT)
def test_what_cron_would_do_wrong_is_left_out(ncp: Ncp, words: list[str], reason: str) -> None:
    ncp("schedule", "create", "every day at noon", "--name", "t", *words, "--", "true")
    said = ncp("schedule", "export", "--format", "crontab")
    assert reason in said.out.splitlines()[-1]
    assert reason in said.err


def test_l_and_nth_weekdays_are_not_for_cron(ncp: Ncp) -> None:
    ncp.create("0 12 L * *", name="t")
    assert "cron has no L and no #" in ncp("schedule", "export", "--format", "crontab").out


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("systemd", {"daily-9am.timer", "hourly.timer", ".service"}),
        ("cron", {"daily-9am.crontab", "hourly.crontab"}),
        ("launchd", {"daily-9am.plist", "hourly.plist"}),
        ("schtasks", {"daily-9am", "hourly"}),
    ],
)
def test_the_artifacts_of_any_target_are_a_folder(
    ncp: Ncp, tmp_path: Path, target: str, names: set[str]
) -> None:
    ncp.create("every day at 9am")
    ncp.create("hourly")
    folder = tmp_path / "out"
    assert ncp("schedule", "export", "--format", target, "--output", str(folder)).code == 0
    found = [path.name for path in folder.iterdir()]
    assert len(found) == len(names)
    assert all(any(name in one for one in found) for name in names), found
    assert all(path.read_bytes() for path in folder.iterdir())


def test_a_target_needs_a_folder_and_a_format_a_name_that_is_known(ncp: Ncp) -> None:
    said = ncp("schedule", "export", "--format", "systemd")
    assert (said.code, said.out) == (2, "")
    assert "Write: ncp schedule export --format systemd --output DIR" in said.err
    said = ncp("schedule", "export", "--format", "xml")
    assert (said.code, said.out) == (2, "")
    assert "Write one of: ncp, yaml, crontab, systemd" in said.err


def test_artifacts_do_not_go_into_a_file(ncp: Ncp, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    said = ncp("schedule", "export", "--format", "cron", "-o", str(file))
    assert said.code == 2
    assert "Name a folder" in said.err
    assert file.read_text() == "mine"


def test_a_folder_that_is_there_gets_the_file(ncp: Ncp, tmp_path: Path) -> None:
    said = ncp("schedule", "export", "--format", "yaml", "-o", str(tmp_path))
    assert f"Written: {tmp_path / 'schedule.yaml'}" in said.err
    assert (tmp_path / "schedule.yaml").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", [HARD, "yes", "08", "", "-", "a: b", "~", "0x1", "é", "\ud83d"])
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    written = "\n".join(lines.task({"name": text, "list": [text] * 30, "object": {"k": text}}))
    tree = trees.parse(Opened("f", "/f", f"tasks:\n{written}\n".encode()))
    assert tree.value["tasks"] == [{"name": text, "list": [text] * 30, "object": {"k": text}}]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("\n", "%%"),
        ("one\n", "%one"),
        ("one\ntwo\n", "%one%two"),
        ("one\n\n", "%one%%"),
        ("\nlast\n\n", "%%last%%"),
        ("50%\n", "%50\\%"),
    ],
)
def test_no_line_of_an_input_is_lost_in_a_crontab(ncp: Ncp, text: str, written: str) -> None:
    """What cron makes of each was measured (tests/importing/test_crontab.py)."""
    ncp.create("0 5 * * *", name="t", stdin=text)
    out = ncp("schedule", "export", "--format", "crontab").out
    (line,) = (line for line in out.splitlines() if line.startswith("0 5 "))
    assert line.endswith(written)
    assert line.removesuffix(written)[-1:] not in {"%", "\\"}

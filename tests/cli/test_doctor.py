from __future__ import annotations

import json
import os
import shlex
import signal
import sqlite3
import sys
from typing import TYPE_CHECKING, Any

import pytest

from cli.crontab import Crontab
from ledgers import wait_for
from ncp.process.identity import start_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.conftest import Ncp, Said

linux = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")


def findings(said: Said) -> dict[str, dict[str, Any]]:
    return {one["subject"]: one for one in json.loads(said.out)["findings"]}


def test_a_healthy_home_has_no_error(ncp: Ncp) -> None:
    ncp.create("every minute", "true")
    said = ncp("doctor", "--json")
    found = findings(said)
    assert said.code == 0
    assert list(found) == [
        *("interpreter", "home", "config.toml", "schedule.json", "ledger", "launcher", "clock"),
        *("zone", "target", "daemon", "entries", "every-minute"),
    ]
    assert {one["subject"] for one in found.values() if one["level"] != "ok"} == {"daemon"}
    assert "ncp-scheduler" in found["launcher"]["message"]


def test_people_see_a_line_for_each_and_how_to_mend_it(ncp: Ncp) -> None:
    lines = ncp("doctor").out.splitlines()
    assert lines[0].startswith("ok      interpreter: Python 3.")
    where = next(i for i, line in enumerate(lines) if line.startswith("warning daemon: "))
    assert lines[where + 1] == "        To mend it: ncp daemon run"


def test_doctor_makes_nothing(ncp: Ncp) -> None:
    (ncp.home / "config.toml").unlink()
    ncp.home.rmdir()
    said = ncp("doctor")
    assert said.code == 0
    assert "is not there yet; the first change makes it" in said.out
    assert not ncp.home.exists()


def test_a_home_that_others_may_write_is_an_error_with_the_chmod(ncp: Ncp) -> None:
    ncp.create("hourly")
    ncp.home.chmod(0o777)
    said = ncp("doctor", "--json")
    home = findings(said)["home"]
    assert (said.code, home["level"]) == (1, "error")
    assert home["mend"] == f"chmod go-w '{ncp.home}'"


def test_a_broken_document_does_not_hide_the_rest(ncp: Ncp) -> None:
    ncp.create("hourly")
    (ncp.home / "schedule.json").write_text('{"tasks": {')
    said = ncp("doctor", "--json")
    found = findings(said)
    assert said.code == 1
    assert found["schedule.json"]["level"] == "error"
    assert str(ncp.home / "schedule.json") in found["schedule.json"]["message"]
    assert (found["clock"]["level"], found["daemon"]["level"]) == ("ok", "warning")


def test_what_stops_several_checks_is_said_once(ncp: Ncp) -> None:
    ncp.create("hourly")
    with sqlite3.connect(ncp.home / "state.db") as book:
        book.execute("UPDATE meta SET value = 'another' WHERE key = 'machine'")
    book.close()
    said = ncp("doctor", "--json")
    errors = [one for one in findings(said).values() if one["level"] == "error"]
    assert (said.code, [one["subject"] for one in errors]) == (1, ["ledger"])
    assert "Another machine used this home last" in errors[0]["message"]


def test_a_setting_that_is_none_is_named(ncp: Ncp) -> None:
    (ncp.home / "config.toml").write_text('tagret = "cron"\n')
    found = findings(ncp("doctor", "--json"))
    assert '"tagret" is not a setting.' in found["config.toml"]["message"]


def test_a_launcher_that_is_gone_or_does_not_run_is_an_error(ncp: Ncp) -> None:
    ncp.create("hourly")
    launcher = ncp.home / "bin" / "ncp"
    text = launcher.read_text()
    launcher.unlink()
    gone = findings(ncp("doctor", "--json"))["launcher"]
    assert (gone["level"], gone["mend"]) == ("error", "ncp schedule sync")
    launcher.write_text("echo nothing here >&2; exit 7\n")
    broken = findings(ncp("doctor", "--json"))["launcher"]
    assert "it answers 7: nothing here" in broken["message"]
    ncp("schedule", "sync")
    assert launcher.read_text() == text


def test_programs_and_folders_that_are_gone_are_named(ncp: Ncp) -> None:
    folder = ncp.user_home / "work"
    folder.mkdir()
    ncp.create("hourly", "./gone.sh", name="a")
    ncp.create("hourly", "no-such-program-anywhere", name="b")
    ncp.create("hourly", "true", name="c", directory=str(folder))
    ncp.create("hourly", "no-such-program-anywhere", name="d")
    ncp.create("hourly", "true", name="e")
    ncp("schedule", "create", "hourly", "--shell", "--name", "f", "--", "gone | gone")
    ncp("schedule", "pause", "d")
    folder.rmdir()
    said = ncp("doctor", "--json")
    found = findings(said)
    assert said.code == 0
    assert {name for name in "abcdef" if name in found} == {"a", "b", "c"}
    assert 'The program "./gone.sh"' in found["a"]["message"]
    assert f'The folder "{folder}"' in found["c"]["message"]
    assert found["a"]["mend"].startswith("ncp schedule update ")
    assert found["a"]["mend"].endswith(" -- ./gone.sh")
    assert found["c"]["mend"] == f"mkdir -p {folder}"


def moved_program(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Move the program `tool`, which tasks run by its path, to a folder on PATH."""
    (ncp.user_home / "tool").rename(ncp.user_home / "on path/tool")
    monkeypatch.setenv("PATH", f"{ncp.user_home}/on path:{os.environ['PATH']}")


@pytest.mark.parametrize("part", ["command", "step", "hook"])
def test_the_line_that_mends_a_missing_program_works_when_it_is_pasted(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    tool = ncp.user_home / "tool"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    (ncp.user_home / "on path").mkdir()
    task_id = ncp.create("hourly", str(tool), "an argument", name="a")["id"]
    if part != "command":
        tree = json.loads((ncp.home / "schedule.json").read_text())
        task, command = tree["tasks"][task_id], [str(tool), "an argument"]
        if part == "step":
            del task["command"]
            task["steps"] = [{"name": "first", "command": ["true"]}, {"command": command}]
        else:
            task.update(command=["true"], onFailure={"command": command})
        (ncp.home / "schedule.json").write_text(json.dumps(tree))
    moved_program(ncp, monkeypatch)
    mend = findings(ncp("doctor", "--json"))["a"]["mend"]
    assert mend.startswith(f"ncp schedule update {task_id} ")
    assert ncp(*shlex.split(mend)[1:]).code == 0
    assert "a" not in findings(ncp("doctor", "--json"))
    assert "an argument" in (ncp.home / "schedule.json").read_text()


def test_entries_that_are_not_as_wanted_are_the_schedulers_trouble(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    crontab = Crontab(ncp, monkeypatch)
    for schedule in ("hourly", "0 9 * * *", "0 0 1 * *", "*/5 * * * *", "*/7 * * * *"):
        ncp.create(schedule)
    whole = crontab.text
    crontab.table.unlink()
    said = ncp("doctor", "--json")
    assert said.code == 4
    message = findings(said)["entries"]["message"]
    assert message.endswith(" and 2 more are missing.")
    crontab.table.write_text(whole.replace("0 9 * * * /bin", "0 8 * * * /bin"))
    edited = findings(ncp("doctor", "--json"))["entries"]
    assert edited["message"] == "daily-9am is not as wanted."
    crontab.table.write_text(whole.replace("# <<<", "1 2 * * * /bin/true\n# <<<"))
    stray = findings(ncp("doctor", "--json"))["entries"]
    assert (stray["level"], "is not wanted." in stray["message"]) == ("warning", True)
    ncp("schedule", "sync")
    assert findings(ncp("doctor", "--json"))["entries"]["message"] == "All 5 are as wanted."


def test_a_scheduler_that_refuses_is_quoted(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    crontab = Crontab(ncp, monkeypatch)
    ncp.create("hourly")
    crontab.refuse()
    said = ncp("doctor")
    assert said.code == 4
    assert "you are not allowed to use this program" in said.out


def test_a_file_of_the_predecessor_is_mentioned(ncp: Ncp) -> None:
    (ncp.home / "jobs.json").write_text("{}")
    assert "jobs.json is of an earlier version" in ncp("doctor").out


def test_a_home_that_cannot_be_written_is_an_error(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    home = findings(ncp("doctor", "--json"))["home"]
    assert (home["level"], home["mend"]) == ("error", f"chmod u+rwx '{ncp.home}'")


def test_a_cap_that_is_none_is_an_error_with_what_to_write(ncp: Ncp) -> None:
    (ncp.home / "config.toml").write_text('target = "embedded"\nhome_concurrency = -1\n')
    found = findings(ncp("doctor", "--json"))["config.toml"]
    assert found["level"] == "error"
    assert "home_concurrency: -1 is not a count of tasks, 0 for no limit" in found["message"]
    assert found["mend"] == "Write for example home_concurrency = 8"


class Orphan:
    """A task whose runner was killed: it ignores SIGTERM, and its child has left the group."""

    def __init__(self, ncp: Ncp) -> None:
        script = (
            "trap \"\" TERM; setsid sh -c 'echo $$ > left; exec sleep 300' & echo $$ > leader;"
            " touch ready; while :; do sleep 0.1; done"
        )
        ncp("schedule", "create", "every minute", "--name", "stuck", "--shell", "--", script)
        ncp("schedule", "update", "stuck", "--grace", "0.2")
        self._folder = ncp.user_home
        with ncp.running("schedule", "run", "stuck") as runner:
            wait_for((self._folder / "ready").exists, 25)
            wait_for((self._folder / "left").exists)
            os.kill(runner.pid, signal.SIGKILL)

    def pids(self) -> list[int]:
        return [int((self._folder / name).read_text()) for name in ("leader", "left")]

    def alive(self) -> list[int]:
        return [pid for pid in self.pids() if start_of(pid)]


@pytest.fixture
def orphan(ncp: Ncp) -> Iterator[Orphan]:
    found = Orphan(ncp)
    yield found
    for pid in found.alive():
        os.kill(pid, signal.SIGKILL)


@linux
def test_what_outlived_its_runner_is_reported_and_left_alone(ncp: Ncp, orphan: Orphan) -> None:
    found = findings(ncp("doctor", "--json"))["stuck"]
    assert (found["level"], found["mend"]) == ("warning", "ncp doctor --fix")
    for pid in orphan.pids():
        assert str(pid) in found["message"]
    assert ncp("doctor", "--fix", "--dry-run").out.startswith("would   leftovers: End processes ")
    assert orphan.alive() == orphan.pids()
    (row,) = ncp("schedule", "executions", "--json").json["executions"]
    assert row["status"] == "interrupted"


@linux
def test_fix_ends_the_whole_tree_though_its_row_is_closed(ncp: Ncp, orphan: Orphan) -> None:
    assert ncp("schedule", "executions", "--json").json["executions"][0]["status"] == "interrupted"
    mended = ncp("doctor", "--fix", "--json").json
    assert [one["subject"] for one in mended["mended"]] == ["leftovers"]
    assert "stuck" not in {one["subject"] for one in mended["findings"]}
    wait_for(lambda: orphan.alive() == [])
    assert ncp("doctor", "--fix", "--json").json["mended"] == []


@linux
def test_the_next_firing_ends_it_too(ncp: Ncp, orphan: Orphan) -> None:
    ncp("schedule", "list")
    ncp("schedule", "update", "stuck", "--", "exit 0")
    assert ncp.fire("every-minute").code == 0
    wait_for(lambda: orphan.alive() == [])
    assert "stuck" not in findings(ncp("doctor", "--json"))


def test_fix_says_what_it_did_for_launcher_entries_and_rows(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    crontab = Crontab(ncp, monkeypatch)
    ncp.create("hourly")
    ncp("schedule", "run", "true")
    whole = crontab.text
    crontab.table.unlink()
    (ncp.home / "bin" / "ncp").unlink()
    with sqlite3.connect(ncp.home / "state.db") as book:
        book.execute("UPDATE executions SET status = 'running', pid_start = 'gone'")
    book.close()
    planned = ncp("doctor", "--fix", "--dry-run", "--json")
    assert not (ncp.home / "bin" / "ncp").exists()
    assert not crontab.table.exists()
    done = ncp("doctor", "--fix")
    lines = done.out.splitlines()
    assert lines[0].startswith("done    launcher: Write ")
    assert lines[1] == "done    entries: Sync, because: hourly is missing."
    subjects = [one["subject"] for one in json.loads(planned.out)["mended"]]
    assert subjects == ["executions", "launcher", "entries"]  # rows are closed by whoever looks
    assert crontab.text == whole
    assert (ncp.home / "bin" / "ncp").exists()


def test_what_cannot_be_mended_says_why_and_the_rest_goes_on(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    crontab = Crontab(ncp, monkeypatch)
    ncp.create("hourly")
    crontab.table.unlink()
    (ncp.home / "bin" / "ncp").write_text("exit 7\n")
    crontab.refuse()
    done = ncp("doctor", "--fix")
    assert done.code == 4
    first, second = done.out.splitlines()[:2]
    assert first.startswith("done    launcher: ")
    assert second.startswith("failed  entries: ")
    assert "you are not allowed to use this program" in second


def test_a_dry_run_of_nothing_is_refused(ncp: Ncp) -> None:
    said = ncp("doctor", "--dry-run")
    assert (said.code, "Write: --fix --dry-run" in said.err) == (2, True)


def test_a_misspelt_key_is_found_and_each_change_says_so(ncp: Ncp) -> None:
    made = ncp.create("hourly", name="x")
    file = ncp.home / "schedule.json"
    tree = json.loads(file.read_text())
    tree["tasks"][made["id"]] |= {"limits": {"memory": 5}, "comment": "mine"}
    file.write_text(json.dumps(tree))
    said = f'tasks["{made["id"]}"].limits: "memory" means nothing to ncp; is it "memoryMb"?'
    assert f"Note: {said}" in ncp("schedule", "sync").err
    told = ncp("schedule", "update", "x", "--timeout", "5").err
    assert f"Note: {said}" in told
    assert "comment" not in told
    found = {one["message"]: one["level"] for one in ncp("doctor", "--json").json["findings"]}
    assert found[said] == "warning"
    assert found[f'tasks["{made["id"]}"]: "comment" means nothing to ncp.'] == "ok"


def test_of_many_misspelt_keys_a_change_names_some(ncp: Ncp) -> None:
    made = ncp.create("hourly", name="x")
    file = ncp.home / "schedule.json"
    tree = json.loads(file.read_text())
    tree["tasks"][made["id"]] |= {"Stdin": 1, "Shell": 1, "Umask": 1, "Overlap": 1, "Steps": 1}
    file.write_text(json.dumps(tree))
    told = ncp("schedule", "sync").err
    assert (told.count("means nothing"), "More such keys: 2" in told) == (3, True)

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from cli.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp


def test_output_is_data_and_the_verdict_is_talk(ncp: Ncp) -> None:
    ncp.create("daily", "sh", "-c", "echo good; echo evening >&2", name="x")
    said = ncp("schedule", "run", "x")
    assert said.code == 0
    assert sorted(said.out.splitlines()) == ["evening", "good"]
    assert said.err.startswith('"x" success in ')


def test_a_failed_task_is_exit_code_one_and_its_own_code_is_told(ncp: Ncp) -> None:
    ncp.create("daily", "sh", "-c", "exit 3", name="x")
    said = ncp("schedule", "run", "x")
    assert said.code == 1
    assert '"x" failure' in said.err
    assert "exit code 3" in said.err


def test_a_program_that_is_not_there_says_so(ncp: Ncp) -> None:
    ncp.create("daily", "no-such-program", name="x")
    said = ncp("schedule", "run", "x")
    assert said.code == 1
    assert "no-such-program" in said.err


def test_json_on_stdout_is_not_mixed_with_what_the_task_prints(ncp: Ncp) -> None:
    ncp.create("daily", "echo", "hello", name="x")
    said = ncp("schedule", "run", "x", "--json")
    (one,) = said.json["executions"]
    assert (one["taskName"], one["status"], one["slot"]) == ("x", "success", None)
    assert "hello" in said.err


def test_running_a_timing_runs_its_active_tasks(ncp: Ncp) -> None:
    for name in ("a", "b", "c"):
        ncp.create("daily at 9am", "echo", name, name=name)
    ncp("schedule", "pause", "b")
    said = ncp("schedule", "run", "daily-9am")
    assert sorted(said.out.split()) == ["a", "c"]


def test_a_paused_task_runs_when_it_is_named(ncp: Ncp) -> None:
    ncp.create("daily at 9am", "echo", "here", name="x")
    ncp("schedule", "pause", "x")
    assert ncp("schedule", "run", "x").out == "here\n"
    said = ncp("schedule", "run", "daily-9am")
    assert said.code == 2
    assert "None of its tasks is active" in said.err


def test_running_by_hand_claims_no_slot_and_uses_up_no_execution(ncp: Ncp) -> None:
    ncp.create("every minute", "echo", "fired", name="x", **{"max-executions": "1"})
    ncp("schedule", "run", "x")
    ncp.fire("every-minute")
    ran = ncp("schedule", "executions", "--json").json["executions"]
    assert [one["slot"] is None for one in ran] == [False, True]


def test_a_document_edited_by_hand_is_what_runs(ncp: Ncp) -> None:
    ncp.create("daily", "echo", "before", name="x")
    document = ncp.home / "schedule.json"
    document.write_text(document.read_text().replace('"before"', '"after"'))
    assert ncp("schedule", "run", "x").out == "after\n"


def test_a_task_runs_in_its_folder_and_ncp_stays_in_its_own(ncp: Ncp) -> None:
    ncp.create("daily", "pwd", name="x", directory="/usr")
    ncp.create("daily", "pwd", name="y")
    assert ncp("schedule", "run", "x").out == "/usr\n"
    assert ncp("schedule", "run", "y").out == f"{ncp.user_home}\n"


def test_output_is_shown_while_the_task_runs(ncp: Ncp) -> None:
    ncp.create("daily", "sh", "-c", "echo begun; exec sleep 60", name="x")
    with ncp.running("schedule", "run", "x") as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "begun\n"
        program.send_signal(signal.SIGINT)
        assert program.wait(30) == 130
    (one,) = ncp("schedule", "executions", "--json").json["executions"]
    assert one["status"] == "interrupted"


def test_nothing_to_run_is_not_found(ncp: Ncp) -> None:
    said = ncp("schedule", "run", "nobody")
    assert (said.code, said.out) == (3, "")
    assert "Run: ncp schedule list" in said.err


def test_a_terminal_sees_what_the_task_prints(ncp: Ncp) -> None:
    ncp.create("daily", "echo", "hello", name="x")
    with Terminal(ncp.program("schedule", "run", "x"), ncp.environment) as terminal:
        assert "hello" in terminal.rest()
    assert terminal.code == 0


def test_a_dry_run_shows_exactly_what_a_run_has_and_runs_nothing(ncp: Ncp) -> None:
    ncp.create("daily", "env", name="x", env="A=b c", stdin="in", directory="/usr")
    (planned,) = ncp("schedule", "run", "x", "--dry-run", "--json").json["tasks"]
    assert ncp("schedule", "executions", "--json").json["executions"] == []
    seen = dict(line.split("=", 1) for line in ncp("schedule", "run", "x").out.splitlines())
    assert seen.pop("NCP_EXECUTION_ID")
    assert planned["environment"] == seen
    assert (planned["argv"], planned["workingDirectory"]) == (["env"], "/usr")
    assert planned["program"].endswith("/env")
    assert planned["stdin"] == "in"


def test_a_dry_run_masks_secrets_and_tells_what_is_not_there(ncp: Ncp, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hunter2")
    ncp.create("daily at 9am", "no-such-program", name="x", env=f"KEY=file:{tmp_path}/key")
    words = ("--shell", "--timeout", "0", "--stdin", "in", "--", "a | b")
    ncp("schedule", "create", "daily at 9am", "--name", "y", *words)
    said = ncp("schedule", "run", "daily-9am", "--dry-run")
    assert said.code == 0
    lines = [line.split(None, 1) for line in said.out.splitlines()]
    assert ["Program", "not there now"] in lines
    assert ["KEY", f"******** (file:{tmp_path}/key)"] in lines
    assert "hunter2" not in said.out
    assert ["Runs", "/bin/sh -c 'a | b'"] in lines
    assert {("Reads", "in"), ("Reads", "nothing")} <= {tuple(line) for line in lines}


def test_runs_by_hand_keep_to_the_cap_of_the_home(ncp: Ncp) -> None:
    settings = ncp.home / "config.toml"
    settings.write_text(settings.read_text() + "home_concurrency = 1\n")
    timings = {ncp.create("daily", "sleep", "0.3", name=name)["timingId"] for name in ("a", "b")}
    found = ncp("schedule", "run", *timings, "--json").json["executions"]
    reasons = [one["reason"] for one in found if one["reason"]]
    assert [one["status"] for one in found] == ["success"] * 2
    assert len(reasons) == 1
    assert reasons[0].endswith(" s for a free place")


def test_a_task_run_by_hand_gets_no_open_file_of_the_shell(ncp: Ncp) -> None:
    ncp.create("daily", "ls", "/proc/self/fd", name="x")
    file = os.open("/etc/passwd", os.O_RDONLY)
    os.set_inheritable(file, True)  # noqa: FBT003  it takes no names
    try:
        said = ncp("schedule", "run", "x")
        assert os.get_inheritable(file)  # what else this process starts may need it
    finally:
        os.close(file)
    assert said.out.split() == ["0", "1", "2", "3"]  # 3 is the folder that ls reads

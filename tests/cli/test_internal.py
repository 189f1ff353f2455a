from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp


def execute(ncp: Ncp, task: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ncp.program("_task-execute", task),
        env={**ncp.environment, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_firing_runs_what_is_due_once(ncp: Ncp) -> None:
    ncp.create("every minute", "sh", "-c", "echo ran >> count", name="x")
    assert ncp.fire("every-minute").code == 0
    ran = (ncp.user_home / "count").read_text().count("ran")
    assert ran in {1, 2}  # 2 where the minute turned between
    assert ncp("schedule", "executions", "--json").json["executions"][0]["status"] == "success"


def test_nothing_due_is_no_failure(ncp: Ncp) -> None:
    ncp.create("0 0 1 1 *", "false", name="x")
    timing = ncp("schedule", "get", "x", "--json").json["timingId"]
    assert ncp("_timing-run", timing).code == 0
    assert ncp("schedule", "executions", "--json").json["executions"] == []


def test_a_failed_task_makes_the_firing_fail(ncp: Ncp) -> None:
    ncp.create("every minute", "false", name="x")
    assert ncp.fire("every-minute").code == 1


def test_a_timing_that_is_gone_is_not_found(ncp: Ncp) -> None:
    ncp.create("every minute", name="x")
    assert ncp("_timing-run", "every-5min").code == 3


def test_a_firing_makes_no_home(ncp: Ncp) -> None:
    said = ncp("_timing-run", "every-minute")
    assert said.code == 3
    assert str(ncp.home) in said.err
    assert os.listdir(ncp.home) == ["config.toml"]  # noqa: PTH208  names are what is asked


def test_a_task_runs_in_its_folder_with_its_environment_and_no_other(ncp: Ncp) -> None:
    code = "import os; print(os.getcwd(), os.environ['A'], 'STRAY' in os.environ, os.getpid())"
    task = ncp.create("daily", "python3", "-c", code, env="A=b c", directory="/usr")
    done = execute(ncp, task["id"], STRAY="1")
    folder, *rest = done.stdout.split(" ")
    assert (folder, rest[:3]) == ("/usr", ["b", "c", "False"]), done.stderr


def test_a_task_is_the_process_itself_and_its_exit_code_is_its_own(ncp: Ncp) -> None:
    task = ncp.create("daily", "sh", "-c", "echo $$; exit 7")
    with ncp.running("_task-execute", task["id"]) as program:
        out, _ = program.communicate(timeout=30)
    assert (int(out), program.returncode) == (program.pid, 7)


def test_what_a_runner_tells_about_the_execution_reaches_the_task(ncp: Ncp) -> None:
    task = ncp.create("daily", "sh", "-c", "echo $NCP_EXECUTION_ID $NCP_OTHER")
    done = execute(ncp, task["id"], NCP_EXECUTION_ID="e1", NCP_OTHER="stray")
    assert done.stdout == "e1\n"


def test_a_task_can_be_ended_by_any_signal_like_any_program(ncp: Ncp) -> None:
    task = ncp.create("daily", "sh", "-c", "grep SigIgn /proc/self/status")
    ignored = int(execute(ncp, task["id"]).stdout.split()[1], 16)
    assert ignored & 0x7FFFFFFF == 0  # 32 and 33 are the C library's


def test_a_broken_document_stops_no_task(ncp: Ncp) -> None:
    task = ncp.create("daily", "echo", "here")
    (ncp.home / "schedule.json").write_text("{")
    assert execute(ncp, task["id"]).stdout == "here\n"


CANNOT = [
    (("no-such-program",), 127, "no-such-program"),
    (("/etc/passwd",), 126, "/etc/passwd"),
]


@pytest.mark.parametrize(("words", "code", "where"), CANNOT, ids=str)
def test_a_program_that_cannot_be_run_answers_as_shells_do(
    ncp: Ncp, words: tuple[str, ...], code: int, where: str
) -> None:
    task = ncp.create("daily", *words)
    done = execute(ncp, task["id"])
    assert done.returncode == code
    assert done.stderr.startswith(f"Error: {where}: It cannot be run: ")


def test_a_folder_that_is_gone_is_named(ncp: Ncp) -> None:
    (ncp.user_home / "gone").mkdir()
    task = ncp.create("daily", directory="gone")
    (ncp.user_home / "gone").rmdir()
    done = execute(ncp, task["id"])
    assert (done.returncode, str(ncp.user_home / "gone") in done.stderr) == (127, True)


def test_a_tool_whose_server_is_gone_says_so(ncp: Ncp) -> None:
    task = ncp.create("daily", name="x")
    document = ncp.home / "schedule.json"
    document.write_text(
        document.read_text().replace(
            '"command": [\n        "true"\n      ]', '"tool": "files:list"'
        )
    )
    ncp("_refresh")
    done = execute(ncp, task["id"])
    assert done.returncode == 3
    assert 'There is no MCP server "files"' in done.stderr


def test_a_task_that_is_not_there_is_not_found(ncp: Ncp) -> None:
    assert ncp("_task-execute", "nobody").code == 3
    ncp.create("daily", name="x")
    assert ncp("_task-execute", "nobody").code == 3


def test_settling_and_refreshing_a_home_that_is_not_there_does_nothing(ncp: Ncp) -> None:
    (ncp.home / "config.toml").unlink()
    ncp.home.rmdir()
    assert (ncp("_settle").code, ncp("_refresh").code) == (0, 0)
    assert not ncp.home.exists()


def test_a_firing_can_be_explained_without_running_anything(ncp: Ncp) -> None:
    ncp.create("daily at 9am", "false", name="x")
    tomorrow = ncp("schedule", "get", "x", "--json").json["nextSlots"][0]
    found = ncp("_timing-run", "daily-9am", "--at", tomorrow, "--explain", "--json").json
    assert found == {"due": True, "slot": tomorrow, "late": 0.0, "missed": 0, "reason": "starts x"}
    shown = ncp("_timing-run", "daily-9am", "--explain", "--at", tomorrow).out
    assert "Reason  starts x" in shown
    assert ncp("schedule", "executions", "--json").json["executions"] == []


def test_what_is_not_due_is_explained_too(ncp: Ncp) -> None:
    ncp.create("0 0 1 1 *", name="x")
    timing = ncp("schedule", "get", "x", "--json").json["timingId"]
    found = ncp("_timing-run", timing, "--explain", "--json").json
    assert (found["due"], found["slot"], found["reason"]) == (False, None, "nothing is due yet")


@pytest.mark.parametrize("words", [("--at", "2030-01-01"), ("--json",)])
def test_a_firing_that_is_not_explained_takes_no_instant_and_prints_nothing(
    ncp: Ncp, words: tuple[str, ...]
) -> None:
    ncp.create("daily at 9am", name="x")
    said = ncp("_timing-run", "daily-9am", *words)
    assert said.code == 2
    assert "Add --explain" in said.err


def test_explaining_an_unknown_timing_is_not_found(ncp: Ncp) -> None:
    ncp.create("daily at 9am", name="x")
    assert ncp("_timing-run", "daily-8am", "--explain").code == 3


@pytest.mark.parametrize(
    "words", [(), ("daily-9am", "--missed"), ("--missed", "--explain"), ("--missed", "--json")]
)
def test_a_firing_is_of_one_timing_or_of_all_that_missed_a_slot(
    ncp: Ncp, words: tuple[str, ...]
) -> None:
    ncp.create("daily at 9am", name="x")
    said = ncp("_timing-run", *words)
    assert (said.code, said.err.count("\n"), said.err[:7]) == (2, 2, "Error: ")


def test_all_that_missed_a_slot_fire_without_the_launcher_too(ncp: Ncp) -> None:
    ncp.create("every minute", name="x")
    ncp.overdue()
    assert ncp("_timing-run", "--missed").code == 0
    (one,) = ncp("schedule", "executions", "--json").json["executions"]
    assert (one["taskName"], one["status"]) == ("x", "success")

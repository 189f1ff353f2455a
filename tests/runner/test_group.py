from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledgers import (
    day_log,
    install_launcher,
    is_running,
    once,
    printed_by,
    rows,
    save,
    shell,
    statuses,
    task,
    wait_for,
)
from ncp.daylog import Daylog
from ncp.ledger import record
from ncp.process import me
from ncp.process.child import Child
from ncp.runner import run_now, run_timing
from ncp.runner.group import Group
from ncp.runner.job import Context, Job
from ncp.runner.running import Running

if TYPE_CHECKING:
    from collections.abc import Callable

    from ncp.ledger.compiled import CompiledTask

STUBBORN = """trap "" TERM
(trap "" TERM; echo $(sh -c 'echo $PPID') > grandchild; while :; do sleep 0.1; done) &
while :; do sleep 0.1; done"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a runner changes its folder; this puts it back
    return tmp_path


def run(home: Path, *tasks: CompiledTask, most: str = "4") -> tuple[int, dict[str, object]]:
    book = save(home, once(), *tasks, concurrency=most)
    code = run_timing(str(home), "t")
    return code, statuses(book)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_three_tasks_at_once_end_as_they_should_and_in_time(home: Path) -> None:
    cwd = str(home)
    begun = time.monotonic()
    code, found = run(
        home,
        shell("good", "exit 0"),
        shell("bad", "exit 3"),
        shell("stubborn", STUBBORN, timeout=0.6, grace=0.4, cwd=cwd),
    )
    took = time.monotonic() - begun
    assert (code, found) == (1, {"good": "success", "bad": "failure", "stubborn": "timeout"})
    assert 1.0 <= took < 2.0
    assert is_gone(int((home / "grandchild").read_text()))


def test_a_task_that_ends_on_sigterm_is_not_killed(home: Path) -> None:
    script = "trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done"
    code, found = run(home, shell("polite", script, timeout=0.2, grace=9))
    assert (code, found) == (1, {"polite": "timeout"})
    assert "[polite] STDOUT: bye" in day_log(home)


def test_no_timeout_is_no_deadline(home: Path) -> None:
    assert run(home, shell("slow", "sleep 0.3", timeout=0)) == (0, {"slow": "success"})


def test_what_a_task_leaves_behind_is_killed(home: Path) -> None:
    code, _ = run(home, shell("leaver", "sleep 60 & echo $! > left", cwd=str(home)))
    assert code == 0
    wait_for(lambda: is_gone(int((home / "left").read_text())))


@pytest.mark.parametrize(
    ("broken", "code", "reason"),
    [
        (task("x", "no-such-program"), 127, "The program no-such-program is in no folder of"),
        (task("x", "/no/such"), 127, "The program /no/such does not exist"),
        (task("x", "/etc/passwd"), 126, "/etc/passwd is not executable"),
        (task("x", cwd="/no/such/folder"), 126, "The working directory /no/such/folder cannot"),
        (task("x", ""), 127, "The command is empty"),
    ],
)
def test_what_cannot_start_fails_with_the_reason(
    home: Path, broken: CompiledTask, code: int, reason: str
) -> None:
    book = save(home, once(), broken, shell("sibling", "exit 0"))
    assert run_timing(str(home), "t") == 1
    (row,) = rows(book, "x")
    assert (row["status"], row["exitCode"]) == ("failure", code)
    assert str(row["reason"]).startswith(reason)
    assert statuses(book)["sibling"] == "success"


def test_a_file_that_is_no_program_fails(home: Path) -> None:
    (home / "text").write_text("no shebang")
    (home / "text").chmod(0o755)
    book = save(home, once(), task("x", "./text", cwd=str(home)))
    run_timing(str(home), "t")
    assert rows(book, "x")[0]["exitCode"] == 126


def test_a_task_killed_from_outside_says_so(home: Path) -> None:
    book = save(home, once(), shell("x", "kill -KILL $$"))
    run_timing(str(home), "t")
    (row,) = rows(book, "x")
    assert (row["status"], row["signal"], row["exitCode"]) == ("failure", 9, None)
    assert row["reason"] == "ended by signal 9"


def test_the_environment_is_the_stored_one_and_who_it_is(home: Path) -> None:
    at = int(time.time() // 60)
    book = save(home, once(at), task("x", "env", env={"PATH": "/usr/bin:/bin", "A": "ü\n=b"}))
    run_timing(str(home), "t")
    (row,) = rows(book, "x")
    text = printed_by(row)
    lines = dict(line.split("=", 1) for line in text.replace("ü\n", "ü ").splitlines())
    slot = time.strftime("%Y-%m-%dT%H:%M:00Z", time.gmtime(at * 60))
    assert lines == {
        "PATH": "/usr/bin:/bin", "A": "ü =b", "NCP_TASK_ID": "x", "NCP_TASK_NAME": "x",
        "NCP_TIMING_ID": "t", "NCP_SLOT": slot, "NCP_EXECUTION_ID": row["executionId"],
        "NCP_ATTEMPT": "1",
    }  # fmt: skip


def test_a_child_gets_no_input_and_no_ignored_signals(home: Path) -> None:
    script = "cat; grep -E 'SigIgn|SigBlk' /proc/self/status"
    book = save(home, once(), shell("x", script))
    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    run_timing(str(home), "t")
    signal.signal(signal.SIGUSR1, before)
    (row,) = rows(book, "x")
    file = Path(str(row["outputPath"]))
    _, blocked, _, ignored = printed_by(row).split()
    assert int(blocked, 16) == int(ignored, 16) & 0x7FFFFFFF == 0  # 32 and 33 are the C library's
    assert file.stat().st_mode & 0o777 == 0o600


def test_silence_makes_no_file(home: Path) -> None:
    book = save(home, once(), task("x"))
    run_timing(str(home), "t")
    assert not (home / "executions").exists()
    assert rows(book, "x")[0]["outputPath"] is None


def test_more_tasks_than_may_run_at_once_wait_their_turn(home: Path) -> None:
    script = 'n=$(ls running | wc -l); : > running/$$; sleep 0.1; rm running/$$; test "$n" -lt 2'
    (home / "running").mkdir()
    tasks = [shell(f"t{n}", script, cwd=str(home)) for n in range(6)]
    code, found = run(home, *tasks, most="2")
    assert (code, set(found.values())) == (0, {"success"})


def test_an_indirect_task_goes_through_the_launcher(home: Path) -> None:
    (home / "bin").mkdir()
    (home / "bin" / "ncp").write_text('echo "called with $*"')
    code, _ = run(home, task("x", direct=False))
    assert code == 0
    assert "[x] STDOUT: called with _task-execute x" in day_log(home)


def writer(file: int) -> Callable[[bytes], None]:
    """An echo to a file."""

    def write(data: bytes) -> None:
        os.write(file, data)

    return write


def test_running_by_hand_echoes_and_claims_no_slot(home: Path) -> None:
    book = save(home, once(), shell("x", "echo out; echo err >&2; exit 3"), task("y"))
    read, write = os.pipe()
    code = run_now(str(home), ["x", "y"], writer(write))
    os.close(write)
    with os.fdopen(read) as echo:
        assert sorted(echo.read().split()) == ["err", "out"]
    assert code == 1
    assert rows(book, "x")[0]["slot"] is None
    assert statuses(book) == {"x": "failure", "y": "success"}
    assert book.execute("SELECT count(*) FROM slots").fetchone() == (0,)
    assert Path.cwd() == home


def test_running_by_hand_works_in_any_thread(home: Path) -> None:
    save(home, once(), shell("x", "exit 0"))
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(run_now(str(home), ["x"], None)))
    thread.start()
    thread.join(10)
    assert codes == [0]


def test_running_what_is_not_there_is_not_found(home: Path) -> None:
    book = save(home, once(), task("x"))
    assert run_now(str(home), ["x", "nobody"], None) == 3
    assert "There is no task nobody" in day_log(home)
    assert statuses(book) == {}


def test_a_closed_echo_does_not_stop_a_task(home: Path) -> None:
    book = save(home, once(), shell("x", "echo 1; sleep 0.1; echo 2"))
    read, write = os.pipe()
    os.close(read)
    assert run_now(str(home), ["x"], writer(write)) == 0
    os.close(write)
    assert Path(str(rows(book, "x")[0]["outputPath"])).read_text() == "1 1\n1 2\n"


HUNGRY = """import time
held, end = b"x" * 64_000_000, time.process_time() + 0.2
while time.process_time() < end:
    pass"""


def test_memory_and_cpu_time_of_what_a_task_started_are_recorded(home: Path) -> None:
    book = save(
        home,
        once(),
        shell("idle", "exit 0"),
        task("busy", "sh", "-c", 'python3 -c "$0"; :', HUNGRY),
    )
    # As a process of its own: a child's peak begins with the memory of who started it.
    fire = ["/bin/sh", str(install_launcher(home)), "_timing-run", "t"]
    subprocess.run(fire, check=True)
    ((idle,), (busy,)) = rows(book, "idle"), rows(book, "busy")
    peak, seconds = busy["maxRssBytes"], busy["cpuSeconds"]
    assert isinstance(peak, int)
    assert isinstance(seconds, float)
    assert 64_000_000 < peak < 200_000_000
    assert 0.2 <= seconds < 5
    assert idle["cpuSeconds"] != seconds


def test_a_task_that_never_started_used_nothing(home: Path) -> None:
    book = save(home, once(), task("x", "/no/such"))
    run_timing(str(home), "t")
    (row,) = rows(book, "x")
    assert (row["maxRssBytes"], row["cpuSeconds"]) == (None, None)


def test_a_program_that_has_ended_is_not_signalled_when_the_runner_is_stopped(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = save(home, once(), task("x"))
    group = Group(Context(book, str(home), Daylog(str(home))), most=1)
    group.add([Job(record.add(book, ("x", "x", "t"), 1, me()), task("x"), 1)])
    group._start_next()  # noqa: SLF001  nobody looks after it yet
    (child,) = group.children._children  # noqa: SLF001
    while child.gone_at is None:
        group.children.wait(0.1)
    monkeypatch.setattr(Child, "_send", lambda *_: pytest.fail("it was signalled"))
    group.children.stop = 15
    while group.busy:
        group.turn(0.1)
    group.abandon()
    assert statuses(book) == {"x": "success"}


def test_a_runner_that_fails_ends_its_tasks_and_leaves_signals_as_they_were(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    book = save(home, once(), shell("x", "echo $$ > pid; exec sleep 60", cwd=str(home)))

    def fail(_self: Running, _seconds: float) -> None:
        if (home / "pid").exists() and (home / "pid").read_text():
            raise RuntimeError("a defect")

    monkeypatch.setattr(Running, "wait", fail)
    assert run_timing(str(home), "t") == 1
    assert signal.getsignal(signal.SIGTERM) is before
    wait_for(lambda: not is_running(int((home / "pid").read_text())))
    assert "ncp itself failed: RuntimeError: a defect" in day_log(home)
    assert statuses(book) == {"x": "running"}  # the next command closes it

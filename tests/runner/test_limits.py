"""What a task may use: real processes that use more, and what the record says of it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ledgers import FIRE, install_launcher, once, printed_by, rows, save, shell, task
from ncp.runner import run_now

if TYPE_CHECKING:
    from pathlib import Path

    from ncp.ledger.compiled import CompiledTask

BUSY = "import time\nend = time.time() + 20\nwhile time.time() < end: pass"
GREEDY = "b = bytearray(300 * 1024 * 1024)"
PYTHON = sys.executable
"""These are run in a process of their own, as firings are: a fork is for a single thread."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fired(folder: Path, one: CompiledTask, scheduler: str = "") -> dict[str, object]:
    """The execution of a task by a whole firing, in a home of its own."""
    home = folder / f"home {len([*folder.glob('home *')])}"
    home.mkdir()
    book = save(home, once(), one)
    argv = [*FIRE, str(home), "t"]
    subprocess.run(["sh", "-c", f'{scheduler} exec "$0" "$@"', *argv], check=False, timeout=60)
    return rows(book, one.id)[-1]


@pytest.mark.parametrize("how", ["itself", "child", "deaf"])
def test_a_task_that_computes_too_long_is_ended_and_its_record_says_so(
    home: Path, how: str
) -> None:
    deaf = "import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
    argv = {
        "itself": (PYTHON, "-c", BUSY),
        "child": ("sh", "-c", f"{PYTHON} -c '{BUSY}'; exit $?"),
        "deaf": (PYTHON, "-c", deaf + BUSY),
    }[how]
    found = fired(home, task("x", *argv, limits=(0, 1, 0)))
    assert (found["status"], found["reason"]) == ("failure", "used more than 1 s of CPU")
    assert 0.6 < float(str(found["cpuSeconds"])) < 3


def test_a_task_cannot_open_more_files_than_its_limit(home: Path) -> None:
    found = fired(home, shell("x", "ulimit -n; ulimit -Hn", limits=(0, 0, 40)))
    assert printed_by(found).split() == ["40", "40"]


def test_a_limit_is_never_above_the_one_of_the_runner(home: Path) -> None:
    one = shell("x", "ulimit -Hn", limits=(0, 0, 2**20))
    assert printed_by(fired(home, one, "ulimit -n 500;")).split() == ["500"]


def test_a_task_without_a_cgroup_gets_no_more_addresses_than_its_memory(home: Path) -> None:
    found = fired(home, task("x", PYTHON, "-c", GREEDY, limits=(200, 0, 0)))
    assert found["status"] == "failure"
    assert "MemoryError" in printed_by(found)
    assert fired(home, task("y", PYTHON, "-c", GREEDY, limits=(900, 0, 0)))["status"] == "success"


def test_what_a_task_starts_at_once_is_limited_too(home: Path) -> None:
    script = "sh -c 'ulimit -n; ulimit -t' & setsid sh -c 'ulimit -n; ulimit -t'; wait"
    found = fired(home, shell("x", script, limits=(0, 7, 33)))
    assert sorted(printed_by(found).split()) == ["33", "33", "7", "7"]


def test_the_runner_and_its_other_tasks_keep_theirs(home: Path) -> None:
    limited = shell("a", "exit 0", limits=(64, 9, 20))
    book = save(home, once(), limited, shell("b", "ulimit -n -t -v"), concurrency="1")
    ours = subprocess.run(["sh", "-c", "ulimit -n -t -v"], capture_output=True, check=True)
    subprocess.run([*FIRE, str(home), "t"], check=True)
    assert printed_by(rows(book, "b")[0]) == ours.stdout.decode()


def test_a_limited_task_is_started_like_any_other(home: Path) -> None:
    script = """env | sort; pwd; ulimit -c; cat
        ls /proc/self/fd; test $(ps -o sess= -p $$) = $$ && echo leads"""
    env = {"PATH": "/usr/bin:/bin", "LANG": "C", "WORD": "ß \n"}
    texts = []
    for limits in ((), (0, 60, 0)):
        one = shell("x", script, env=env, stdin=b"text\n", limits=limits, cwd="/usr")
        text = printed_by(fired(home, one)).splitlines()
        texts.append([line for line in text if "EXECUTION" not in line])
    assert texts[0] == texts[1]
    assert len(texts[0]) > 10


@pytest.mark.parametrize("limits", [(), (0, 60, 0)])
def test_a_limited_task_hears_all_signals(home: Path, limits: tuple[int, ...]) -> None:
    # No shell, which would put them right. The C library keeps 32 and 33 to itself.
    words = ("sed", "-nE", "s/^Sig(Blk|Ign|Cgt).*(.{7})$/\\2/p", "/proc/self/status")
    found = fired(home, task("x", *words, limits=limits), "trap '' TERM USR1;")
    assert printed_by(found).split() == ["0000000"] * 3


@pytest.mark.parametrize("limits", [(), (0, 60, 0)])
@pytest.mark.parametrize(
    ("text", "reason"), [("no program", "Exec format error"), ("#!/no/such\n", "No such file")]
)
def test_a_program_that_the_kernel_refuses_is_refused_alike(
    home: Path, limits: tuple[int, ...], text: str, reason: str
) -> None:
    (home / "program").write_text(text)
    (home / "program").chmod(0o755)
    found = fired(home, task("x", str(home / "program"), limits=limits))
    assert (found["status"], found["exitCode"]) == ("failure", 126)
    assert reason in str(found["reason"])


def test_an_explicit_nice_level_wins_over_the_priority(home: Path) -> None:
    own = os.nice(0)
    for nice, expected in ((own + 3, own + 3), (0 if own == 0 else own, own)):
        found = fired(home, shell("x", "sleep 0.2; nice", priority=3, nice=nice))
        assert printed_by(found).split() == [str(expected)]


def test_a_deadline_ends_a_limited_task(home: Path) -> None:
    found = fired(
        home, shell("x", "trap '' TERM; sleep 60", limits=(64, 9, 32), timeout=0.5, grace=0.2)
    )
    assert (found["status"], found["signal"]) == ("timeout", 9)


def test_a_task_with_secrets_is_limited_by_its_own_process(home: Path) -> None:
    install_launcher(home)
    (home / "key").write_text("k")
    one = shell("x", "ulimit -n; ulimit -t; ulimit -v", direct=False, limits=(80, 9, 50))
    one.own = {"KEY": f"file:{home}/key"}
    book = save(home, once(), one)
    assert run_now(str(home), ["x"], None) == 0, printed_by(rows(book, "x")[0])
    assert printed_by(rows(book, "x")[0]).split() == ["50", "9", str(80 * 1024)]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, "644"), (0o077, "600"), (0o777, "0")])
@pytest.mark.parametrize("limits", [(), (0, 60, 0)])
def test_new_files_have_the_tasks_umask_whatever_the_runners_is(
    home: Path, umask: int, mode: str, limits: tuple[int, ...]
) -> None:
    script = "rm -f new; umask; : > new; stat -c %a new"
    one = shell("x", script, umask=umask, limits=limits, cwd=str(home))
    for theirs in ("000", "027"):
        found = fired(home, one, f"umask {theirs};")
        assert printed_by(found).split() == [f"{umask:04o}", mode]


@pytest.mark.parametrize("limits", [(1, 0, 0), (0, 0, 1)])
def test_a_limit_that_is_too_small_to_start_is_a_failure_of_the_task(
    home: Path, limits: tuple[int, ...]
) -> None:
    found = fired(home, shell("x", "echo started", limits=limits))
    assert found["status"] == "failure"
    assert "started" not in printed_by(found)

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from ledgers import FIRE, once, save, shell, statuses, wait_for
from ncp import process
from ncp.process import Children, identity, strays
from ncp.runner import run_timing

if TYPE_CHECKING:
    from pathlib import Path

    from ncp.process import Child

ROUNDS = 10
LOADED = 20
"""What a busy machine may add, in seconds; what hides sleeps for three times as long."""

HOSTILE = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(2):
    if os.fork():
        if "stay" in sys.argv:
            time.sleep(60)
        os._exit(0)
    os.setsid()
with open("escaped", "a") as file:
    print(os.getpid(), file=file)
time.sleep(60)
"""
"""Forks twice, leaves session and group, ignores SIGTERM, and holds the output pipe."""


def hostile(home: Path, *, stay: bool, clean: bool = False) -> str:
    script = home / "hostile.py"
    script.write_text(HOSTILE)
    wiped = "env -i " if clean else ""
    words = f"{wiped}{sys.executable} -I -S {script} {'stay' if stay else ''}"
    return f"{words}\nwhile ! test -s escaped; do :; done"


def escaped(home: Path) -> list[int]:
    return [int(pid) for pid in (home / "escaped").read_text().split()]


def fire(home: Path) -> float:
    """Fire as the scheduler does; return how long it took."""
    begun = time.monotonic()
    subprocess.run([*FIRE, str(home), "t"], check=False, timeout=50)
    return time.monotonic() - begun


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_a_hostile_tree_is_gone_after_deadline_and_grace(tmp_path: Path, turn: int) -> None:
    script = hostile(tmp_path, stay=True, clean=turn % 2 == 1)
    book = save(tmp_path, once(), shell("x", script, cwd=str(tmp_path), timeout=1, grace=0.2))
    assert fire(tmp_path) < 1 + 0.2 + LOADED
    assert statuses(book) == {"x": "timeout"}
    assert [pid for pid in escaped(tmp_path) if identity.start_of(pid)] == []


@pytest.mark.parametrize("clean", [False, True])
def test_what_forked_away_goes_with_the_program_that_started_it(
    tmp_path: Path, clean: bool
) -> None:
    script = hostile(tmp_path, stay=False, clean=clean)
    book = save(tmp_path, once(), shell("x", script, cwd=str(tmp_path)))
    fire(tmp_path)
    assert statuses(book) == {"x": "success"}
    assert [pid for pid in escaped(tmp_path) if identity.start_of(pid)] == []


def test_a_stopped_runner_leaves_nothing(tmp_path: Path) -> None:
    script = hostile(tmp_path, stay=True)
    book = save(tmp_path, once(), shell("x", script, cwd=str(tmp_path), grace=0.2))
    with subprocess.Popen([*FIRE, str(tmp_path), "t"]) as runner:
        wait_for(lambda: (tmp_path / "escaped").exists() and escaped(tmp_path))
        runner.terminate()
        runner.wait(10)
    assert statuses(book) == {"x": "interrupted"}
    assert [pid for pid in escaped(tmp_path) if identity.start_of(pid)] == []


def test_the_strays_of_one_task_are_not_those_of_its_neighbour(tmp_path: Path) -> None:
    stray = "(setsid sleep 30 & echo $! > stray; wait) & while ! test -s stray; do :; done"
    check = "sleep 1; kill -0 $(cat stray)"
    neighbour = "while ! test -s stray; do :; done"
    book = save(
        tmp_path,
        once(),
        shell("x", f"{stray}; {check}", cwd=str(tmp_path)),
        shell("y", neighbour, cwd=str(tmp_path)),
    )
    run_timing(str(tmp_path), "t")
    assert statuses(book) == {"x": "success", "y": "success"}


def test_what_hides_below_a_stray_goes_with_it_while_neighbours_run(tmp_path: Path) -> None:
    below = "env -i sleep 60 & echo $! > stray; wait"
    there = "while ! test -s stray; do sleep 0.01; done"
    gone = "while kill -0 $(cat stray); do sleep 0.05; done"
    book = save(
        tmp_path,
        once(),
        shell("x", f"(setsid sh -c '{below}' &); {there}", cwd=str(tmp_path)),
        shell("y", f"{there}; {gone}", cwd=str(tmp_path), timeout=LOADED),
    )
    fire(tmp_path)  # not here, where another thread could have started what is found
    assert statuses(book) == {"x": "success", "y": "success"}


def test_the_next_firing_ends_what_a_killed_runner_left(tmp_path: Path) -> None:
    script = hostile(tmp_path, stay=True)
    save(tmp_path, once(), shell("x", script, cwd=str(tmp_path), grace=0.1))
    with subprocess.Popen([*FIRE, str(tmp_path), "t"]) as runner:
        wait_for(lambda: (tmp_path / "escaped").exists() and escaped(tmp_path))
        runner.kill()
    mark = strays.mark_of(escaped(tmp_path)[0])
    assert len(strays.marked(mark)) >= 3  # the parents too, which stay and ignore SIGTERM
    fire(tmp_path)
    wait_for(lambda: strays.marked(mark) == [])


def spawned(children: Children, script: str, mark: str) -> Child:
    return children.spawn(["sh", "-c", script], {"PATH": "/usr/bin:/bin", strays.MARK: mark}, None)


@pytest.mark.parametrize("scan", [False, True])
def test_a_tree_is_listed_from_its_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scan: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    children = Children()
    if scan:  # as on a kernel that lists no children
        monkeypatch.setattr(strays, "children_of", strays.children_by_scan)
    child = spawned(children, "setsid sh -c 'sleep 60 & wait' & wait", "m")
    wait_for(lambda: len(strays.descendants(child.pid)) == 2)
    assert {*strays.family(child.pid, "m")} == {*strays.descendants(child.pid)}
    assert {*strays.marked("m")} == {child.pid, *strays.descendants(child.pid)}
    assert child.pid in strays.children_of("self")
    child.kill()
    while not child.over:
        children.wait(1)
    children.close()
    assert strays.marked("m") == []


def test_children_that_were_there_before_are_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["/bin/sleep", "60"]) as mine:
        save(tmp_path, once(), shell("x", "exit 0"))
        run_timing(str(tmp_path), "t")
        assert mine.poll() is None
        mine.kill()


def test_what_has_ended_is_nowhere() -> None:
    pid = 2**22 + 1
    assert (strays.children_of(pid), strays.descendants(pid), strays.mark_of(pid)) == ([], [], "")
    strays.send(pid, signal.SIGTERM)
    assert strays.parent_of(pid) == b""


def test_a_process_that_adopts_gets_orphans_and_then_no_more() -> None:
    script = (
        "import os; from ncp.process import strays\n"
        "assert strays.adopt()\n"
        "os.system('sleep 60 & exit')\n"
        "(one,) = strays.children_of('self'); os.kill(one, 9); os.waitpid(one, 0)\n"
        "assert strays.adopt(wanted=False)\n"
        "os.system('sleep 1 & exit')\n"
        "assert strays.children_of('self') == []\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_where_the_kernel_cannot_adopt_tasks_run_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "_ctypes", None)
    book = save(tmp_path, once(), shell("x", "exit 0"))
    assert not strays.adopt()
    assert run_timing(str(tmp_path), "t") == 0
    assert statuses(book) == {"x": "success"}


def test_an_orphan_is_ended_by_its_mark_alone() -> None:
    pid = os.posix_spawn("/bin/sleep", ["sleep", "60"], {strays.MARK: "lost"}, setsid=True)
    boot = process.me()[0]
    wait_for(lambda: strays.mark_of(pid) == "lost")  # the kernel shows it a moment later
    process.end_orphan((boot, 2**22 + 1, "1"), 5, "lost")
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signal.SIGTERM

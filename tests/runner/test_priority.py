"""Who starts first, and how nice a task is, with real processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ledgers import once, save, shell
from ncp import policies
from ncp.runner import run_timing

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a runner changes its folder; this puts it back
    return tmp_path


def place(word: str) -> int:
    return policies.PRIORITIES.index(word)


def test_the_urgent_start_first_and_equals_in_their_order(home: Path) -> None:
    order = ["low", "medium", "critical", "medium", "high", "critical"]
    tasks = [
        shell(f"{n}-{word}", f"echo {n}-{word} >> order", cwd=str(home), priority=place(word))
        for n, word in enumerate(order)
    ]
    save(home, once(), *tasks, concurrency="1")
    assert run_timing(str(home), "t") == 0
    started = (home / "order").read_text().split()
    assert started == ["2-critical", "5-critical", "4-high", "1-medium", "3-medium", "0-low"]


def may_be(niceness: int) -> bool:
    """Whether this process may make one of its children that nice."""
    child = os.posix_spawn("/bin/sleep", ["sleep", "9"], {})
    try:
        os.setpriority(os.PRIO_PROCESS, child, niceness)
    except OSError:
        return False
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    return True


@pytest.mark.parametrize("word", policies.PRIORITIES)
def test_a_task_and_what_it_starts_are_as_nice_as_its_priority_says(home: Path, word: str) -> None:
    script = "sleep 1; nice > self; sh -c nice > child"
    save(home, once(), shell("x", script, cwd=str(home), priority=place(word)))
    assert run_timing(str(home), "t") == 0
    own = os.nice(0)
    wanted = min(19, max(-20, own + policies.NICENESS[place(word)]))
    expected = wanted if may_be(wanted) else own
    assert {int((home / name).read_text()) for name in ("self", "child")} == {expected}

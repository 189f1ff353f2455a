from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from ncp.errors import BusyError, HomeError
from ncp.store import lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLDING = """
import sys
from pathlib import Path
from ncp.store import lock
with lock.held(Path(sys.argv[1]), "sync", 5):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until it is told to let go."""
    program = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with program:
        assert program.stdout is not None
        assert program.stdout.readline() == "held\n"
        yield program
        program.kill()


def test_whoever_waits_too_long_learns_who_holds_it(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(BusyError) as caught, lock.held(tmp_path, "create", 0.1):
        pytest.fail("two processes hold the lock")
    assert f"sync, process {holder.pid}, for " in caught.value.what
    assert "waited 0.1 s" in caught.value.what
    assert caught.value.where == str(tmp_path / "lock")
    assert caught.value.next_step


def test_whoever_is_patient_gets_it(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    threading.Timer(0.2, lambda: holder.communicate("\n")).start()
    with lock.held(tmp_path, "create", 30):
        assert holder.wait(30) == 0


def test_a_killed_holder_lets_go(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    with lock.held(tmp_path, "create", 30):
        assert str(os.getpid()) in (tmp_path / "lock.holder").read_text()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"what": "x", "pid": 1, "since": "y"}'])
def test_a_holder_that_left_no_name_is_no_obstacle(
    tmp_path: Path, holder: subprocess.Popen[str], text: str
) -> None:
    assert holder.poll() is None
    (tmp_path / "lock.holder").write_text(text)
    with (
        pytest.raises(BusyError, match="did not say its name"),
        lock.held(tmp_path, "create", 0.05),
    ):
        pytest.fail("two processes hold the lock")


def test_nobody_is_named_once_it_is_free(tmp_path: Path) -> None:
    with lock.held(tmp_path / "deep" / "er", "create", 1):
        assert (tmp_path / "deep" / "er" / "lock.holder").exists()
    assert not (tmp_path / "deep" / "er" / "lock.holder").exists()


def test_the_lock_is_released_where_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), lock.held(tmp_path, "create", 1):
        raise ZeroDivisionError
    with lock.held(tmp_path, "create", 0.1):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError) as caught, lock.held(tmp_path / "file", "create", 0.1):
        pytest.fail("a file is no folder")
    assert caught.value.where == str(tmp_path / "file" / "lock")

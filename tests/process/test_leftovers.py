from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledgers import wait_for
from ncp.process.leftovers import end_marked

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
SLEEP = ("sleep", "60")


def started(mark: str, *argv: str) -> subprocess.Popen[bytes]:
    env = {"PATH": os.defpath, "NCP_TESTS_MARK": mark}
    return subprocess.Popen(argv or SLEEP, env=env, start_new_session=True)


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    with started("other") as program:
        yield program
        program.kill()


def test_whatever_was_started_with_the_mark_is_killed_and_nothing_else(
    bystander: subprocess.Popen[bytes],
) -> None:
    mark = str(uuid.uuid4())
    with started(mark) as one, started(mark, "sh", "-c", "setsid sleep 60 & exec sleep 60") as two:
        wait_for(lambda: _count(mark) == 3)
        assert end_marked("NCP_TESTS_MARK", {mark, "x"}) == 3
        assert (one.wait(5), two.wait(5)) == (-9, -9)
    wait_for(lambda: _count(mark) == 0)
    assert bystander.poll() is None


def _count(mark: str) -> int:
    """How many processes have the mark."""
    wanted, count = f"NCP_TESTS_MARK={mark}".encode(), 0
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            count += wanted in path.read_bytes()
    return count


def test_where_there_is_nothing_nothing_happens(bystander: subprocess.Popen[bytes]) -> None:
    assert end_marked("NCP_TESTS_MARK", {"nobody", ""}) == 0
    assert bystander.poll() is None


def test_the_one_who_looks_is_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = str(uuid.uuid4())
    code = (
        "from ncp.process.leftovers import end_marked;"
        f"print(end_marked('NCP_TESTS_MARK', {{{mark!r}}}))"
    )
    monkeypatch.setenv("NCP_TESTS_MARK", mark)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"0\n"

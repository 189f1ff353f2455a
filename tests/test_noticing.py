"""What a daemon that compares whole seconds may not have noticed is installed once more."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from hosts import LINUX
from ncp.host import perform
from ncp.model import Again, Command, Run
from ncp.targets.cron import deploy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MINUTE = 1_000_000_020
"""A second in which a minute began."""


@pytest.fixture
def install(tmp_path: Path) -> Callable[..., list[float]]:
    """Change a spool "in" some second; return when it was installed once more."""
    spool, started, log = (tmp_path / name for name in ("spool", "started", "log"))
    spool.mkdir()
    started.touch()

    def installed(at: int, *, before: int = 0, start: int = 0, look: str = "true") -> list[float]:
        os.utime(spool, (before, before))
        os.utime(started, (start, start))
        touched = Command(("touch", "-d", f"@{at}", str(spool)))
        once_more = Command(("sh", "-c", 'date +%s.%N >>"$0"', str(log)))
        looked = Command(("sh", "-c", look))
        perform([Run(touched, again=Again(looked, (once_more,), str(spool), str(started)))])
        return [float(line) for line in log.read_text().split()] if log.exists() else []

    return installed


@pytest.mark.parametrize("second", [0, 1, 2, 3])
def test_a_change_as_a_minute_begins_is_made_again_in_the_next_second(
    install: Callable[..., list[float]], second: int
) -> None:
    begin = time.time()
    (again,) = install(MINUTE + second)
    assert int(begin) < again < begin + 2


@pytest.mark.parametrize("second", [4, 17, 30, 59])
def test_an_everyday_change_is_made_once_and_at_once(
    install: Callable[..., list[float]], second: int
) -> None:
    begin = time.monotonic()
    assert install(MINUTE + second) == []
    assert install(MINUTE + second, before=MINUTE + second) == []
    assert time.monotonic() - begin < 1


def test_a_second_change_in_the_second_in_which_the_daemon_started_is_made_again(
    install: Callable[..., list[float]],
) -> None:
    at = MINUTE + 30
    assert install(at, before=at - 1, start=at) == []
    assert len(install(at, before=at, start=at)) == 1


def test_what_somebody_has_changed_meanwhile_is_left(install: Callable[..., list[float]]) -> None:
    assert install(MINUTE, look="date +%N") == []


def test_a_folder_that_cannot_be_seen_goes_by_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, log = str(tmp_path / "gone"), tmp_path / "log"
    step = Run(
        Command(("true",)),
        again=Again(Command(("true",)), (Command(("touch", str(log))),), gone, gone),
    )
    for clock, again in ((MINUTE + 10.5, False), (MINUTE + 0.9, True)):
        monkeypatch.setattr("ncp.host.noticing.time.time", lambda clock=clock: clock)
        perform([step])
        assert log.exists() is again


def test_only_debians_cron_needs_it_and_a_table_that_went_comes_back_empty_and_goes() -> None:
    (added,) = deploy.replaced("# x\n", LINUX)
    (removed,) = deploy.replaced("", LINUX)
    assert added.again is not None
    assert removed.again is not None
    assert added.again.commands == (Command(("crontab", "-"), stdin="# x\n"),)
    assert removed.again.commands == (
        Command(("crontab", "-"), stdin=""),
        Command(("crontab", "-r")),
    )

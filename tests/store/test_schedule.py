from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ncp import document
from ncp.config import Settings
from ncp.errors import DocumentError, HomeError
from ncp.model import Recurrence, Schedule, Task, Timing
from ncp.store import schedule as schedules
from ncp.store.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, "")


def test_a_home_without_files_is_empty_and_has_the_default_settings(home: Home) -> None:
    assert schedules.read(home) == document.Document()
    assert schedules.settings(home) == Settings()
    assert list(home.path.iterdir()) == []


def test_a_document_is_written_for_its_owner_only_and_read_back(home: Home) -> None:
    schedules.write(home, document.Document(tree={"mine": 1}), Schedule())
    assert home.schedule.stat().st_mode & 0o777 == 0o600
    found = schedules.read(home)
    assert (found.schedule, found.tree["mine"]) == (Schedule(), 1)


def test_what_could_not_be_read_again_is_not_written(home: Home) -> None:
    task = Task(id="a", name="a", timing_id="t", command=("/bin/true",), origin="\0")
    timing = Timing(id="t", name="t", recurrence=Recurrence(), task_ids=("a",))
    with pytest.raises(DocumentError, match="is no origin"):
        schedules.write(home, document.Document(), Schedule({"a": task}, {"t": timing}))
    assert not home.schedule.exists()


def test_a_broken_document_is_named_by_path_and_position_and_stays(home: Home) -> None:
    home.schedule.write_bytes(b'{"tasks": {')
    with pytest.raises(DocumentError) as caught:
        schedules.read(home)
    assert caught.value.where == f"{home.schedule}, line 1, column 12"
    assert home.schedule.read_bytes() == b'{"tasks": {'


def test_a_document_that_others_may_write_is_not_read(home: Home) -> None:
    home.schedule.write_text("{}")
    home.schedule.chmod(0o666)
    with pytest.raises(HomeError):
        schedules.read(home)


READERS = (("schedule", schedules.read), ("config", schedules.settings))


@pytest.mark.parametrize(("name", "read"), READERS)
def test_what_is_no_file_says_so(home: Home, name: str, read: Callable[[Home], object]) -> None:
    path = getattr(home, name)
    path.mkdir()
    with pytest.raises(DocumentError) as caught:
        read(home)
    assert caught.value.what == "It cannot be read: Is a directory."
    assert caught.value.where == str(path)


def test_settings_that_are_no_utf8_are_named_by_position(home: Home) -> None:
    home.config.write_bytes(b'target = "\xff"')
    with pytest.raises(DocumentError) as caught:
        schedules.settings(home)
    assert caught.value.what == "The byte at position 10 is not UTF-8."


def test_a_recorded_target_is_the_one_that_is_read(home: Home) -> None:
    home.config.write_text("concurrency = 2\n")
    schedules.record_target(home, "cron")
    assert schedules.settings(home) == Settings(target="cron", concurrency=2)


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(home: Home) -> None:
    home.config.write_text("")
    home.config.chmod(0)
    with pytest.raises(DocumentError, match="Permission denied"):
        schedules.settings(home)

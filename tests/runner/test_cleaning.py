from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from ledgers import day_log, once, save, shell, statuses, task, this_minute
from ncp.ledger import history, record, retention
from ncp.process import me
from ncp.runner import cleaning, run_timing
from ncp.runner.cleaning import Cleaning

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from pathlib import Path

    from ncp.ledger.compiled import CompiledTask

DAY = 86_400


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a runner changes its folder; this puts it back
    return tmp_path


def past(
    book: Connection, home: Path, name: str, days: float, *, status: str = "success"
) -> tuple[str, Path]:
    """An execution as it was recorded some days ago, with its claim and its output."""
    then = time.time() - days * DAY
    slot, stamp = int(then // 60), time.strftime("%Y%m%dT%H%M%S", time.gmtime(then))
    one = record.add(book, (name, name, "t"), slot, me())
    new = f"{stamp}-{one[16:]}"
    output = home / "executions" / time.strftime("%Y-%m-%d", time.localtime(then)) / f"{new}.log"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("printed")
    book.execute("UPDATE executions SET id = ? WHERE id = ?", (new, one))
    record.take_slot(book, "t", slot, me())
    if status != "planned":
        record.begin(book, new, name, slot)
    if status not in {"planned", "running"}:
        record.end(book, new, status, output=str(output))
    return new, output


def left(book: Connection) -> set[object]:
    return {row["executionId"] for row in history.executions(book, limit=1000)}


def slots(book: Connection) -> int:
    count: int = book.execute("SELECT count(*) FROM slots").fetchone()[0]
    return count


def test_what_is_too_old_goes_with_its_output_and_its_folder(home: Path) -> None:
    book = save(home, once(), task("a"))
    _, old = past(book, home, "a", 20)
    kept = {past(book, home, "a", days)[0] for days in (13, 1)}
    done = Cleaning(book, str(home), 14, None)
    assert done.carry_out()
    assert left(book) == kept
    assert not old.parent.exists()
    assert (done.executions, done.files, done.bytes, done.slots) == (1, 1, len("printed"), 1)


def test_what_lies_beside_an_output_goes_with_it_and_is_counted(home: Path) -> None:
    book = save(home, once(), task("a"))
    _, old = past(book, home, "a", 20)
    _, new = past(book, home, "a", 1)
    stray = home / "executions/2020-01-01/20200101T000000-000000000000.log"
    for output in (old, new, stray):
        folder = output.with_suffix(".files")
        folder.mkdir(parents=True)
        (folder / "1.png").write_text("image")
    counted = Cleaning(book, str(home), 14, None)
    counted.preview()
    assert (counted.files, counted.bytes) == (2, len("printedimage"))
    done = Cleaning(book, str(home), 14, None)
    assert done.carry_out()
    assert (done.files, done.bytes) == (3, len("printedimageimage"))
    assert not old.parent.exists()
    assert not stray.parent.exists()
    assert (new.with_suffix(".files") / "1.png").exists()


def test_of_each_task_the_newest_stay(home: Path) -> None:
    book = save(home, once(), task("a"), task("b"))
    ids = [past(book, home, name, days)[0] for name in "ab" for days in (5, 4, 3, 2)]
    assert Cleaning(book, str(home), None, 3).carry_out()
    assert left(book) == {*ids[1:4], *ids[5:]}


@pytest.mark.parametrize("limits", [(1, None), (None, 1), (1, 1)], ids=str)
def test_what_says_where_things_stand_stays(
    home: Path, limits: tuple[int | None, int | None]
) -> None:
    book = save(home, once(), task("a"), task("b"))
    gone, _ = past(book, home, "a", 60)
    running, _ = past(book, home, "a", 50, status="running")
    planned, _ = past(book, home, "a", 45, status="planned")
    began, output = past(book, home, "a", 40)
    skipped = record.add(book, ("a", "a", "t"), 5, me(), status=record.SKIPPED)
    only, _ = past(book, home, "b", 30)
    before = history.task_states(book)
    assert Cleaning(book, str(home), *limits).carry_out()
    assert left(book) == {running, planned, began, skipped, only}
    assert gone not in left(book)
    assert output.read_text() == "printed"
    assert history.task_states(book) == before


def test_the_newest_slot_of_a_timing_stays_and_one_in_the_future_does_not_count(
    home: Path,
) -> None:
    book = save(home, once(), task("a"))
    for days in (40, 30, -400):
        record.take_slot(book, "t", this_minute() - days * 1440, me())
    Cleaning(book, str(home), 14, None).carry_out()
    assert slots(book) == 2
    assert record.newest_slot(book, "t", this_minute()) == pytest.approx(
        this_minute() - 30 * 1440, abs=1
    )


def test_daily_logs_and_output_that_nobody_knows_go_by_their_day(home: Path) -> None:
    book = save(home, once(), task("a"))
    stray = home / "executions/2020-01-01/20200101T000000-000000000000.log"
    for path in (stray, home / "logs/2020-01-01.log", home / "logs/notes.txt"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    done = Cleaning(book, str(home), 14, None)
    done.carry_out()
    assert (done.files, done.logs) == (1, 1)
    assert not stray.parent.exists()
    assert [path.name for path in (home / "logs").iterdir()] == ["notes.txt"]


def test_a_file_elsewhere_is_never_removed(home: Path, tmp_path: Path) -> None:
    book = save(home, once(), task("a"))
    precious = tmp_path / "precious"
    precious.write_text("x")
    one, _ = past(book, home, "a", 20)
    past(book, home, "a", 1)
    book.execute("UPDATE executions SET output = ? WHERE id = ?", (str(precious), one))
    Cleaning(book, str(home), 14, None).carry_out()
    assert one not in left(book)
    assert precious.exists()


def test_counting_changes_nothing(home: Path) -> None:
    book = save(home, once(), task("a"))
    _, output = past(book, home, "a", 20)
    past(book, home, "a", 1)
    counted = Cleaning(book, str(home), 14, 1)
    counted.preview()
    assert (counted.executions, counted.files) == (1, 1)
    assert len(left(book)) == 2
    assert output.exists()


def test_how_far_back_the_record_is_complete_is_remembered(home: Path) -> None:
    book = save(home, once(), task("a"))
    for days in (30, 20, 1):
        past(book, home, "a", days)
    Cleaning(book, str(home), 14, None).carry_out()
    ((name, slot),) = book.execute("SELECT * FROM forgotten").fetchall()
    assert (name, slot) == ("a", pytest.approx(this_minute() - 20 * 1440, abs=1))


def fired(home: Path, *tasks: CompiledTask, keep: str = "14 2") -> Connection:
    book = save(home, once(), *tasks, retention=keep)
    for days in (30, 5, 4, 3):
        past(book, home, "a", days)
    return book


def test_a_firing_cleans_up_after_its_tasks(home: Path) -> None:
    book = fired(home, task("a"))
    assert run_timing(str(home), "t") == 0
    assert statuses(book) == {"a": "success"}
    assert len(left(book)) == 2


@pytest.mark.parametrize("keep", ["0 0", "90 0", "0 90"])
def test_a_firing_removes_nothing_that_is_within_the_limits(home: Path, keep: str) -> None:
    book = fired(home, task("a"), keep=keep)
    run_timing(str(home), "t")
    assert len(left(book)) == 5


def test_firings_clean_up_once_an_hour(home: Path) -> None:
    book = fired(home, task("a"))
    cleaning.clean_after_firing(book, str(home), "t")
    assert record.cleaned_lately(book, "t")
    past(book, home, "a", 2)
    cleaning.clean_after_firing(book, str(home), "t")
    assert len(left(book)) == 3
    book.execute("UPDATE cleanings SET at = at - 3600000")
    assert not record.cleaned_lately(book, "t")
    cleaning.clean_after_firing(book, str(home), "t")
    assert len(left(book)) == 2


def test_a_clock_that_was_ahead_does_not_keep_firings_from_cleaning(home: Path) -> None:
    book = fired(home, task("a"))
    retention.take_turn(book, "t", record.now_ms() + 10**9, 1)
    cleaning.clean_after_firing(book, str(home), "t")
    assert len(left(book)) == 2


def test_cleaning_that_takes_long_goes_on_after_the_next_firing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "BATCH", 1)
    monkeypatch.setattr(cleaning, "LONGEST_SECONDS", -1)
    book = fired(home, task("a"), keep="14 2")
    for expected in (3, 2, 2):
        cleaning.clean_after_firing(book, str(home), "t")
        assert len(left(book)) == expected


def test_a_firing_whose_cleaning_fails_has_not_failed(home: Path) -> None:
    book = fired(home, shell("a", "exit 0"))
    book.execute(
        "CREATE TRIGGER no BEFORE INSERT ON cleanings BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    assert run_timing(str(home), "t") == 0
    assert "Old executions could not be removed: IntegrityError" in day_log(home)

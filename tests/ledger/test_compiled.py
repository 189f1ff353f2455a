from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledgers import NOON, once, recurring, save, task
from ncp.ledger import compiled
from ncp.ledger.compiled import CompiledTiming
from ncp.ledger.saving import save_compiled
from ncp.ledger.schema import connect

if TYPE_CHECKING:
    from pathlib import Path

ODD = task(
    "odd",
    "printf",
    "",
    "two words\nand a line",
    "\udcff not UTF-8",
    env={"A": "x=y", "EMPTY": "", "ß": "\udce4"},
    cwd="/tmp",
    direct=False,
    timeout=1.5,
    grace=0.0,
    status="paused",
    active_since=5,
    end_at=6,
    max_executions=7,
    fire_once=True,
    catchup=True,
    overlap="queue",
    active_hours=(540, 1020, 62),
    limits=(64, 0, 256),
    nice=-3,
    umask=0o077,
    jitter=0.5,
    after=(("success", "a"), ("any", "b.c_d-e")),
    priority=0,
    retries=(3, 1000, 2000, 150, 3),
    position=3,
    stdin=b"\0\xff",
    own={"KEY": "file:/k", "ß": ""},
    env_file="/\udcff",
    steps=b"\0\xff",
    on_failure=b"a",
    on_success=b"b",
)


def as_dict(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in type(value).__slots__}  # type: ignore[attr-defined]  # both classes have slots


def test_a_task_reads_back_as_it_was_saved(tmp_path: Path) -> None:
    book = connect(str(tmp_path))
    save_compiled(book, [once()], [ODD], {}, 0)
    (found,) = compiled.compiled_tasks(book, "t")
    assert as_dict(found) == as_dict(ODD)
    alone = compiled.compiled_task(book, "odd")
    assert alone is not None
    assert as_dict(alone) == as_dict(ODD)


def test_a_timing_reads_back_as_it_was_saved(tmp_path: Path) -> None:
    timing = CompiledTiming(
        id="t",
        identity="daily@x",
        rules=((1, 2, 4, 8, 16, 1), (1, 2, 4, 8, 16, 0)),
        offsets=((0, 60), (500, -210)),
        every=(2, 3, 1),
        since=NOON,
    )
    book = save(tmp_path, timing, task("a"), since=NOON)
    found = compiled.compiled_timing(book, "t")
    assert found is not None
    assert as_dict(found) == as_dict(timing)
    assert [as_dict(one) for one in compiled.compiled_timings(book)] == [as_dict(timing)]


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    book = connect(str(tmp_path))
    assert compiled.compiled_timing(book, "t") is None
    assert compiled.compiled_task(book, "a") is None
    assert compiled.get_meta(book, "document") is None


@pytest.mark.parametrize(("identity", "since"), [("same", 100), ("changed", 200)])
def test_a_recurrence_that_changes_starts_at_now(tmp_path: Path, identity: str, since: int) -> None:
    book = connect(str(tmp_path))
    first = CompiledTiming(id="t", identity="same")
    second = CompiledTiming(id="t", identity=identity, offsets=((0, 60),))
    save_compiled(book, [first], [], {}, 100)
    save_compiled(book, [second], [], {}, 200)
    found = compiled.compiled_timing(book, "t")
    assert found is not None
    assert found.since == since


def test_saving_replaces_timings_and_tasks_and_merges_facts(tmp_path: Path) -> None:
    book = save(tmp_path, once(), task("a"), task("b"), concurrency="3")
    save_compiled(book, [], [task("c")], {"document": "new"}, 0)
    assert compiled.compiled_timings(book) == []
    assert [one.id for one in compiled.compiled_tasks(book, "t")] == ["c"]
    assert compiled.get_meta(book, "document") == "new"
    assert compiled.get_meta(book, "concurrency") == "3"


def test_a_failed_save_changes_nothing(tmp_path: Path) -> None:
    book = save(tmp_path, once(), task("a"))
    with pytest.raises(Exception, match="UNIQUE"):
        save_compiled(book, [once()], [task("b"), task("b")], {}, 0)
    assert [one.id for one in compiled.compiled_tasks(book, "t")] == ["a"]


def test_facts_are_remembered(tmp_path: Path) -> None:
    book = connect(str(tmp_path))
    for value in ("one", "two"):
        compiled.set_meta(book, "document", value)
    assert compiled.get_meta(book, "document") == "two"


def test_a_one_off_has_one_slot() -> None:
    timing = once(NOON)
    assert [timing.latest(NOON - 1, 0), timing.latest(NOON, 0), timing.latest(NOON, NOON)] == [
        None,
        NOON,
        None,
    ]
    assert [timing.following(NOON - 1), timing.following(NOON)] == [NOON, None]
    assert [timing.count(NOON - 1, NOON), timing.count(NOON, NOON + 9)] == [1, 0]


def test_a_recurring_timing_asks_the_guard() -> None:
    timing = recurring()
    assert timing.latest(NOON, NOON - 5) == NOON
    assert timing.following(NOON) == NOON + 1
    assert timing.count(NOON - 5, NOON) == 5

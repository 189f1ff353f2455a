"""Tasks that wait for what others of their slot come to, with real processes."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from ledgers import FIRE, once, recurring, rows, save, shell, statuses, this_minute, wait_for
from ncp.ledger import record
from ncp.process import me
from ncp.process.identity import start_of
from ncp.runner import claiming, run_missed, run_now, run_timing
from ncp.runner.missing import missed

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Iterator
    from pathlib import Path

    from ncp.ledger.compiled import CompiledTask
    from ncp.owners import Owner


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a runner changes its folder; this puts it back
    return tmp_path


def after(*ids: str, wanted: str = "success") -> tuple[tuple[str, str], ...]:
    return tuple((wanted, one) for one in ids)


def waiter(name: str, *ids: str, wanted: str = "success", **values: Any) -> CompiledTask:
    return shell(name, "true", after=after(*ids, wanted=wanted), **values)


def span(book: Connection, task_id: str) -> tuple[int, int]:
    """When its newest execution started and ended, in milliseconds."""
    query = "SELECT started_at, ended_at FROM executions WHERE task_id = ? ORDER BY number DESC"
    started, ended = book.execute(query, (task_id,)).fetchone()
    return started, ended


def why(book: Connection, task_id: str) -> object:
    return rows(book, task_id)[-1]["reason"]


@pytest.mark.parametrize(
    ("script", "ended", "meets"),
    [
        ("sleep 0.3", "success", {"success", "any"}),
        ("sleep 0.3; exit 3", "failure", {"failure", "any"}),
        ("sleep 9", "timeout", {"failure", "any"}),
    ],
)
def test_a_task_starts_when_another_has_ended_as_it_wants(
    home: Path, script: str, ended: str, meets: set[str]
) -> None:
    waiting = [waiter(wanted, "a", wanted=wanted) for wanted in ("success", "failure", "any")]
    book = save(home, once(), *waiting, shell("a", script, timeout=0.6, grace=0.5))
    assert run_timing(str(home), "t") == (0 if ended == "success" else 1)
    found = statuses(book)
    assert found.pop("a") == ended
    assert {name for name, status in found.items() if status == "success"} == meets
    for name, status in found.items():
        if status == "success":
            assert span(book, name)[0] >= span(book, "a")[1]
            assert why(book, name) == "after 'a'"
        else:
            assert (status, why(book, name)) == ("skipped", f"'a' ended as {ended}")


def test_a_task_that_waits_for_several_starts_after_the_last(home: Path) -> None:
    last = waiter("d", "b", "c")
    b = shell("b", "sleep 0.3", after=after("a"))
    book = save(home, once(), last, b, waiter("c", "a"), shell("a", "sleep 0.2"))
    assert run_timing(str(home), "t") == 0
    assert set(statuses(book).values()) == {"success"}
    assert span(book, "a")[1] <= span(book, "c")[0] < span(book, "b")[1] <= span(book, "d")[0]
    assert why(book, "d") == "after 'b', 'c'"


def test_a_skip_goes_down_the_chain_and_ends_where_any_will_do(home: Path) -> None:
    chain = [waiter("c", "b"), waiter("b", "a"), waiter("d", "c", wanted="failure")]
    book = save(home, once(), *chain, waiter("e", "c", wanted="any"), shell("a", "exit 1"))
    begun = time.monotonic()
    assert run_timing(str(home), "t") == 1
    assert time.monotonic() - begun < 3  # nobody had to be woken by a look at the clock
    assert statuses(book) == {
        "a": "failure", "b": "skipped", "c": "skipped", "d": "skipped", "e": "success",
    }  # fmt: skip
    assert why(book, "c") == "'b' was skipped"


def test_it_is_the_last_attempt_that_counts(home: Path) -> None:
    script = "test -e tried && exit 0; : > tried; exit 1"
    tried = shell("a", script, cwd=str(home), retries=(1, 300, 300, 100, 3))
    book = save(home, once(), tried, waiter("b", "a"), waiter("c", "a", wanted="failure"))
    assert run_timing(str(home), "t") == 0
    assert [row["status"] for row in rows(book, "a")] == ["failure", "success"]
    assert statuses(book)["b"] == "success"
    assert span(book, "b")[0] >= span(book, "a")[1]
    assert why(book, "c") == "'a' ended as success"


def test_a_task_that_takes_no_part_has_not_ended_with_success(home: Path) -> None:
    waiting = [waiter(wanted, "a", wanted=wanted) for wanted in ("success", "failure", "any")]
    book = save(home, once(), *waiting, shell("a", "true", status="paused"))
    assert run_timing(str(home), "t") == 0
    assert statuses(book) == {"success": "skipped", "failure": "skipped", "any": "success"}
    assert why(book, "success") == "'a' took no part in this slot"


def test_a_one_off_that_is_skipped_has_come_to_its_end(home: Path) -> None:
    book = save(home, once(), waiter("b", "a"), shell("a", "true", status="paused"))
    assert not record.reached_end(book, "t", int(time.time()))
    assert run_timing(str(home), "t") == 0
    assert record.reached_end(book, "t", int(time.time()))


def test_one_that_is_skipped_by_its_active_hours_has_not_either(home: Path) -> None:
    minute = this_minute() % 1440
    never = ((minute + 120) % 1440, (minute + 180) % 1440, 127)
    a = shell("a", "true", active_hours=never)
    book = save(home, recurring(), a, waiter("b", "a"), since=this_minute() - 1)
    assert run_timing(str(home), "t") == 0
    assert statuses(book) == {"a": "skipped", "b": "skipped"}
    assert why(book, "b") == "'a' was skipped"


def test_waiting_takes_no_place_and_no_precedence(home: Path) -> None:
    urgent = [waiter(f"u{number}", "a", priority=0) for number in range(3)]
    book = save(home, once(), *urgent, shell("a", "true", priority=3), concurrency="1")
    assert run_timing(str(home), "t") == 0
    assert set(statuses(book).values()) == {"success"}


def test_a_deadline_counts_from_the_start(home: Path) -> None:
    late = shell("b", "sleep 0.1", timeout=0.7, after=after("a"))
    book = save(home, once(), late, shell("a", "sleep 1"))
    assert run_timing(str(home), "t") == 0
    assert statuses(book)["b"] == "success"


def test_a_retry_does_not_ask_again_what_retention_may_have_forgotten(home: Path) -> None:
    script = "test -e tried && exit 0; : > tried; sleep 1; exit 1"
    options: dict[str, Any] = {"cwd": str(home), "retries": (1, 0, 0, 100, 3)}
    book = save(home, once(), shell("a", "true"), shell("b", script, after=after("a"), **options))
    thread = threading.Thread(target=lambda: run_timing(str(home), "t"))
    thread.start()
    wait_for(lambda: statuses(book).get("b") == "running")
    book.execute("DELETE FROM executions WHERE task_id = 'a'")
    thread.join(10)
    assert [row["status"] for row in rows(book, "b")] == ["failure", "success"]


def test_a_run_by_hand_waits_for_nothing(home: Path) -> None:
    book = save(home, once(), waiter("b", "a"), shell("a", "exit 1"))
    assert run_now(str(home), ["b"], None) == 0
    assert statuses(book) == {"b": "success"}


def test_a_task_paused_meanwhile_is_skipped_and_so_is_what_waits_for_it(home: Path) -> None:
    book = save(home, once(), shell("a", "sleep 1"), waiter("b", "a"), waiter("c", "b"))
    thread = threading.Thread(target=lambda: run_timing(str(home), "t"))
    thread.start()
    wait_for(lambda: "a" in statuses(book) and statuses(book)["a"] == "running")
    book.execute("UPDATE tasks SET status = 'paused' WHERE id = 'b'")
    thread.join(4)
    assert statuses(book) == {"a": "success", "b": "skipped", "c": "skipped"}
    assert why(book, "b") == "its task is paused"
    assert why(book, "c") == "'b' was skipped"


def test_a_stopped_runner_closes_what_waits(home: Path) -> None:
    book = save(home, once(), shell("a", "sleep 60"), waiter("b", "a"))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: statuses(book).get("a") == "running")
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 130
    assert statuses(book) == {"a": "interrupted", "b": "interrupted"}
    assert why(book, "b") == "ncp was stopped before it started"


def killed_firing(book: Connection, home: Path, until: dict[str, str]) -> None:
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: statuses(book) == until)
    process.kill()
    process.wait()


def test_what_a_dead_runner_left_waiting_is_decided_by_what_is_recorded(home: Path) -> None:
    waiting = [waiter("b", "a"), waiter("c", "b"), waiter("d", "a", wanted="any")]
    book = save(home, once(), shell("a", "sleep 60"), *waiting)
    planned = dict.fromkeys("bcd", "planned")
    killed_firing(book, home, {"a": "running", **planned})
    assert run_timing(str(home), "t") == 0
    assert statuses(book) == {
        "a": "interrupted", "b": "skipped", "c": "skipped", "d": "success",
    }  # fmt: skip
    assert why(book, "b") == "'a' ended as interrupted"


def test_what_had_ended_before_a_runner_died_is_not_waited_for_again(home: Path) -> None:
    waiting = waiter("b", "a", jitter=80_000)
    book = save(home, once(), shell("a", "true"), waiting, waiter("c", "b"))
    killed_firing(book, home, {"a": "success", "b": "planned", "c": "planned"})
    assert run_timing(str(home), "t") == 0
    assert statuses(book) == dict.fromkeys("abc", "success")
    assert len(rows(book, "a")) == 1


@pytest.fixture
def other() -> Iterator[tuple[subprocess.Popen[bytes], Owner]]:
    """Another runner, as far as the ledger can tell."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process, (me()[0], process.pid, start_of(process.pid))
        process.kill()


def beside(home: Path, owner: Owner) -> tuple[Connection, str, threading.Thread]:
    """A firing whose task waits for one that another runner has in hand."""
    book = save(home, once(), shell("a", "true"), waiter("b", "a"))
    slot = this_minute()
    book.execute("UPDATE timings SET at = ?", (slot,))
    theirs = record.add(book, ("a", "a", "t"), slot, owner)
    record.begin(book, theirs, "a", slot)
    thread = threading.Thread(target=lambda: run_timing(str(home), "t"))
    thread.start()
    wait_for(lambda: statuses(book).get("b") == "planned")
    return book, theirs, thread


def test_what_another_runner_does_is_waited_for_too(home: Path, other: Any) -> None:
    book, theirs, thread = beside(home, other[1])
    time.sleep(0.5)
    assert statuses(book)["b"] == "planned"
    record.end(book, theirs, "success")
    thread.join(5)
    assert statuses(book) == {"a": "success", "b": "success"}


def test_another_runner_that_dies_is_not_waited_for(home: Path, other: Any) -> None:
    book, _, thread = beside(home, other[1])
    other[0].kill()
    other[0].wait()
    thread.join(5)
    assert statuses(book)["b"] == "skipped"
    assert why(book, "b") == "'a' ended as interrupted"


def test_a_slot_made_up_by_hand_keeps_the_order(home: Path) -> None:
    timing = recurring(since=this_minute() - 3)
    tasks = [waiter("b", "a"), shell("a", "sleep 0.2"), waiter("c", "a", wanted="failure")]
    book = save(home, timing, *tasks)
    found = missed(book, ["b", "a", "c"], most=None)
    assert run_missed(str(home), found, None, []) == 0
    assert statuses(book) == {"a": "success", "b": "success", "c": "skipped"}
    assert span(book, "b")[0] >= span(book, "a")[1]


def test_what_waits_for_a_busy_task_stays_missed_with_it(home: Path, other: Any) -> None:
    book = save(home, recurring(since=this_minute() - 3), shell("a", "true"), waiter("b", "a"))
    record.add(book, ("a", "a", "t"), 1, other[1], status="running")
    found = missed(book, ["a", "b"], most=None)
    assert run_missed(str(home), found, None, []) == 0
    assert "b" not in statuses(book)


def test_a_claim_says_what_is_waited_for_by_name(home: Path) -> None:
    a = shell("a", "true")
    a.name = "Get it"
    timing = once()
    book = save(home, timing, a, waiter("b", "a"))
    claiming.claim(book, timing, time.time(), me())
    assert why(book, "b") == "after 'Get it'"

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from ncp.errors import HomeError
from ncp.guard import ALWAYS
from ncp.ledger import history, schema, statistics
from ncp.ledger.compiled import compiled_timing
from ncp.ledger.record import NO_RUNNER
from ncp.ledger.schema import Transaction, connect

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_ledger_is_private_and_does_not_block_readers(tmp_path: Path) -> None:
    connection = connect(str(tmp_path))
    assert (tmp_path / "state.db").stat().st_mode & 0o777 == 0o600
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS),)


def test_a_ledger_opens_again_as_it_was(tmp_path: Path) -> None:
    connect(str(tmp_path)).execute("INSERT INTO meta VALUES ('a', 'b')")
    assert connect(str(tmp_path)).execute("SELECT * FROM meta").fetchall() == [("a", "b")]


def test_many_may_open_a_new_ledger_at_once(tmp_path: Path) -> None:
    failures: list[Exception] = []

    def open_it() -> None:
        try:
            connect(str(tmp_path)).close()
        except sqlite3.Error as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_ledger_from_before_intervals_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
    old = connect(str(tmp_path))
    old.execute("INSERT INTO timings VALUES ('t', 'daily', NULL, '', '0,0', 5)")
    old.close()
    monkeypatch.undo()
    timing = compiled_timing(connect(str(tmp_path)), "t")
    assert timing is not None
    assert (timing.since, timing.every) == (5, ALWAYS)


def test_a_ledger_from_before_causes_knows_whose_end_nobody_saw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = next(n for n, one in enumerate(schema.MIGRATIONS) if "COLUMN cause" in one[0])
    monkeypatch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:newest])
    old = connect(str(tmp_path))
    for name, reason in (("lost", NO_RUNNER), ("seen", "ended by signal 9")):
        old.execute(
            "INSERT INTO executions (id, task_id, task_name, timing_id, status, reason, planned_at,"
            " started_at, ended_at, boot_id, pid, pid_start)"
            " VALUES (?, 'a', 'a', 't', 'interrupted', ?, 1, 1, 5, '', 1, '')",
            (name, reason),
        )
    old.close()
    monkeypatch.undo()
    book = connect(str(tmp_path))
    assert {e["executionId"]: e["durationMs"] for e in history.executions(book)} == {
        "lost": None,
        "seen": 4,
    }
    assert statistics.durations(book, "a", ["interrupted"])["p50"] == 4


def test_a_newer_ledger_is_refused(tmp_path: Path) -> None:
    connect(str(tmp_path)).execute("PRAGMA user_version=999")
    with pytest.raises(HomeError, match="A newer ncp wrote this ledger"):
        connect(str(tmp_path))


def test_a_damaged_ledger_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"\0damaged" * 2000)
    with pytest.raises(HomeError, match="is not a database") as caught:
        connect(str(tmp_path))
    assert caught.value.next_step.endswith("ncp schedule sync")


def test_a_ledger_that_cannot_be_used_is_no_defect(tmp_path: Path) -> None:
    connect(str(tmp_path)).close()
    (tmp_path / "state.db-wal").mkdir()
    with pytest.raises(HomeError, match="The ledger cannot be used") as caught:
        connect(str(tmp_path))
    assert "has room" in caught.value.next_step


def test_a_home_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="No such file or directory") as caught:
        connect(str(tmp_path / "nowhere"))
    assert caught.value.where == f"{tmp_path}/nowhere/state.db"


def test_a_transaction_writes_all_or_nothing(tmp_path: Path) -> None:
    connection = connect(str(tmp_path))

    def fail_halfway() -> None:
        with Transaction(connection):
            connection.execute("INSERT INTO meta VALUES ('a', 'b')")
            raise KeyError

    with pytest.raises(KeyError):
        fail_halfway()
    assert connection.execute("SELECT * FROM meta").fetchall() == []


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT * FROM executions ORDER BY number DESC LIMIT 50", "SCAN executions"),
        ("SELECT * FROM executions WHERE task_id = 'a' ORDER BY number DESC", "executions_of_task"),
        (
            "SELECT * FROM executions WHERE timing_id = 'a' ORDER BY number DESC",
            "executions_of_timing",
        ),
        ("SELECT * FROM tasks WHERE timing_id = 'a' ORDER BY position", "tasks_of_timing"),
        ("SELECT max(slot) FROM slots WHERE timing_id = 'a' AND slot <= 5", "PRIMARY KEY"),
    ],
)
def test_what_is_asked_often_needs_no_sorting(tmp_path: Path, query: str, index: str) -> None:
    rows = connect(str(tmp_path)).execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
    plan = " / ".join(row[3] for row in rows)
    assert index in plan
    assert "TEMP B-TREE" not in plan


def test_a_second_connection_does_not_take_the_locks_of_the_first(tmp_path: Path) -> None:
    """Another process would otherwise take itself for the last one, and remove the log."""
    first = connect(str(tmp_path))
    first.execute("INSERT OR REPLACE INTO meta VALUES ('a', 'b')")
    connect(str(tmp_path)).close()
    script = "import sys; from ncp.ledger.schema import connect; connect(sys.argv[1]).close()"
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)
    assert (tmp_path / "state.db-wal").exists()
    first.close()


def test_a_transaction_for_which_there_is_no_room_is_taken_back_whole(tmp_path: Path) -> None:
    connection = connect(str(tmp_path))
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")
    many = ((str(number), "x" * 4000) for number in range(200))
    with pytest.raises(sqlite3.OperationalError, match="full"), Transaction(connection):
        connection.executemany("INSERT INTO meta VALUES (?, ?)", many)
    assert not connection.in_transaction
    assert connection.execute("SELECT count(*) FROM meta").fetchone() == (0,)


def test_a_commit_that_fails_leaves_nothing_open(tmp_path: Path) -> None:
    connection = connect(str(tmp_path))
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("CREATE TABLE parent (id PRIMARY KEY)")
    connection.execute(
        "CREATE TABLE child (id REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
    )
    with pytest.raises(sqlite3.IntegrityError), Transaction(connection):
        connection.execute("INSERT INTO child VALUES (1)")
    with Transaction(connection):
        connection.execute("INSERT INTO parent VALUES (1)")

"""A damaged or locked ledger is said in words, by every command, with what to do."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cli.conftest import Ncp, ncp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["ncp"]
COMMANDS = (
    (),
    ("schedule", "list"),
    ("schedule", "run", "a"),
    ("schedule", "executions"),
    ("schedule", "stats"),
    ("schedule", "get", "a"),
    ("schedule", "pause", "a"),
    ("schedule", "sync"),
    ("_timing-run", "hourly"),
)


@pytest.fixture
def home(ncp: Ncp) -> Path:
    """A home with a task that has run, and its ledger in one file."""
    ncp.create("hourly", name="a")
    for _ in range(3):
        ncp("schedule", "run", "a")
    with sqlite3.connect(ncp.home / "state.db") as book:
        book.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    book.close()
    return ncp.home


def zeroed(page: int) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        data = bytearray(file.read_bytes())
        size = int.from_bytes(data[16:18], "big")
        data[page * size : (page + 1) * size] = bytes(size)
        file.write_bytes(data)

    return damage


def schema_that_is_no_text(file: Path) -> None:
    data = file.read_bytes()
    assert b"CREATE TABLE tasks" in data
    file.write_bytes(data.replace(b"CREATE TABLE tasks", b"CREATE TABLE \xff\xfe\xfd\xfc\xfb"))


def no_database(file: Path) -> None:
    file.write_bytes(b"Dear diary,\n" * 500)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20_000])


def a_table_is_gone(file: Path) -> None:
    with sqlite3.connect(file) as book:
        book.execute("DROP TABLE executions")
        book.execute("DROP TABLE task_state")
    book.close()


def a_name_that_is_no_text(file: Path) -> None:
    with sqlite3.connect(file) as book:
        book.execute("UPDATE tasks SET name = CAST(x'fffe' AS TEXT)")
        book.execute("UPDATE executions SET task_name = CAST(x'fffe' AS TEXT)")
    book.close()


def one_table_is_gone(name: str) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        with sqlite3.connect(file) as book:
            book.execute(f"DROP TABLE {name}")
        book.close()

    return damage


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


TABLES = (
    *("cleanings", "executions", "forgotten", "meta", "orphans", "slots", "steps"),
    *("task_state", "tasks", "timings", "wakes"),
)
DAMAGE = {
    "a folder": a_folder,
    "no table orphans": one_table_is_gone("orphans"),
    **{f"page {page} zeroed": zeroed(page) for page in (1, 2, 3, 4, 5, 8, 9, 10)},
    "schema": schema_that_is_no_text,
    "no database": no_database,
    "cut off": cut_off,
    "no table": a_table_is_gone,
    "no text": a_name_that_is_no_text,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_each_damage_is_said_in_words_and_the_line_to_paste_mends_it(
    ncp: Ncp, home: Path, damage: Callable[[Path], None]
) -> None:
    damage(home / "state.db")
    kept = shutil.copytree(home, ncp.user_home / "kept")
    for words in COMMANDS:
        said = ncp(*words)
        assert "defect" not in said.err + said.out, words
        assert "Traceback" not in said.err, words
    log = "".join(path.read_text() for path in (home / "logs").glob("*.log"))
    assert "ncp itself failed" not in log
    for name in ("state.db", "state.db-wal", "state.db-shm"):
        if (home / name).is_dir():
            continue
        (home / name).unlink(missing_ok=True)
        if (kept / name).exists():
            shutil.copy(kept / name, home / name)
    doctor = ncp("doctor")
    assert "defect" not in doctor.out
    assert "The ledger cannot be read" in doctor.out
    assert doctor.code == 1
    assert "ok      interpreter" in doctor.out
    line = doctor.out.partition("To mend it: mkdir")[2].splitlines()[0]
    program = f'ncp() {{ {sys.executable} -m ncp "$@"; }}; mkdir{line}'
    subprocess.run(program, shell=True, check=True, env=ncp.environment)
    assert "The ledger cannot be read" not in ncp("doctor").out
    assert ncp("schedule", "run", "a").code == 0
    assert (home / "damaged" / "state.db").exists()


def is_whole(file: Path) -> bool:
    """SQLite's own judgement."""
    book = sqlite3.connect(file)
    try:
        return bool(book.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False
    finally:
        book.close()


def test_a_sync_does_not_say_that_a_damaged_ledger_is_well(ncp: Ncp, home: Path) -> None:
    pages = (home / "state.db").stat().st_size // 4096
    whole = (home / "state.db").read_bytes()
    silent = []
    for page in range(1, pages):
        for name in ("state.db-wal", "state.db-shm"):
            (home / name).unlink(missing_ok=True)
        (home / "state.db").write_bytes(whole)
        zeroed(page)(home / "state.db")
        if not is_whole(home / "state.db") and ncp("schedule", "sync").code == 0:
            silent.append(page)
    assert silent == []


def test_a_locked_ledger_is_busy_and_says_so(
    ncp: Ncp, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ncp.ledger.schema.BUSY_SECONDS", 0.1)
    book = sqlite3.connect(home / "state.db", isolation_level=None)
    book.execute("BEGIN EXCLUSIVE")
    try:
        said = ncp("schedule", "pause", "a")
    finally:
        book.close()
    assert said.code == 5
    assert "Another process keeps the ledger to itself" in said.err
    assert "disk" not in said.err


def test_doctor_goes_on_after_a_check_that_fails_in_any_way(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(site: object) -> None:
        raise ZeroDivisionError(site)

    monkeypatch.setattr("ncp.doctor.OURS", (("odd", broken), *__import__("ncp.doctor").doctor.OURS))
    said = ncp("doctor")
    assert said.code == 1
    assert "odd: This check failed by a defect of ncp: ZeroDivisionError" in said.out
    assert "ok      interpreter" in said.out


@pytest.mark.parametrize("name", TABLES)
def test_a_sync_misses_each_table_that_is_gone(ncp: Ncp, home: Path, name: str) -> None:
    """Without that it says that all is well, and every firing fails."""
    one_table_is_gone(name)(home / "state.db")
    said = ncp("schedule", "sync")
    assert said.code == 2
    assert f'its table "{name}" is missing' in said.err
    assert "mv " in said.err


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_program_that_calls_the_api_is_told_of_damage_in_words(
    ncp: Ncp, home: Path, damage: Callable[[Path], None]
) -> None:
    damage(home / "state.db")
    program = """
import sys, ncp
s = ncp.Schedule(sys.argv[1])
for call in (
    lambda: s.model, s.list_tasks, s.list_timings, s.executions, s.plan, s.sync,
    lambda: s.get_task("a"), lambda: s.find("a"), lambda: s.pause("a"), lambda: s.resume("a"),
    lambda: s.update_task("a", description="b"), lambda: s.create_task("daily", ["date"]),
    lambda: s.delete_task("a"), s.uninstall,
):
    try:
        call()
    except ncp.NcpError as error:
        assert "ledger" in str(error), error
        assert error.next_step.startswith("Run: mkdir"), error.next_step
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(home)],
        env=ncp.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""

"""What tables show on terminals of all widths: nothing wraps, and what one came for stays whole."""

from __future__ import annotations

import json
import re
import sqlite3
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cli.terminal import Terminal
from ncp.cli import fitting, quick, tables
from ncp.cli.tables import Clock, short_executions, short_ids

if TYPE_CHECKING:
    from cli.conftest import Ncp

WIDTHS = (60, 80, 100, 120)
COLOURS = re.compile(r"\x1b\[[\d;]*m")
LONG = "a very long name of a task that copies everything " * 4
WIDE = "每日備份資料庫到遠端伺服器 🎉" * 6
REASON = "its runner ended before it did, or could not record its end; " * 4
OLD = 40 * 86_400_000


def cells(text: str) -> int:
    """How many cells a terminal gives to a text, by the tables of Unicode."""
    return sum(
        0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in "WF")
        for one in text
    )


def seen(ncp: Ncp, width: int, *argv: str) -> list[str]:
    """The lines of a command on a terminal of that width."""
    environment = {**ncp.environment, "COLUMNS": str(width)}
    with Terminal(ncp.program(*argv), environment) as terminal:
        return COLOURS.sub("", terminal.rest()).replace("\r", "").splitlines()


def remember(ncp: Ncp, count: int, task: dict[str, str], *, ago: int = 0, **values: object) -> None:
    """Add executions that ended as `values` say."""
    now = time.time_ns() // 1_000_000 - ago
    row = {"status": "interrupted", "reason": REASON, "exit_code": 127, **values}
    with sqlite3.connect(ncp.home / "state.db") as book:
        (last,) = book.execute("SELECT count(*) FROM executions").fetchone()
        book.executemany(
            "INSERT INTO executions (id, task_id, task_name, timing_id, slot, status, reason,"
            " exit_code, planned_at, started_at, ended_at, boot_id, pid, pid_start)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?9, ?9, ?10, '', 1, '')",
            [
                (
                    f"20261120T081500-{number:06x}{number:06x}",
                    *(task["id"], task["name"], task["timingId"], number),
                    *(row["status"], row["reason"], row["exit_code"]),
                    *(now, now + 119_900),
                )
                for number in range(last + 1, last + 1 + count)
            ],
        )
        book.execute(
            "INSERT OR REPLACE INTO task_state VALUES (?, 1, 0, NULL, NULL, ?, ?)",
            (task["id"], now, row["status"]),
        )
    book.close()


@pytest.fixture
def crowded(ncp: Ncp) -> Ncp:
    """Tasks with long and wide names, whose executions ended in the longest words."""
    for name in (LONG, WIDE, "x"):
        task = ncp.create("weekdays at 9am and 5:30pm", name=name)
        remember(ncp, 2, task)
        remember(ncp, 1, task, ago=OLD)
    return ncp


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_of_a_table_is_wider_than_the_terminal(crowded: Ncp, width: int) -> None:
    crowded.create("0 0 1 1 *", name=LONG)
    crowded.overdue(minutes=60 * 24 * 400)
    for words in (
        ("schedule", "executions"),
        ("schedule", "executions", "--since", "2001-01-01"),
        ("schedule", "list"),
        ("schedule", "list", "--status", "active"),
        ("schedule", "stats"),
        ("schedule", "catchup", "--dry-run"),
        ("schedule", "get", "x"),
    ):
        lines = seen(crowded, width, *words)
        start = next((at for at, line in enumerate(lines) if re.match("[A-Z]{4}", line)), None)
        assert start is not None, lines
        assert len(lines) > start + 1, words
        assert max(map(cells, lines[start:])) <= width, words


@pytest.mark.parametrize("width", WIDTHS)
def test_status_exit_took_and_an_id_that_can_be_typed_are_whole(crowded: Ncp, width: int) -> None:
    found = json.loads(crowded("schedule", "executions", "--json").out)["executions"]
    title, *lines = seen(crowded, width, "schedule", "executions")
    assert {"TASK", "STATUS", "EXIT", "TOOK", "ID"} <= set(title.split())
    assert len(lines) == len(found)
    for line, one in zip(lines, found, strict=True):
        assert re.search(r"interrupted +127 +119\.9 s ", line)
        short = line.split()[-1]
        assert len(short) == 8
        shown = crowded("schedule", "show", short, "--json")
        assert json.loads(shown.out)["executionId"] == one["executionId"]
        assert crowded("schedule", "logs", "--execution", short).code == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_a_task_keeps_its_status_result_and_an_id_that_can_be_typed(
    crowded: Ncp, width: int
) -> None:
    tasks = {task["id"]: task for task in crowded("schedule", "list", "--json").json["tasks"]}
    title, *lines = seen(crowded, width, "schedule", "list")
    assert {"NAME", "STATUS", "RESULT", "NEXT", "ID"} <= set(title.split())
    assert len(lines) == 3
    for line in lines:
        assert " active " in line
        assert " interrupted " in line
        found = crowded("schedule", "get", line.split()[-1], "--json").json
        assert found["id"] in tasks
    for words in ("pause", "resume", "run", "executions", "stats", "explain", "update"):
        more = ("--timeout", "9") if words == "update" else ()
        assert crowded("schedule", words, lines[0].split()[-1], *more).code == 0, words
    title, *lines = seen(crowded, width, "schedule", "stats")
    assert {"TASK", "RAN", "BAD", "RATE", "MEDIAN", "ID"} <= set(title.split())
    assert {line.split()[-1] for line in lines} == {id_[:8] for id_ in tasks}


@pytest.mark.parametrize("width", WIDTHS)
def test_five_hundred_rows_fit_as_one_does_and_quickly(ncp: Ncp, width: int) -> None:
    remember(ncp, 500, ncp.create("hourly", name=WIDE))
    begun = time.process_time()
    lines = seen(ncp, width, "schedule", "executions", "-n", "500")
    assert time.process_time() - begun < 5
    assert len(lines) == 501
    assert max(map(cells, lines)) <= width
    assert len({line.split()[-1] for line in lines[1:]}) == 500


@pytest.mark.parametrize("argv", [("list",), ("executions",), ("executions", "x", "-n", "2")])
@pytest.mark.parametrize("width", [60, 120])
def test_a_quick_answer_looks_like_the_full_one(
    crowded: Ncp, argv: tuple[str, ...], width: int
) -> None:
    crowded("schedule", "list", "--json")
    assert quick.answer(["schedule", *argv]) == 0
    at_once = seen(crowded, width, "schedule", *argv)
    with sqlite3.connect(crowded.home / "state.db") as book:
        book.execute("DELETE FROM meta WHERE key = 'seal'")
    book.close()
    assert seen(crowded, width, "schedule", *argv) == at_once


def test_a_terminal_that_knows_ascii_only_has_no_line_that_wraps(crowded: Ncp) -> None:
    crowded.environment.update(LANG="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", LC_ALL="C")
    for line in seen(crowded, 80, "schedule", "list"):
        assert line.isascii()
        assert len(line) <= 80


def test_a_file_gets_all_columns_whole(crowded: Ncp) -> None:
    said = crowded("schedule", "executions").out
    assert REASON.strip() in said
    assert "20261120T081500-" in said


TODAY = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
MOMENTS = (
    (timedelta(), "15:00", "in 0 s"),
    (timedelta(seconds=30), "15:00", "in 30 s"),
    (timedelta(minutes=4), "15:04", "in 4 min"),
    (timedelta(minutes=3, seconds=20), "15:03", "in 4 min"),
    (timedelta(minutes=59, seconds=59), "15:59", "in 60 min"),
    (timedelta(hours=1), "16:00", "16:00"),
    (timedelta(minutes=-4), "14:56", "14:56"),
    (timedelta(hours=-15), "00:00", "00:00"),
    (timedelta(hours=9), "Tue 1 Dec 00:00", "Tue 1 Dec 00:00"),
    (timedelta(hours=-16), "Sun 29 Nov 23:00", "Sun 29 Nov 23:00"),
    (timedelta(days=400), "4 Jan 2028 15:00", "4 Jan 2028 15:00"),
)


@pytest.mark.parametrize(("ahead", "shown", "coming"), MOMENTS, ids=str)
def test_times_are_short_where_a_person_looks(ahead: timedelta, shown: str, coming: str) -> None:
    def formatted(second: float, form: str) -> str:
        return datetime.fromtimestamp(second, UTC).strftime(form)

    clock = Clock(formatted, TODAY.timestamp(), compact=True)
    at = (TODAY + ahead).timestamp()
    assert (clock(at), clock.coming(at)) == (shown, coming)
    assert (clock(None), clock.coming(None)) == (None, None)
    whole = Clock(formatted, TODAY.timestamp(), compact=False)
    assert whole(at) == whole.coming(at) == (TODAY + ahead).strftime("%a %Y-%m-%d %H:%M UTC")


SHORTENED: tuple[tuple[set[str], set[str], set[str]], ...] = (
    ({"0123456789", "abcdefghij"}, set(), {"01234567", "abcdefgh"}),
    ({"backup-db-1", "backup-db-2", "x"}, set(), {"backup-db-1", "backup-db-2", "x"}),
    ({"backup-db-10", "backup-db-1"}, set(), {"backup-db-10", "backup-db-1"}),
    ({"0123456789"}, {"01234567", "012345678"}, {"0123456789"}),
    (set(), set(), set()),
)


@pytest.mark.parametrize(("ids", "words", "short"), SHORTENED, ids=range(len(SHORTENED)))
def test_an_id_is_as_short_as_it_still_means_that_task(
    ids: set[str], words: set[str], short: set[str]
) -> None:
    found = short_ids(ids, words)
    assert set(found.values()) == short
    for id_, start in found.items():
        assert start == id_ or [one for one in ids if one.startswith(start)] == [id_]


def test_ids_of_executions_that_begin_alike_are_shown_whole() -> None:
    alike = ["20261120T081500-aaaaaaaa0001", "20261120T081501-aaaaaaaa0002"]
    other = ["20261120T081500-bbbbbbbb0001", "20261120T081500-old", "old"]
    assert short_executions([*alike, *other]) == [*alike, "bbbbbbbb", *other[1:]]


@pytest.mark.parametrize("width", [1, 5, 20, 40, *WIDTHS, 200])
@pytest.mark.parametrize("headings", [tables.TASKS, tables.EXECUTIONS], ids=["tasks", "executions"])
def test_any_row_fits_into_any_width(width: int, headings: tuple[str, ...]) -> None:
    texts = [WIDE, LONG, "-", "x"]
    rows = [[texts[(at + shift) % 4] for at in range(len(headings))] for shift in range(4)]
    titles, found = fitting.fitted(headings, rows, width)
    lines = ["  ".join(row) for row in [titles, *found]]
    assert len({cells(line) for line in lines}) == 1
    assert cells(lines[0]) <= max(width, 3 * len(titles) - 2)


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        *((None, None), (0, "0 ms"), (999, "999 ms"), (1000, "1.0 s"), (119_900, "119.9 s")),
        *((120_000, "2 min"), (7_100_000, "118 min"), (7_200_000, "2.0 h")),
        *((172_000_000, "47.8 h"), (864_000_000, "10.0 d")),
    ],
)
def test_a_duration_is_short(ms: int | None, text: str | None) -> None:
    assert tables.took(ms) == text


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_times_of_missed_slots_are_whole(ncp: Ncp, width: int) -> None:
    task = ncp.create("every minute", "sh", "-c", "exit 3", name="backup")
    ncp.overdue(5)
    ncp("_timing-run", task["timingId"])
    line = seen(ncp, width, "schedule", "executions")[1]
    times = re.search(r" missed (\d+): (\d\d:\d\d)-(\d\d:\d\d) ", line)
    assert times is not None, line
    assert times[2] != times[3]

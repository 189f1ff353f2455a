from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers import NOON, recurring, save, task
from ncp.ledger.rows import replace_rows
from ncp.ledger.saving import save_compiled
from ncp.ledger.schema import connect

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("id", "value")
ROWS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from([None, 1, "1", b"1", 1.5])),
    unique_by=lambda row: row[0],
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.lists(ROWS, max_size=4))
@pytest.mark.parametrize(("order", "end"), [("rowid", ""), ("id", " WITHOUT ROWID")])
def test_a_table_holds_what_it_was_told_last_in_that_order(
    tmp_path: Path, states: list[list[tuple[str, object]]], order: str, end: str
) -> None:
    book = connect(str(tmp_path))
    book.execute("DROP TABLE IF EXISTS t")
    book.execute(f"CREATE TABLE t (id TEXT PRIMARY KEY, value){end}")
    for rows in states:
        replace_rows(book, "t", COLUMNS, rows, order=order)
        found = book.execute(f"SELECT id, value, typeof(value) FROM t ORDER BY {order}").fetchall()
        wanted = rows if order == "rowid" else sorted(rows, key=lambda row: row[0])
        assert [row[:2] for row in found] == wanted
        assert [type(row[1]) for row in found] == [type(row[1]) for row in wanted]
    book.close()


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    names = [f"t{number}" for number in range(50)]
    book = save(tmp_path, recurring(), *map(task, names))
    counts = [book.total_changes]
    same = list(map(task, names))
    for tasks in (same, same, [*same[:-1], task("t49", "other"), task("new")], same):
        save_compiled(book, [recurring()], tasks, {}, NOON - 1)
        counts.append(book.total_changes)
    assert [after - before for before, after in pairwise(counts)] == [
        49,
        0,
        2,
        2,
    ]  # 49: first, they had other places
    book.close()

"""Counters that the old tool kept in schedule.json, as the ledger counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.fields import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncp.ledger.baseline import Counters


def rows(counters: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[Counters]:
    """Turn what tasks said into rows of the ledger; what is no count is left out."""
    for task_id, said in counters:
        count, last_id = said.get("executionCount"), said.get("lastExecutionId")
        if isinstance(count, int) and 0 < count <= values.MOST_EXECUTIONS:
            known = last_id if isinstance(last_id, str) else None
            yield task_id, int(count), known, _milliseconds(said.get("lastExecutionAt")), None


def _milliseconds(text: object) -> int | None:
    try:
        return int(values.instant(str(text)).timestamp() * 1000)
    except ValueError:
        return None

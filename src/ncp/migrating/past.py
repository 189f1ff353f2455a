"""The old executions/ folder of a home: read, and taken into the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.document import text
from ncp.errors import DocumentError
from ncp.migrating import history
from ncp.runner.kept import encoded
from ncp.store import schedule as schedules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ncp.applying.site import Site
    from ncp.ledger.baseline import Execution
    from ncp.migrating.history import Past
    from ncp.model import Schedule

TABLE = "summary.csv"


def read(folder: Path) -> tuple[list[Past], tuple[str, ...]]:
    """Read the table and the results; what cannot be read is said and left out."""
    table = schedules.contents(folder / TABLE) or b""
    results: dict[str, Any] = {}
    bad: list[str] = []
    for file in sorted((folder / "results").glob("*.json")):
        try:
            results[file.stem] = text.parse(schedules.contents(file) or b"", str(file))
        except DocumentError as error:
            bad.append(f"{error.where}: {error.what} It is left out of the history.")
    past, notes = history.read(table.decode("utf-8-sig", "replace"), results)
    return past, (*notes, *bad)


def said(past: Sequence[Past]) -> tuple[str, ...]:
    """Say how many came along."""
    return (f"Old executions taken into the history: {len(past)}.",) if past else ()


def rows(
    site: Site, past: Sequence[Past], known: Mapping[str, str], schedule: Schedule
) -> list[Execution]:
    """Lay executions out for the ledger; `known` are the ids of tasks by those of jobs."""
    return [_row(site, one, known.get(one.job_id, one.job_id), schedule) for one in past]


def _row(site: Site, past: Past, task_id: str, schedule: Schedule) -> Execution:
    task = schedule.tasks.get(task_id)
    ended = past.ended
    return (
        past.id,
        task_id,
        past.name or (task.name if task else task_id),
        task.timing_id if task else "",
        past.status,
        past.error or None,
        0 if past.status == "success" else None,
        int(past.started.timestamp() * 1000),
        None if ended is None else int(ended.timestamp() * 1000),
        _kept(site, past),
    )


def _kept(site: Site, past: Past) -> str | None:
    """Write what an execution left into a file as those of ncp; the old one stays, too."""
    if past.output is None:
        return None
    path = site.home.path / "executions" / past.started.strftime("%Y-%m-%d") / f"{past.id}.log"
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    path.write_bytes(encoded(*past.output))
    path.chmod(0o600)
    return str(path)

"""One execution, with all that is known of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ncp.api import logs, printed, reading, resolving
from ncp.errors import InputError, NotFoundError
from ncp.ledger import history
from ncp.runner.output import beside

if TYPE_CHECKING:
    from ncp.applying.site import Site

MOST_NAMED = 5


def of_execution(site: Site, reference: str) -> dict[str, Any]:
    """Lay out one execution as `show --json` prints it.

    It is named by its id, by a start of it that no other has, or by its task,
    whose newest it then is. Beside the keys of `executions`: `steps`, `hook`,
    `files` (the paths of what lies beside the output), `output` and `pieces`.
    """
    found = find(site, reference)
    execution_id = str(found["executionId"])
    ran = history.steps(site.ledger, execution_id)
    output = printed.tree(execution_id, logs.output_of(site, execution_id))
    return {**found, **ran, "files": _files(found["outputPath"]), **output}


def _files(output: str | None) -> list[str]:
    """List what a tool has left beside its output, in the order of the names."""
    folder = None if output is None else Path(beside(output))
    return [] if folder is None or not folder.is_dir() else sorted(map(str, folder.iterdir()))


def find(site: Site, reference: str) -> dict[str, Any]:
    """Find an execution by its id, the start of that or of its random part, or by its task."""
    ids = _ids(site, reference)
    if len(ids) > 1 and reference not in ids:
        raise InputError(
            f'More than one execution has an id that begins with "{reference}".',
            where="execution",
            next_step=f"Write more of it: {', '.join(ids[:MOST_NAMED])}.",
        )
    if not ids:
        return _newest(site, reference)
    execution_id = reference if reference in ids else ids[0]
    return history.execution(site.ledger, execution_id) or _newest(site, reference)


def _ids(site: Site, reference: str) -> list[str]:
    if len(reference) < resolving.SHORTEST_PREFIX or not site.home.ledger.exists():
        return []
    return history.execution_ids(site.ledger, reference, MOST_NAMED)


def _newest(site: Site, reference: str) -> dict[str, Any]:
    try:
        task = resolving.task(site.document.schedule, reference)
    except NotFoundError:
        raise NotFoundError(
            f'No execution has the id "{reference}", and no task is called so.',
            where="execution",
            next_step="Run: ncp schedule executions",
        ) from None
    for found in reading.executions(site, task.id, limit=1):
        return found
    raise NotFoundError(
        f'"{task.name}" has not run yet.',
        where="execution",
        next_step=f"Run it now: ncp schedule run {task.id}",
    )

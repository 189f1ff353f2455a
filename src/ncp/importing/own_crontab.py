"""The crontab of the user who runs ncp: read as a whole, and lines of it commented out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.applying import changing
from ncp.errors import InputError, SchedulerError
from ncp.host import observe, perform
from ncp.importing.crontab.disabling import disabled
from ncp.intake.opening import Opened
from ncp.targets.cron import deploy, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.applying.site import Site
    from ncp.model import Host
    from ncp.targets.cron.table import Table

WHERE = "your crontab"


def read(host: Host) -> Opened:
    """Read the crontab; InputError where there is none, SchedulerError where it is not shown."""
    if "crontab" not in host.tools:
        raise InputError(
            "There is no crontab on PATH.",
            where="--from-crontab",
            next_step="Name the file: ncp schedule import FILE --format crontab",
        )
    text = _whole(_current(host), host)
    if not text.strip():
        raise InputError(
            "You have no crontab, or an empty one.",
            where=WHERE,
            next_step="Name a file, or see the crontab of another user: sudo crontab -l -u USER",
        )
    return Opened(WHERE, "", text.encode(errors="surrogateescape"))


def _current(host: Host) -> Table:
    return deploy.current(observe(deploy.survey(host)), host)


def _whole(found: Table, host: Host) -> str:
    """Put a table together again as it is."""
    if found.block is None:
        return found.after
    inner = "".join(f"{line}\n" for line in found.block)
    begin, end = (table.marker(sign, host) for sign in (table.BEGIN, table.END))
    return f"{found.before}{begin}\n{inner}{end}\n{found.after}"


def disable(site: Site, read_before: Opened, taken: Mapping[int, str]) -> None:
    """Comment out lines, by their numbers in what was read; ncp's own block may have changed."""
    with changing.locked(site, "import"):
        before = table.split(read_before.loose, site.host)
        now = _current(site.host)
        theirs = before.before + before.after
        if (now.before + now.after).rstrip("\n") != theirs.rstrip("\n"):
            raise _changed(WHERE)
        moved = {_ordinal(number, before): task for number, task in taken.items()}
        _install(now, moved, site.host)


def _ordinal(number: int, found: Table) -> int:
    """The number of a line as if ncp's own block were not there."""
    above = found.before.count("\n")
    ours = 0 if found.block is None else len(found.block) + 2
    return number if number <= above else number - ours


def _install(now: Table, taken: Mapping[int, str], host: Host) -> None:
    """Write the table with its block as it is, and look whether it is there."""
    above = now.before.count("\n")
    below = {number - above: task for number, task in taken.items() if number > above}
    changed = table.Table(
        disabled(now.before, {n: task for n, task in taken.items() if n <= above}),
        now.block,
        disabled(now.after, below),
    )
    text = _whole(changed, host)
    perform(deploy.replaced(text, host))
    if _whole(_current(host), host) != text:
        raise _changed(WHERE)


def _changed(where: str) -> SchedulerError:
    return SchedulerError(
        "The tasks are in ncp, but the crontab was changed meanwhile: its lines still run too.",
        where=where,
        next_step="Run the same command again; it will comment them out.",
    )

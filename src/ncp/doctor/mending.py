"""`ncp doctor --fix`: mend what can be mended safely, and say what was done."""

from __future__ import annotations

from _sqlite3 import DatabaseError
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp.applying import changing, tenants
from ncp.doctor import entries, leftovers, machine
from ncp.errors import NcpError
from ncp.ledger import orphans
from ncp.ledger.schema import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ncp.applying.site import Site

    Mend = Callable[..., Iterator[str]]


@dataclass(frozen=True, slots=True)
class Mended:
    """One thing that was done, or (with `error`) could not be."""

    subject: str
    message: str
    error: bool = False


def mend(site: Site, *, dry_run: bool = False) -> list[Mended]:
    """Go through what can be mended; with `dry_run` only say what would be done.

    What cannot be mended says why, and the others go on.
    """
    return [one for subject, deed in MENDS for one in _tried(site, subject, deed, dry_run=dry_run)]


def _tried(site: Site, subject: str, deed: Mend, *, dry_run: bool) -> Iterator[Mended]:
    try:
        for message in deed(site, dry_run=dry_run):
            yield Mended(subject, message)
    except Exception as error:  # noqa: BLE001  whatever it is, the others go on
        yield Mended(subject, str(in_words(error, str(site.home.ledger))), error=True)


def in_words(error: Exception, ledger: str) -> NcpError:
    """Say what stopped a check, whatever it was."""
    if isinstance(error, NcpError):
        return error
    if isinstance(error, DatabaseError):
        return told(error, ledger)
    if isinstance(error, OSError):
        return NcpError(f"{error.strerror or error}.", where=str(error.filename or ""))
    return NcpError(
        f"This check failed by a defect of ncp: {type(error).__name__}: {error}.",
        next_step="Please report it.",
    )


def _executions(site: Site, *, dry_run: bool) -> Iterator[str]:  # noqa: ARG001  every opening closes them
    if not site.home.ledger.exists():
        return
    _ = site.ledger
    if site.closed:
        yield f"Closed as interrupted, as their runner was dead: {site.closed}."


def _leftovers(site: Site, *, dry_run: bool) -> Iterator[str]:
    for orphan, pids in leftovers.alive_of(site):
        if not dry_run:
            leftovers.end(site, orphan)
        yield f"End {leftovers.said(orphan, pids)} ({orphan.task_name})."
    if not dry_run and site.home.ledger.exists():
        left = {orphan.id for orphan, _ in leftovers.alive_of(site)}
        done = [one.id for one in orphans.everywhere(site.ledger) if one.id not in left]
        if done:
            orphans.seen_to(site.ledger, done)


def _launcher(site: Site, *, dry_run: bool) -> Iterator[str]:
    if all(found.level == "ok" for found in machine.launcher(site)):
        return
    if not dry_run:
        with changing.locked(site, "doctor"):
            site.refresh_launcher()
    yield f"Write {site.home.launcher} anew."


def _sync(site: Site, *, dry_run: bool) -> Iterator[str]:
    checks = (entries.as_wanted, machine.ledger, machine.begins, machine.zone)
    wrong = [one for check in checks for one in check(site) if one.mend == entries.SYNC]
    if not wrong:
        return
    if not dry_run:
        changing.sync(site)
        site.fresh()
    for found in wrong:
        yield f"Sync, because: {found.message}"


def _orphans(site: Site, *, dry_run: bool) -> Iterator[str]:
    """Remove entries that call a launcher which is gone."""
    for found in tenants.orphans(site.host):
        if not dry_run:
            with changing.locked(site, "doctor"):
                tenants.remove(found, site.host)
        yield f"Remove: {tenants.said(found)}"


MENDS: tuple[tuple[str, Mend], ...] = (
    ("executions", _executions),
    ("leftovers", _leftovers),
    ("launcher", _launcher),
    ("entries", _sync),
    ("entries", _orphans),
)

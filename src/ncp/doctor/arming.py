"""Whether what is scheduled will fire, at a glance: the daemon, and entries without their proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ncp import compiler, planning, targets
from ncp.applying import changing, installing, moving
from ncp.doctor.entries import SYNC
from ncp.errors import NcpError
from ncp.host import observe
from ncp.model import Finding, OutOfReach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.applying.site import Site
    from ncp.model import Changes, Entry, Observed
    from ncp.targets.contract import Target

SHOWN = 3


class Arming(NamedTuple):
    """What keeps timings from firing: ids of those without an entry, and what is to be said.

    With `idle` nothing fires at all, whatever entries there are.
    """

    unarmed: frozenset[str]
    idle: bool
    findings: list[Finding]


def look(site: Site) -> Arming:
    """Look at the target once: its daemon, and the entries of all live timings."""
    choice, host = changing.choice(site), site.host
    chosen = targets.target(choice.name)
    observed = observe(chosen.survey(host))
    findings = [found for found in chosen.diagnose(observed, host) if found.level != "ok"]
    trouble = chosen.idle(observed, host)
    if isinstance(trouble, OutOfReach):  # what was installed may well fire
        return Arming(frozenset(), idle=False, findings=findings)
    idle = trouble is not None
    try:
        unarmed, found = _entries(site, chosen, observed)
    except NcpError as error:
        finding = Finding("error", "entries", str(error.what), error.next_step)
        told = any(finding.message in found.message for found in findings)
        return Arming(frozenset(), idle, findings if told else [*findings, finding])
    copied = moving.copied(site)
    if copied:
        found = [Finding("warning", "home", copied, moving.ADOPT)]
    return Arming(unarmed, idle, [*findings, *found])


def _entries(
    site: Site, chosen: Target, observed: Observed
) -> tuple[frozenset[str], list[Finding]]:
    """Compare the entries that live timings need with those that are there."""
    drafts = {
        timing.id: compiler.drafted(timing, chosen.name, site.host)
        for timing in installing.live_timings(site.document.schedule)
    }
    wanted = chosen.wanted(list(drafts.values()), site.host)
    changes = planning.plan(wanted, chosen.found(observed, site.host))
    dead = {entry.key for entry in _dead(changes, chosen.found(observed, site.host))}
    unarmed = frozenset(
        id_ for id_, draft in drafts.items() if dead & _keys(chosen.wanted([draft], site.host))
    )
    return unarmed, [*_said(unarmed, len(drafts), chosen), *_edited(changes, dead)]


def _dead(changes: Changes, found: tuple[Entry, ...]) -> Iterator[Entry]:
    """List what is missing, or is there and the scheduler has not loaded it."""
    loaded = {entry.key for entry in found if entry.loaded}
    yield from changes.add
    yield from (entry for entry in changes.change if entry.key not in loaded)


def _keys(entries: tuple[Entry, ...]) -> set[str]:
    """Name the entries that a timing cannot do without; an event of cron's is not its own."""
    return {entry.key for entry in entries if not entry.key.startswith("@")}


def _said(unarmed: frozenset[str], count: int, chosen: Target) -> Iterator[Finding]:
    if len(unarmed) == count and count:
        what = "the one timing has" if count == 1 else f"none of {count} timings has"
        no = " no" if count == 1 else " an"
        yield Finding(
            "error", "entries", f"Nothing fires: {what}{no} entry in {chosen.name}.", SYNC
        )
    elif unarmed:
        named = ", ".join(sorted(unarmed)[:SHOWN])
        more = f" and {len(unarmed) - SHOWN} more" if len(unarmed) > SHOWN else ""
        do = "does not fire: it has" if len(unarmed) == 1 else "do not fire: they have"
        yield Finding("error", "entries", f"{named}{more} {do} no entry in {chosen.name}.", SYNC)


def _edited(changes: Changes, dead: set[str]) -> Iterator[Finding]:
    edited = [entry.key for entry in changes.change if entry.key not in dead]
    if edited:
        named = ", ".join(edited[:SHOWN]) + (" …" if len(edited) > SHOWN else "")
        yield Finding("warning", "entries", f"Not as ncp wrote it: {named}.", SYNC)

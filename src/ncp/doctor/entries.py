"""The target's own tools, and whether its entries are as the schedule wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import targets
from ncp.applying import changing, installing, moving, tenants
from ncp.host import observe
from ncp.ledger.compiled import get_meta
from ncp.model import Finding, OutOfReach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.applying.site import Site
    from ncp.model import Entry

SYNC = "ncp schedule sync"
MEND = "ncp doctor --fix"
SHOWN = 3


def target(site: Site) -> Iterator[Finding]:
    """Name the target and the reason, then say what its own tools do."""
    choice = changing.choice(site)
    yield Finding("ok", "target", f"{choice.name}: {choice.reason}.")
    chosen = targets.target(choice.name)
    yield from chosen.diagnose(observe(chosen.survey(site.host)), site.host)


def as_wanted(site: Site) -> Iterator[Finding]:
    """Are the entries what a sync would make them, with no change half done?"""
    if site.home.ledger.exists() and get_meta(site.ledger, changing.PENDING):
        yield Finding("warning", "entries", "A change was interrupted.", SYNC)
    name = changing.choice(site).name
    chosen = targets.target(name)
    trouble = chosen.idle(observe(chosen.survey(site.host)), site.host)
    if isinstance(trouble, OutOfReach):
        message = f"Whether they are as wanted cannot be seen, as {name} cannot be asked."
        yield Finding("warning", "entries", message, trouble.mend)
        return
    wanted = installing.artifacts(site.document.schedule, name, site.host)
    changes, _ = installing.plan(wanted, name, site.host)
    if changes.empty:
        kept = len(changes.keep)
        message = f"All {kept} are as wanted." if kept else "None is wanted, and there is none."
        yield Finding("ok", "entries", message)
        return
    mend = moving.ADOPT if site.original else SYNC
    for kind, found in (("missing", changes.add), ("not as wanted", changes.change)):
        if found:
            yield Finding("error", "entries", f"{_listed(found)} {kind}.", mend)
    if changes.remove:
        yield Finding("warning", "entries", f"{_listed(changes.remove)} not wanted.", mend)


def orphans(site: Site) -> Iterator[Finding]:
    """Name entries of ncp's whose launcher is gone, whatever home they are of."""
    for found in tenants.orphans(site.host):
        yield Finding("warning", "entries", tenants.said(found), MEND)
    copied = moving.copied(site)
    if copied:
        yield Finding("warning", "home", copied, moving.ADOPT)


def _listed(entries: tuple[Entry, ...]) -> str:
    """Name the first entries, and say how many more there are."""
    named = ", ".join(entry.key for entry in entries[:SHOWN])
    more = len(entries) - SHOWN
    return (
        f"{named} {f'and {more} more ' if more > 0 else ''}{'is' if len(entries) == 1 else 'are'}"
    )

"""Do what was foretold in one change, or report what that would do: the same function says both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.applying import changing, installing
from ncp.intake.items import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ncp.applying.changing import Outcome
    from ncp.applying.site import Site
    from ncp.intake.items import Foretold
    from ncp.model import Schedule


def foresee(
    site: Site, found: Foretold, notes: Sequence[str] = (), target: str | None = None, *, dry: bool
) -> Report:
    """Report what the machine would be told; `target` is for a home that has none yet."""
    changing.require_same_target(site, target)
    name = changing.choice(site, target).name
    wanted = installing.artifacts(found.schedule, name, site.host)
    changes = installing.plan(wanted, name, site.host)[0]
    return Report(found.lines, name, changes, tuple(notes), dry)


def carry_out(
    site: Site,
    verb: str,
    foretell: Callable[[Schedule], Foretold],
    notes: Sequence[str] = (),
    target: str | None = None,
) -> Report:
    """Write what is foretold of the schedule as it is under the lock, in one change."""
    found: list[Foretold] = []

    def edit(current: Schedule) -> Schedule:
        found.append(foretell(current))
        return found[-1].schedule

    outcome = changing.change(site, verb, edit, target=target)
    site.fresh()
    return told(found[-1], notes, outcome)


def told(found: Foretold, notes: Sequence[str], outcome: Outcome) -> Report:
    """Report what was done, and what the machine was told."""
    choice, said = outcome.choice, (*notes, *outcome.advice)
    return Report(found.lines, choice.name, outcome.changes, said, chosen=choice.news)

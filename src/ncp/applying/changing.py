"""The order of a change: document, compiled copy, OS entries; under one lock per user.

A mark in the ledger stands from before the first write until after the last
step. Whoever finds it under the lock finishes the job from the document.
"""

from __future__ import annotations

import contextlib
import functools
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ncp import files, fingerprint, rendering, targets
from ncp.applying import absent, ahead, choosing, counting, installing, moving
from ncp.applying.site import SEAL
from ncp.cron import zones
from ncp.document.unknown import unknown
from ncp.errors import DocumentError, InputError, SchedulerError
from ncp.ledger import baseline
from ncp.ledger.compiled import get_meta, set_meta
from ncp.ledger.saving import save_compiled
from ncp.ledger.schema import require_whole
from ncp.model import Schedule
from ncp.store import compiled, lock
from ncp.store import home as homes
from ncp.store import schedule as schedules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ncp.applying.choosing import Choice
    from ncp.applying.site import Site
    from ncp.model import Changes

MOST_CHECKED = 64 * 1024 * 1024
"""A ledger up to this many bytes is looked through in a fraction of a second."""
PENDING = "pending"
SHOWN = 3
TOLD = "told"
"""The ledger's note of advice that comes once, in lines."""
LEFT = (
    "Entries of this home may be left on {target}, which cannot be asked now: {why}"
    " When it works again: ncp schedule sync"
)
INSTALLED = "installed"
"""The ledger's note of the targets that may hold entries of this home."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did: the target it went to, the entries, and advice to pass on."""

    choice: Choice
    changes: Changes
    advice: list[str] = field(default_factory=list)
    behind: dict[str, int] = field(default_factory=dict)
    """How many entries stand where this home was before, by its path."""


@contextlib.contextmanager
def locked(site: Site, what: str) -> Iterator[None]:
    """Hold the user's lock with a fresh view of the home."""
    site.prepare()
    rendering.prepare()  # now: whoever waits for the lock waits for each import under it
    folder = homes.lock_folder(site.home, Path(site.place.user_home))
    with lock.held(folder, what, site.settings.lock_timeout_seconds):
        site.fresh()
        files.sweep(site.home.path)
        yield


def choice(site: Site, asked: str | None = None) -> Choice:
    """Say which target the home uses, or would use if it was changed now; see `change`."""
    recorded = site.settings.target
    if recorded is None and asked is None and (holder := _only_holder(site)) is not None:
        return choosing.Choice(holder, "it holds the entries of this home", recorded=False)
    return choosing.choose(site.host, recorded=recorded, asked=asked)


def _only_holder(site: Site) -> str | None:
    """The target that holds the entries: a config.toml that is gone must not move them."""
    noted = _noted(site) if site.home.ledger.exists() else []
    return noted[0] if len(noted) == 1 else None


def _noted(site: Site) -> list[str]:
    """The targets that may hold entries of this home."""
    return [n for n in (get_meta(site.ledger, INSTALLED) or "").split() if n in targets.NAMES]


def change(
    site: Site,
    what: str,
    edit: Callable[[Schedule], Schedule],
    *,
    target: str | None = None,
) -> Outcome:
    """Edit the schedule and make the machine follow; nothing is changed where `edit` raises.

    Where the OS refuses, the document is restored and SchedulerError carries
    the tool's words; so it is where Ctrl-C is pressed.
    """
    with locked(site, what):
        require_same_target(site, target)
        finish(site)
        return _apply(site, edit(site.document.schedule), choice(site, target))


def require_same_target(site: Site, asked: str | None) -> None:
    """A home has one target: a change may name it, only a sync may move it."""
    recorded = site.settings.target
    if asked is not None and recorded is not None and targets.target(asked).name != recorded:
        raise InputError(
            f"This home uses {recorded}, for all of its timings.",
            where=f"--target {asked}",
            next_step=f"Leave --target out, or move the home: ncp schedule sync --target {asked}",
        )


def sync(site: Site, *, target: str | None = None) -> Outcome:
    """Make the compiled copy and the OS entries what the document says."""
    with locked(site, "sync"):
        require_whole(site.ledger, str(site.home.ledger), MOST_CHECKED)
        schedule = ahead.present(site.document.schedule, site.host.now)
        return _apply(site, schedule, choice(site, target))


def finish(site: Site) -> bool:
    """Under the lock: finish a change that was interrupted; say whether there was one."""
    if not get_meta(site.ledger, PENDING):
        return False
    _apply(site, site.document.schedule, choice(site))
    return True


def take_up(site: Site) -> bool:
    """Finish an interrupted change, if there is one; cheap where there is none."""
    if not site.home.ledger.exists() or not get_meta(site.ledger, PENDING):
        return False
    with locked(site, "finishing a change"):
        return finish(site)


def uninstall(site: Site) -> list[tuple[str, Changes]]:
    """Remove every entry of this home from every scheduler that may hold some.

    Where one refuses, the others are left all the same, and its refusal is raised.
    """
    removed: list[tuple[str, Changes]] = []
    refused: dict[str, SchedulerError] = {}
    with locked(site, "uninstall"):
        for name in _holders(site):
            try:
                removed.append((name, installing.install([], name, site.host).changes))
            except SchedulerError as error:
                refused[name] = error
        gone = dict(removed)
        left = " ".join(
            name for name in targets.NAMES if name in {*_noted(site), *refused} and name not in gone
        )
        set_meta(site.ledger, INSTALLED, left)
        set_meta(site.ledger, PENDING, "")
    if refused:
        raise _kept(removed, left, next(iter(refused.values())))
    return removed


def _kept(
    removed: Iterable[tuple[str, Changes]], left: str, first: SchedulerError
) -> SchedulerError:
    """Say what an uninstall could not ask, after it has removed the rest."""
    count = sum(len(changes.remove) for _, changes in removed)
    return SchedulerError(
        f"Entries may be left there, because it cannot be asked: {first.what}"
        f" Removed elsewhere: {count}.",
        where=left,
        next_step=first.next_step
        if first.next_step.startswith("Run: ")
        else "When it works again: ncp uninstall",
    )


def _holders(site: Site) -> list[str]:
    """The targets that may hold entries: those used before, those that work here or show some."""
    noted = _noted(site)
    return [name for name in targets.NAMES if name in noted or installing.holds(name, site.host)]


def put(
    site: Site, schedule: Schedule, first: Callable[[], None], *, target: str | None = None
) -> Outcome:
    """Under the lock: make the machine follow a schedule, as `change` does.

    `first` is called once all is proven and the mark stands, before the document is written.
    """
    require_same_target(site, target)
    return _apply(site, schedule, choice(site, target), first)


def _apply(
    site: Site, schedule: Schedule, goal: Choice, first: Callable[[], None] | None = None
) -> Outcome:
    moving.require_no_copy(site)
    wanted = installing.artifacts(schedule, goal.name, site.host)
    for other in _noted(site):
        if other != goal.name:
            installing.require_leavable(other, site.host)
    before = files.read(site.home.schedule)
    if before is None and not site.may_empty:
        removed = installing.plan(wanted, goal.name, site.host)[0].remove
        absent.require_known(len(removed), goal.name, str(site.home.schedule))
    site.refresh_launcher()
    set_meta(site.ledger, PENDING, str(os.getpid()))
    if first is not None:
        first()
    try:
        _write(site, schedule)
        note = functools.partial(_note_holder, site, goal.name)
        done = installing.install(wanted, goal.name, site.host, note)
    except (SchedulerError, DocumentError, KeyboardInterrupt):
        _restore(site, before, goal)
        raise
    if not goal.recorded:
        schedules.record_target(site.home, goal.name)
    left = _leave_others(site, goal.name)
    set_meta(site.ledger, PENDING, "")
    idle = [] if done.idle is None else [done.idle.advice]
    advice = [*_news(site, done.advice), *idle, *left, *_misspelt(site)]
    return Outcome(goal, done.changes, advice, moving.behind(site))


def take_along(site: Site) -> list[str]:
    """Remove the entries that stand where this home was before it was moved."""
    with locked(site, "sync --moved"):
        return moving.take_along(site)


def _news(site: Site, advice: list[str]) -> list[str]:
    """Leave out what this home has been told before, such as that lingering cannot be had."""
    told = (get_meta(site.ledger, TOLD) or "").splitlines()
    new = [words for words in advice if " ".join(words.split()) not in told]
    if new:
        set_meta(site.ledger, TOLD, "\n".join([*told, *(" ".join(one.split()) for one in new)]))
    return new


def _misspelt(site: Site) -> list[str]:
    """Name keys of schedule.json that are probably misspelt, of which a change makes nothing."""
    found = [one.text for one in unknown(site.document.tree) if one.near]
    more = [f"More such keys: {len(found) - SHOWN}; see ncp doctor."] if found[SHOWN:] else []
    return found[:SHOWN] + more


def _write(site: Site, schedule: Schedule) -> None:
    """Write the document where it says something new, then the compiled copy.

    Counters that the old tool wrote into it are the ledger's before they go.
    """
    old = site.document
    if old.counters:
        baseline.add(site.ledger, counting.rows(old.counters), ())
    if schedule != old.schedule or old.repairs or old.counters:
        schedules.write(site.home, old, schedule)
    _copy(site, schedule)


def _copy(site: Site, schedule: Schedule) -> None:
    save_compiled(
        site.ledger,
        compiled.timings(schedule, site.host),
        compiled.tasks(schedule, site.host),
        {
            "document": fingerprint.document(str(site.home.path)),
            "zone": fingerprint.zone(),
            SEAL: site.seal(),
            "output_limit_bytes": str(site.settings.output_limit_bytes),
            "concurrency": str(site.settings.concurrency or 2 * (os.cpu_count() or 1)),
            "home_concurrency": str(site.settings.home_concurrency),
            "retention": f"{site.settings.retention_days} {site.settings.retention_per_task}",
        },
        zones.minutes(site.host.now),
    )


def _restore(site: Site, before: bytes | None, goal: Choice) -> None:
    """Put the document, the copy and, as far as the OS lets us, the entries back."""
    if before is None:
        _copy(site, Schedule())  # first: no document beside a copy that is not empty is refused
        site.home.schedule.unlink(missing_ok=True)
    elif files.read(site.home.schedule) != before:
        files.write(site.home.schedule, before)
    site.fresh()
    _copy(site, site.document.schedule)
    with contextlib.suppress(SchedulerError):  # the first refusal is the one to report
        # A target that is not the home's own refused a move there: it shall hold nothing.
        own = goal.name == site.settings.target
        wanted = installing.artifacts(site.document.schedule, goal.name, site.host) if own else []
        installing.install(wanted, goal.name, site.host)
    set_meta(site.ledger, PENDING, "")


def _note_holder(site: Site, name: str) -> None:
    """Before the first entry goes to a target, note that it may hold some from then on."""
    noted = _noted(site)
    if name not in noted:
        set_meta(site.ledger, INSTALLED, " ".join([*noted, name]))


def _leave_others(site: Site, name: str) -> list[str]:
    """After the new target holds the entries, take them from those that held them before.

    One that cannot be used keeps nobody from another: it stays noted, so that each sync
    tries again. Returns advice on those.
    """
    noted = _noted(site)
    kept, advice = [name], []
    for other in noted:
        if other != name:
            try:
                installing.install([], other, site.host)
            except SchedulerError as error:
                kept.append(other)
                advice.append(LEFT.format(target=other, why=error.what))
    if noted != kept:
        set_meta(site.ledger, INSTALLED, " ".join(kept))
    return advice

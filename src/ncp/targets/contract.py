"""What every target answers. All of it is pure: text and commands, no effects.

A target is a folder `targets/<name>/` with `emit` (compiles), `read` (reads an
artifact's text back, independently of `emit`) and `deploy` (what to look at and
which steps install it), put together in its `__init__` as a module-level
`TARGET`. What is known of it before it is loaded stands in its row of the registry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ncp.model import (
        Artifact,
        Availability,
        Changes,
        Entry,
        Every,
        Finding,
        Follows,
        Host,
        Observed,
        Rule,
        Step,
        Survey,
        Timing,
    )

LONGEST_NAME = 100
"""How much of a timing's name a header shows."""


class AtChanges(NamedTuple):
    """What a scheduler does with a label that the clock skips, and with one that comes twice.

    `gap`: "jump" wakes in the first minute after the jump, "skipped" not at all,
    and "lost" may wake for nothing more that day.
    `passes`: the passes of a repeated hour in which it is sure to wake.
    """

    gap: Literal["skipped", "jump", "lost"]
    passes: frozenset[Literal["first", "second"]]


UNSURE = AtChanges("skipped", frozenset())
"""For what is documented nowhere."""
LOST = AtChanges("lost", frozenset())
"""The worst case."""
FOLLOWS: Mapping[Follows, AtChanges] = {
    "wall": AtChanges("jump", frozenset({"first"})),
    "elapsed": AtChanges("skipped", frozenset({"first", "second"})),
}
"""What is due: ncp's own policy, which is that of Debian's cron."""


@dataclass(frozen=True, slots=True)
class Wakes:
    """When an artifact wakes, in one reading of its scheduler's documentation.

    `rules` are calendar rules in local time of `zone` (None: the machine's), and
    `at_changes` says what the scheduler does with them where the clocks change,
    by what a rule `follows`. `utc` are calendar rules in UTC, `instants` one-off
    wake-ups in UTC, ISO 8601 (`2026-12-24T07:30Z`). `reading` names the reading
    ("man page"). `late` is True where the scheduler cannot be made to wake in time
    at each change, so that the proof says how late it is instead of refusing.
    `every` is an interval that the scheduler keeps by itself.
    """

    rules: tuple[Rule, ...]
    zone: str | None = None
    instants: tuple[str, ...] = ()
    reading: str = "documented"
    every: Every | None = None
    utc: tuple[Rule, ...] = ()
    at_changes: Mapping[Follows, AtChanges] = field(default_factory=lambda: FOLLOWS)
    late: bool = False


def header(timing: Timing) -> str:
    """Say who wrote an artifact and for what, in one line without a comment sign."""
    shown = "".join(c if c.isprintable() else " " for c in timing.name)[:LONGEST_NAME]
    when = " ".join(filter(None, (timing.recurrence.text, timing.zone)))
    return f'Written by ncp for "{shown}" ({when}). Edits are overwritten.'


class Target(Protocol):
    """One native scheduler."""

    name: str

    def emit(self, timing: Timing, host: Host) -> Artifact:
        """Compile one timing into a superset of its due minutes."""
        ...

    def read(self, artifact: Artifact, host: Host) -> tuple[Wakes, ...]:
        """Read an artifact's text back into its wake-ups, once per reading in use."""
        ...

    def wanted(self, artifacts: Sequence[Artifact], host: Host) -> tuple[Entry, ...]:
        """Put artifacts together into the entries a machine should have."""
        ...

    def survey(self, host: Host) -> Survey:
        """Say what must be looked at to know availability and installed entries."""
        ...

    def available(self, observed: Observed, host: Host) -> Availability:
        """Say whether this target can be used here, and why."""
        ...

    def found(self, observed: Observed, host: Host) -> tuple[Entry, ...]:
        """List the installed entries that bear this home's names.

        Raises SchedulerError where the scheduler's own answer cannot be trusted
        (a crontab that cannot be read, an unmatched marker).
        """
        ...

    def deploy(self, changes: Changes, observed: Observed, host: Host) -> tuple[Step, ...]:
        """List the steps that carry out the changes, batched; none for no changes.

        Raises SchedulerError where what is removed would go on firing.
        """
        ...

    def idle(self, observed: Observed, host: Host) -> Finding | None:
        """Say why nothing fires here now, if so: no daemon, no manager, no session."""
        ...

    def diagnose(self, observed: Observed, host: Host) -> tuple[Finding, ...]:
        """Say what `ncp doctor` should: tool, daemon, what keeps entries from firing."""
        ...

"""Why does something not fire? Findings, each with the command that mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp.doctor import entries, leftovers, machine, overdue, secrets, servers, tasks
from ncp.doctor.mending import in_words
from ncp.errors import DONE, SCHEDULER_REFUSED, TASK_FAILED
from ncp.model import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ncp.applying.site import Site

    Check = Callable[[Site], Iterable[Finding]]

OURS: tuple[tuple[str, Check], ...] = (
    ("interpreter", machine.interpreter),
    ("home", machine.home),
    ("disk", machine.room),
    ("config.toml", machine.settings),
    ("schedule.json", machine.document),
    ("ledger", machine.ledger),
    ("integrity", machine.integrity),
    ("executions", leftovers.findings),
    ("launcher", machine.launcher),
    ("clock", machine.clock),
    ("activeSince", machine.begins),
    ("zone", machine.zone),
    ("programs", tasks.programs),
    ("limits", tasks.limits),
    ("secrets", secrets.resolvable),
    ("mcp.json", servers.findings),
)
"""What is ncp's own, or the machine's."""
SCHEDULER: tuple[tuple[str, Check], ...] = (
    ("target", entries.target),
    ("entries", entries.as_wanted),
    ("entries", entries.orphans),
    ("wakes", overdue.findings),
)
"""What is the scheduler's."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings; the scheduler's apart, as an error there has an exit code of its own."""

    ours: tuple[Finding, ...]
    scheduler: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything, in the order of looking."""
        return self.ours + self.scheduler

    @property
    def exit_code(self) -> int:
        """DONE without an error, SCHEDULER_REFUSED where only the scheduler has one."""
        if any(found.level == "error" for found in self.ours):
            return TASK_FAILED
        if any(found.level == "error" for found in self.scheduler):
            return SCHEDULER_REFUSED
        return DONE


def diagnose(site: Site) -> Diagnosis:
    """Look at everything that a firing needs; changes nothing.

    A check that cannot be made says why, and the others go on.
    """
    said = set[str]()
    return Diagnosis(tuple(_all(OURS, site, said)), tuple(_all(SCHEDULER, site, said)))


def _all(checks: Iterable[tuple[str, Check]], site: Site, said: set[str]) -> Iterator[Finding]:
    """Make the checks; what stops several of them is `said` once."""
    for subject, check in checks:
        try:
            yield from check(site)
        except Exception as error:  # noqa: BLE001  whatever it is, the other checks go on
            words = in_words(error, str(site.home.ledger))
            if str(words) not in said:
                place = f"{words.where}: " if words.where else ""
                mend = words.next_step.removeprefix("Run: ")
                yield Finding("error", subject, f"{place}{words.what}", mend)
            said.add(str(words))

"""Which target a home uses: the recorded one, else the best that works here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp import targets
from ncp.errors import SchedulerError
from ncp.host import observe
from ncp.model import Availability

if TYPE_CHECKING:
    from ncp.model import Host


@dataclass(frozen=True, slots=True)
class Choice:
    """A target and the reason for it, in one clause; `recorded` where config.toml says so."""

    name: str
    reason: str
    recorded: bool

    @property
    def news(self) -> str:
        """Why it is recorded now; empty where it had been before."""
        return "" if self.recorded else self.reason


def available(name: str, host: Host) -> Availability:
    """Look at the machine and say whether a target can be used."""
    target = targets.target(name)
    try:
        observed = observe(target.survey(host))
    except SchedulerError as error:
        return Availability(usable=False, reason=f"{error.where}: {error.what.rstrip('.')}")
    return target.available(observed, host)


def choose(host: Host, *, recorded: str | None = None, asked: str | None = None) -> Choice:
    """Pick the target: asked for, recorded, or the first in the registry that works here.

    Raises InputError for an unknown name, SchedulerError where nothing works.
    """
    if asked is not None:
        return Choice(_present(asked, host), "asked for", asked == recorded)
    if recorded is not None:
        return Choice(targets.target(recorded).name, "recorded in config.toml", recorded=True)
    refusals: list[str] = []
    for name in targets.NAMES:
        answer = available(name, host)
        if answer.usable:
            return Choice(name, "; ".join([answer.reason, *refusals]), recorded=False)
        refusals.append(f"not {name}: {answer.reason}")
    raise SchedulerError(
        "No scheduler works here.", where="; ".join(refusals), next_step="Run: ncp doctor"
    )


def _present(asked: str, host: Host) -> str:
    """Refuse a target whose own program this machine does not have."""
    name = targets.target(asked).name
    tools = targets.listing(name).tools
    if tools and tools[0] not in host.tools:
        raise SchedulerError(
            f"This machine has no {tools[0]}, with which {name} is driven.",
            where=f"--target {name}",
            next_step="Run ncp alone: it says which target works here, and why.",
        )
    return name

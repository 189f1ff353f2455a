"""embedded: nothing is installed; `ncp daemon run` fires the timings itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.model import Artifact, Availability, Finding, Survey
from ncp.targets.contract import Wakes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.model import Changes, Entry, Host, Observed, Step, Timing
    from ncp.targets.contract import Target

DAEMON = "ncp daemon run"


class Embedded:
    """The target without entries: identity in, identity out."""

    name = "embedded"

    def emit(self, timing: Timing, host: Host) -> Artifact:  # noqa: ARG002  the contract's form
        """Compile to nothing: the daemon reads the schedule."""
        return Artifact(target=self.name, timing=timing, files=())

    def read(self, artifact: Artifact, host: Host) -> tuple[Wakes, ...]:  # noqa: ARG002  the contract's form
        """Read the timing itself: the daemon computes slots as the guard does."""
        recurrence = artifact.timing.recurrence
        instants = () if recurrence.at is None else (recurrence.text,)
        zone, every = artifact.timing.zone, recurrence.every
        return (Wakes(recurrence.rules, zone, instants, reading="calendar", every=every),)

    def wanted(self, artifacts: Sequence[Artifact], host: Host) -> tuple[Entry, ...]:  # noqa: ARG002  the contract's form
        """No entries."""
        return ()

    def survey(self, host: Host) -> Survey:
        """Look for the lock that a running daemon holds."""
        return Survey(locks=(_lock(host),))

    def available(self, observed: Observed, host: Host) -> Availability:  # noqa: ARG002  the contract's form
        """Usable everywhere, as long as somebody starts the daemon."""
        return Availability(usable=True, reason=f"{DAEMON} fires it")

    def found(self, observed: Observed, host: Host) -> tuple[Entry, ...]:  # noqa: ARG002  the contract's form
        """No entries."""
        return ()

    def deploy(self, changes: Changes, observed: Observed, host: Host) -> tuple[Step, ...]:  # noqa: ARG002  the contract's form
        """No steps."""
        return ()

    def diagnose(self, observed: Observed, host: Host) -> tuple[Finding, ...]:
        """Say whether a daemon runs."""
        idle = self.idle(observed, host)
        return (idle or Finding("ok", "daemon", f"{DAEMON} is running."),)

    def idle(self, observed: Observed, host: Host) -> Finding | None:
        """Nothing fires while nobody holds the lock of the daemon."""
        if _lock(host) in observed.held:
            return None
        return Finding("warning", "daemon", f"Nothing fires until {DAEMON} runs.", DAEMON)


def _lock(host: Host) -> str:
    return f"{host.home}\\daemon.lock" if host.system == "windows" else f"{host.home}/daemon.lock"


TARGET: Target = Embedded()

"""Agents as entries: what to look at, and the launchctl calls that install them.

`bootout` answers before the job is gone, and `bootstrap` fails with 5 or 37
while it is not; so replacing is bootout, wait until `print` knows the label no
more, enable (a disabled label survives bootout), bootstrap.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ncp.errors import SchedulerError
from ncp.model import (
    Availability,
    Command,
    Entry,
    File,
    Finding,
    Output,
    Remove,
    Run,
    Survey,
    Write,
)
from ncp.targets.launchd.names import domain, folder, label_of, prefix

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncp.model import Artifact, Changes, Host, Observed, Step

LIST = ("launchctl", "list")
NO_SUCH_PROCESS, OPERATION_IN_PROGRESS, SERVICE_NOT_FOUND = 3, 36, 113
NO_SUCH_DOMAIN = 125
NO_TOOL = Output(127, "", "launchctl could not be started")
OURS = re.compile(r"<!-- Written by ncp for |<string>_timing-run</string>")
DISABLED = re.compile(r'"(?P<label>[^"]+)" => (?:disabled|true)')
"""`true` until macOS 12, `disabled` from 13 on."""
LEAVING_SECONDS = 100
"""A booted-out job has ExitTimeOut (90 seconds) to leave."""
PAUSE = 0.25


def wanted(artifacts: Sequence[Artifact], host: Host) -> tuple[Entry, ...]:  # noqa: ARG001  the contract's signature
    """One agent per timing, known by its path."""
    return tuple(Entry(file.path, file.text) for a in artifacts for file in a.files)


def survey(host: Host) -> Survey:
    """Look at the agents folder, the loaded jobs, the disabled labels and the session."""
    return Survey(
        folders=((folder(host), f"{prefix(host)}*.plist"),),
        commands=(LIST, _disabled_command(host), _session_command(host)),
    )


def _disabled_command(host: Host) -> tuple[str, ...]:
    return ("launchctl", "print-disabled", domain(host))


def _session_command(host: Host) -> tuple[str, ...]:
    return ("launchctl", "print", domain(host))


def available(observed: Observed, host: Host) -> Availability:
    """Usable on macOS while the user is logged in at the screen."""
    if host.system != "darwin":
        return Availability(usable=False, reason="launchd is part of macOS")
    if "launchctl" not in host.tools:
        return Availability(usable=False, reason="launchctl is not on PATH")
    if not _logged_in(observed, host):
        return Availability(usable=False, reason=f"{host.user} is not logged in at the screen")
    return Availability(usable=True, reason="launchd runs agents in the login session")


def _logged_in(observed: Observed, host: Host) -> bool:
    return observed.outputs.get(_session_command(host), NO_TOOL).code == 0


def found(observed: Observed, host: Host) -> tuple[Entry, ...]:
    """List this home's agents; SchedulerError where launchctl does not say what is loaded."""
    files = {p: text for p, text in observed.files.items() if label_of(p, host)}
    loaded = _loaded(observed) if files else frozenset()
    return tuple(
        Entry(
            path,
            text,
            loaded=label_of(path, host) in loaded,
            ours=OURS.search(text) is not None,
        )
        for path, text in sorted(files.items())
    )


def _loaded(observed: Observed) -> frozenset[str]:
    """Read `launchctl list`: PID, last status, label."""
    output = observed.outputs.get(LIST, NO_TOOL)
    if output.code != 0:
        raise SchedulerError(
            f"launchctl did not list its jobs: {output.stderr.strip() or output.code}.",
            where="launchctl list",
            next_step="Log in at the screen of this Mac and try again.",
        )
    rows = (line.split("\t") for line in output.stdout.splitlines())
    return frozenset(row[2] for row in rows if len(row) == 3)


def deploy(changes: Changes, observed: Observed, host: Host) -> tuple[Step, ...]:  # noqa: ARG001  the contract's signature
    """List the steps: gone agents out, new and changed ones in."""
    steps: list[Step] = []
    for entry in changes.remove:
        # The file first: bootout ends the runner of that very timing, which may be doing this.
        steps += [Remove(entry.key), *_leave(entry, host)]
    for entry in (*changes.change, *changes.add):
        steps += [Write(File(entry.key, entry.text)), *_leave(entry, host), *_enter(entry, host)]
    return tuple(steps)


def _service(entry: Entry, host: Host) -> str:
    return f"{domain(host)}/{label_of(entry.key, host)}"


def _leave(entry: Entry, host: Host) -> Iterator[Step]:
    """Unload, and wait until it is gone; not loaded is fine, and so is no session at all."""
    service = _service(entry, host)
    yield Run(
        Command(("launchctl", "bootout", service)),
        accept=(0, NO_SUCH_PROCESS, OPERATION_IN_PROGRESS, SERVICE_NOT_FOUND, NO_SUCH_DOMAIN),
    )
    yield Run(
        Command(("launchctl", "print", service)),
        accept=(SERVICE_NOT_FOUND, NO_SUCH_DOMAIN),
        attempts=int(LEAVING_SECONDS / PAUSE),
        pause=PAUSE,
    )


def _enter(entry: Entry, host: Host) -> Iterator[Step]:
    yield Run(Command(("launchctl", "enable", _service(entry, host))))
    yield Run(
        Command(("launchctl", "bootstrap", domain(host), entry.key)), attempts=20, pause=PAUSE
    )


def idle(observed: Observed, host: Host) -> Finding | None:
    """Say why no agent fires, if so."""
    state = available(observed, host)
    if state.usable:
        return None
    mend = "log in at the screen of this Mac" if _is_session(observed, host) else ""
    return Finding("error", "launchd", state.reason, mend)


def diagnose(observed: Observed, host: Host) -> tuple[Finding, ...]:
    """Say what keeps agents from firing: no session, or switched off in Login Items."""
    trouble = idle(observed, host)
    if trouble is not None:
        return (trouble,)
    off = tuple(_switched_off(observed, host))
    return off or (Finding("ok", "launchd", available(observed, host).reason),)


def _is_session(observed: Observed, host: Host) -> bool:
    """Tell whether it is the session that is missing, not the system or the tool."""
    return observed.outputs.get(_session_command(host), NO_TOOL).code == NO_SUCH_DOMAIN


def _switched_off(observed: Observed, host: Host) -> Iterator[Finding]:
    output = observed.outputs.get(_disabled_command(host), NO_TOOL)
    for match in DISABLED.finditer(output.stdout):
        label = match["label"]
        if label_of(f"{label}.plist", host):
            yield Finding(
                "warning",
                label,
                "is switched off (System Settings, Login Items), so it does not fire",
                f"launchctl enable {domain(host)}/{label} && ncp schedule sync",
            )

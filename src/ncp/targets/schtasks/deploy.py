"""Tasks as entries: what to look at, and the schtasks calls that install them.

The definitions lie in the home, and schtasks is given their paths. Windows
lists all its tasks in one document; in front of each stands its name as a
comment. A task that still means what its definition says is found with the
text of that definition, any other with its own.
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
from ncp.targets.schtasks.compare import same, switched_off
from ncp.targets.schtasks.names import folder, id_of, path, task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncp.model import Artifact, Changes, Host, Observed, Step

QUERY = ("schtasks", "/Query", "/XML", "ONE")
NO_TOOL = Output(127, "", "schtasks could not be started")
TASK = re.compile(
    r"(?:<!--[ \t]*(?P<name>\\[^\r\n]*?)[ \t]*-->\s*)?(?P<text><Task\b.*?</Task>)", re.DOTALL
)
URI = re.compile(r"<URI>\s*(.*?)\s*</URI>")
OURS = re.compile(r"Written by ncp for |\b_timing-run\b")


def wanted(artifacts: Sequence[Artifact], host: Host) -> tuple[Entry, ...]:
    """One task per timing, known by its full name."""
    return tuple(Entry(task(a.timing.id, host), file.text) for a in artifacts for file in a.files)


def survey(host: Host) -> Survey:
    """Look at the kept definitions and at the tasks that Windows has."""
    return Survey(folders=((folder(host), "*.xml"),), commands=(QUERY,))


def available(observed: Observed, host: Host) -> Availability:
    """Usable on Windows where schtasks answers."""
    if host.system != "windows":
        return Availability(usable=False, reason="Task Scheduler is part of Windows")
    if "schtasks" not in host.tools:
        return Availability(usable=False, reason="schtasks is not on PATH")
    output = observed.outputs.get(QUERY, NO_TOOL)
    if output.code != 0:
        return Availability(usable=False, reason=f"schtasks refused: {_words(output)}")
    return Availability(usable=True, reason="Task Scheduler runs tasks while you are logged on")


def _words(output: Output) -> str:
    return " ".join((output.stderr.strip() or output.stdout.strip() or str(output.code)).split())


def found(observed: Observed, host: Host) -> tuple[Entry, ...]:
    """List this home's tasks; SchedulerError where schtasks does not list them all."""
    output = observed.outputs.get(QUERY, NO_TOOL)
    if output.code != 0:
        raise SchedulerError(
            f"schtasks did not list its tasks: {_words(output)}",
            where=" ".join(QUERY),
            next_step="Run it yourself, repair or delete the task it stops at, then try again.",
        )
    return tuple(
        _entry(id_, text, observed.files.get(path(id_, host), ""), host)
        for name, text in listed(output.stdout)
        if (id_ := id_of(name, host))
    )


def listed(listing: str) -> Iterator[tuple[str, str]]:
    """Cut the listing into (name, definition), whatever else stands in it.

    UTF-16 read as bytes leaves a NUL after each character.
    """
    for match in TASK.finditer(listing.replace("\0", "")):
        uri = URI.search(match["text"])
        yield match["name"] or (uri[1] if uri else ""), match["text"]


def _entry(timing_id: str, registered: str, definition: str, host: Host) -> Entry:
    return Entry(
        task(timing_id, host),
        definition if same(definition, registered) else registered,
        loaded=not switched_off(registered),
        ours=OURS.search(registered) is not None,
    )


def deploy(changes: Changes, observed: Observed, host: Host) -> tuple[Step, ...]:  # noqa: ARG001  the contract's signature
    """List the steps: gone tasks out, new and changed ones in (/F replaces)."""
    steps: list[Step] = []
    for entry in changes.remove:
        steps += [
            Run(Command(("schtasks", "/Delete", "/TN", entry.key, "/F"))),
            Remove(_file(entry, host)),
        ]
    for entry in (*changes.change, *changes.add):
        file = _file(entry, host)
        steps += [
            Write(File(file, entry.text, encoding="utf-16")),
            Run(Command(("schtasks", "/Create", "/TN", entry.key, "/XML", file, "/F"))),
        ]
    return tuple(steps)


def _file(entry: Entry, host: Host) -> str:
    return path(entry.key.rpartition("\\")[2], host)


def idle(observed: Observed, host: Host) -> Finding | None:
    """Say why no task fires, if so."""
    state = available(observed, host)
    return None if state.usable else Finding("error", "Task Scheduler", state.reason)


def diagnose(observed: Observed, host: Host) -> tuple[Finding, ...]:
    """Say what keeps tasks from firing: no scheduler, or a task switched off."""
    trouble = idle(observed, host)
    if trouble is not None:
        return (trouble,)
    off = tuple(
        Finding(
            "warning",
            entry.key,
            "is disabled in Task Scheduler, so it does not fire",
            f'schtasks /Change /TN "{entry.key}" /ENABLE',
        )
        for entry in found(observed, host)
        if not entry.loaded
    )
    return off or (Finding("ok", "Task Scheduler", available(observed, host).reason),)

"""What the OS still holds of the old tool: its crontab block, its agents, its Windows tasks.

`ids` are the jobs whose entries are meant; None means all, with those of its helpers.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from ncp.host import observe, perform
from ncp.model import Command, Remove, Run, Survey
from ncp.targets.cron import deploy as crontab
from ncp.targets.schtasks import deploy as schtasks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ncp.model import Host, Observed, Step

BEGIN = "# === NCP SCHEDULED JOBS - DO NOT EDIT MANUALLY ==="
END = "# === END NCP SCHEDULED JOBS ==="
JOB = "# NCP_JOB:"
RUN = re.compile(r"^[^#].*\bncp\S* _job-run ")
LABEL = "com.portel.ncp.job."
TASK = "\\NCP_"
GONE = (0, 3, 36, 113)
"""What `launchctl bootout` answers where the job is not loaded, or on its way out."""


def found(host: Host, ids: Collection[str] | None = None) -> tuple[list[str], list[str]]:
    """Name the entries of the old tool (`crontab: <id>`, a path, a Windows task), and what stays.

    That is advice on lines that nobody can tell from those of the user.
    """
    observed = observe(_survey(host))
    names = [name for name, _ in _all(observed, host, ids)]
    return names, _unclear(crontab.whole(observed), ids)


def remove(host: Host, ids: Collection[str] | None = None) -> tuple[list[str], list[str]]:
    """Remove them; return their names, and advice on what could not be removed."""
    observed = observe(_survey(host))
    names: list[str] = []
    steps: list[Step] = []
    for name, some in _all(observed, host, ids):
        names.append(name)
        steps += some
    advice = perform(dict.fromkeys(steps))
    return names, [*advice, *_unclear(crontab.whole(observed), ids)]


def _survey(host: Host) -> Survey:
    commands = [schtasks.QUERY] if "schtasks" in host.tools else []
    folders = [(_agents(host), f"{LABEL}*.plist")] if host.system == "darwin" else []
    table = crontab.survey(host) if "crontab" in host.tools else Survey()
    return Survey(
        folders=tuple(folders), commands=(*table.commands, *commands), closer=table.closer
    )


def _agents(host: Host) -> str:
    return f"{host.user_home}/Library/LaunchAgents"


def _all(
    observed: Observed, host: Host, ids: Collection[str] | None
) -> Iterator[tuple[str, list[Step]]]:
    yield from _lines(crontab.whole(observed), host, ids)
    for path in observed.files:
        label = PurePath(path).name.removesuffix(".plist")
        if _meant(label.removeprefix(LABEL), ids):
            yield path, _agent(path, label, host)
    for name in _tasks(observed):
        if _meant(name.removeprefix(TASK), ids):
            argv = ("schtasks", "/Delete", "/TN", name, "/F")
            yield name, [Run(Command(argv), advice=f"{name} could not be deleted.")]


def _meant(job: str, ids: Collection[str] | None) -> bool:
    return ids is None or job in ids


def _agent(path: str, label: str, host: Host) -> list[Step]:
    out = Command(("launchctl", "bootout", f"gui/{host.uid}/{label}"))
    return [Run(out, accept=GONE, advice=f"{label} is still loaded."), Remove(path)]


def _tasks(observed: Observed) -> Iterator[str]:
    """Name the old tasks of the root folder."""
    answer = observed.outputs.get(schtasks.QUERY)
    for name, _ in schtasks.listed(answer.stdout) if answer else ():
        if name.startswith(TASK):
            yield name


def _lines(text: str, host: Host, ids: Collection[str] | None) -> Iterator[tuple[str, list[Step]]]:
    """Yield the jobs of the block, each with the one step that installs the table without them."""
    rest, jobs = without(text, ids)
    if rest == text:
        return
    advice = "The block of the old tool is still in the crontab."
    steps: list[Step] = [replace(step, advice=advice) for step in crontab.replaced(rest, host)]
    for job in jobs or ["an empty block"]:
        yield f"crontab: {job}", steps


def without(text: str, ids: Collection[str] | None = None) -> tuple[str, list[str]]:
    """Take the jobs of the old block out of a crontab; the rest stays byte for byte.

    A block without its end is left alone: nobody can tell what belongs to it.
    """
    left: list[str] = []
    gone: list[str] = []
    begun: int | None = None
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        left.append(line)
        if line.strip() == BEGIN:
            begun = len(left) - 1
        elif line.strip() == END and begun is not None:
            kept, some = _parted(left[begun + 1 : -1], ids)
            stays = any(one.startswith(JOB) for one in kept)
            left[begun:] = [left[begun], *kept, line] if stays else []
            gone += some
            begun = None
    return "".join(left), gone


def _unclear(text: str, ids: Collection[str] | None) -> list[str]:
    """Say which lines of the old tool are left where its block has lost its begin or its end."""
    rest, _ = without(text, ids)
    lines = [line for line in rest.splitlines() if line.startswith(JOB) or RUN.search(line)]
    if ids is not None or not lines:
        return []
    held = f"{len(lines)} ({lines[0].strip()})"
    return [f"Lines of the old tool outside a whole block stay in the crontab: {held}; crontab -e"]


def _parted(lines: list[str], ids: Collection[str] | None) -> tuple[list[str], list[str]]:
    """Part the lines of jobs that stay from the ids of those that go."""
    kept: list[str] = []
    gone: list[str] = []
    going = False
    for line in lines:
        if line.startswith(JOB):
            job = line.removeprefix(JOB).strip()
            going = _meant(job, ids)
            gone += [job] * going
        if not going:
            kept.append(line)
    return kept, gone

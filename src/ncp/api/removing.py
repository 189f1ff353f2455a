"""Take a home's entries out of every scheduler, and say what is left where."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp import targets
from ncp.applying import changing, installing
from ncp.errors import SchedulerError
from ncp.host import observe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.applying.site import Site
    from ncp.model import Changes

PARTS = (
    ("schedule.json", "the schedule"),
    ("mcp.json", "MCP servers"),
    ("state.db", "the ledger of what happened"),
    ("logs", "the logs"),
    ("executions", "captured output"),
)


@dataclass(frozen=True, slots=True)
class Left:
    """Something that an uninstall leaves, and the command that removes it."""

    what: str
    remove: str


def uninstall(site: Site) -> list[tuple[str, Changes]]:
    """Remove every entry; a home that is not there is not made, unless it has entries."""
    if not site.exists and not any(_entries(site)):
        return []
    return changing.uninstall(site)


def _entries(site: Site) -> Iterator[str]:
    """Name the targets that show entries of this home, also where the folder itself is gone."""
    return (name for name in targets.NAMES if installing.holds(name, site.host))


def left(site: Site) -> list[Left]:
    """List what an uninstall leaves, each with the command that removes it."""
    return [*_daemon(site), *_home(site), *_lingering(site)]


def _daemon(site: Site) -> Iterator[Left]:
    """Say that the embedded daemon goes on: it needs no entry to fire."""
    target = targets.target("embedded")
    if site.exists and target.idle(observe(target.survey(site.host)), site.host) is None:
        pid = (site.home.path / "daemon.lock").read_text(encoding="ascii", errors="replace").strip()
        yield Left("the daemon of ncp daemon run, which goes on firing", f"kill {pid}")


def _home(site: Site) -> Iterator[Left]:
    if site.exists:
        path = site.home.path
        parts = [what for name, what in PARTS if (path / name).exists()]
        what = f"the home {path}" + (f" ({', '.join(parts)})" if parts else "")
        yield Left(what, f"rm -r {shlex.quote(str(path))}")


def _lingering(site: Site) -> Iterator[Left]:
    """Say that lingering is on, which a sync may have switched on."""
    if site.host.system != "linux":
        return
    target = targets.target("systemd")
    try:
        findings = target.diagnose(observe(target.survey(site.host)), site.host)
    except SchedulerError:  # who may not see the units has none there
        return
    if any(found.subject == "lingering" and found.level == "ok" for found in findings):
        yield Left(
            f"lingering of {site.host.user}, which systemd timers need", "loginctl disable-linger"
        )

"""What to look at, and which of a home's timers systemd uses as they stand on disk.

`systemctl show` would tell of each timer whether it is enabled and whether its
file has changed, but reads every unit for it: 1.2 s for 1000 timers after each
reload, where `list-units` takes 15 ms. So both are read from the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.model import Entry, Survey
from ncp.targets.systemd import names

if TYPE_CHECKING:
    from ncp.model import Host, Observed

USER = ("systemctl", "--user")
STATE = (*USER, "is-system-running")
LIST = (*USER, "list-units", "--all", "--full", "--plain", "--no-legend")
IN_USE = ["loaded", "active"]


def survey(host: Host) -> Survey:
    """Look at the unit folder, the user manager, its timers, drop-ins and lingering."""
    timers = f"{host.prefix}-*.timer"
    return Survey(
        folders=(
            (names.folder(host), names.service(host)),
            (names.folder(host), timers),
            *((folder, f"{timers}.d/*.conf") for folder in names.overriding(host)),
        ),
        links=((names.wanting(host), timers),),
        commands=(STATE, listing(host), linger(host)),
        paths=(linger_file(host),),
    )


def listing(host: Host) -> tuple[str, ...]:
    """The command that lists the timers of a home that the manager knows."""
    return (*LIST, f"{host.prefix}-*.timer")


def linger(host: Host) -> tuple[str, ...]:
    """The command that asks logind whether the user's manager outlives a login."""
    return ("loginctl", "show-user", host.user, "--property=Linger")


def linger_file(host: Host) -> str:
    """What logind leaves where lingering is on."""
    return f"/var/lib/systemd/linger/{host.user}"


def found(observed: Observed, host: Host) -> tuple[Entry, ...]:
    """List the units that bear this home's names, and whether systemd uses them.

    A manager keeps a timer armed whose file was removed behind its back.
    """
    units = known(observed, host)
    paths = {*observed.files, *(names.path(names.unit(link), host) for link in observed.links)}
    if host.manager is not None and host.manager.config_home == host.config_home:
        paths |= {names.path(unit, host) for unit in _armed(observed, host)}
    return tuple(
        _entry(path, units, observed, host)
        for path in sorted(paths)
        if names.fits(unit := names.unit(path), host) and path == names.path(unit, host)
    )


def _entry(path: str, units: dict[str, bool], observed: Observed, host: Host) -> Entry:
    """Describe a unit; of one whose file has been removed the link may be left, or the timer."""
    unit, text = names.unit(path), observed.files.get(path)
    if text is None:
        return Entry(path, "", loaded=False, ours=names.called_ours(unit, host))
    if unit == names.service(host):
        loaded = _is_read(path, observed, host)
    else:
        loaded = _is_used(path, units, observed, host)
    return Entry(path, text, loaded=loaded, ours=names.ours(unit, text, host))


def known(observed: Observed, host: Host) -> dict[str, bool]:
    """Name the timers that the manager knows, and whether each is loaded and active."""
    return {row[0]: row[1:3] == IN_USE for row in _rows(observed, host)}


def _armed(observed: Observed, host: Host) -> list[str]:
    """Name the active timers; one whose file was gone at a reload has failed, and never fires."""
    return [row[0] for row in _rows(observed, host) if row[2:3] == ["active"]]


def _rows(observed: Observed, host: Host) -> list[list[str]]:
    output = observed.outputs.get(listing(host))
    lines = [] if output is None else output.stdout.splitlines()
    return [line.split() for line in lines if line.split()]


def _is_read(path: str, observed: Observed, host: Host) -> bool:
    """Tell whether a link was made since the service was written: after its reload one is.

    Without timers there is none, and the first of them brings a reload with it.
    """
    made = [
        observed.changed[link]
        for link in observed.links
        if names.fits(names.unit(link), host) and names.called_ours(names.unit(link), host)
    ]
    return not made or observed.changed[path] <= max(made)


def _is_used(path: str, units: dict[str, bool], observed: Observed, host: Host) -> bool:
    """Tell whether a timer waits, will wait again after a reboot, and is as on disk.

    Its link is made anew after each reload of its file: a file that was changed
    later may not be what the manager has read.
    """
    link = names.link(names.unit(path), host)
    if not units.get(names.unit(path)) or link not in observed.links:
        return False
    return observed.changed[path] <= observed.changed[link]

"""What to look at, and which `systemctl` calls install, change and remove timers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.model import Availability, Command, Entry, File, Finding, Remove, Run, Survey, Write
from ncp.targets.systemd import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.model import Changes, Host, Observed, Output, Step

USER = ("systemctl", "--user")
STATE = (*USER, "is-system-running")
UNREACHABLE = ("Failed to connect to bus", "No medium found")
NO_MANAGER = ("offline", "unknown", "")
PROPERTIES = "--property=Id,ActiveState,UnitFileState,NeedDaemonReload,DropInPaths"
LOADED = {"ActiveState": "active", "UnitFileState": "enabled", "NeedDaemonReload": "no"}
ENABLE_LINGER = ("loginctl", "enable-linger")
LINGER_ADVICE = (
    "Timers will run only while you are logged in. Run: loginctl enable-linger "
    "(an administrator can do it for you)."
)


def survey(host: Host) -> Survey:
    """Look at the unit folder, the user manager, its timers and lingering."""
    return Survey(
        folders=(
            (names.folder(host), names.service(host)),
            (names.folder(host), f"{host.prefix}-*.timer"),
        ),
        commands=(STATE, _show(host), _linger(host)),
        paths=(_linger_file(host),),
    )


def _show(host: Host) -> tuple[str, ...]:
    return (*USER, "show", PROPERTIES, f"{host.prefix}-*.timer")


def _linger(host: Host) -> tuple[str, ...]:
    return ("loginctl", "show-user", host.user, "--property=Linger")


def _linger_file(host: Host) -> str:
    return f"/var/lib/systemd/linger/{host.user}"


def available(observed: Observed, host: Host) -> Availability:
    """Usable where a user manager answers and outlives the login."""
    if "systemctl" not in host.tools:
        return Availability(usable=False, reason="there is no systemctl")
    if not _reachable(observed):
        return Availability(usable=False, reason=f"no user manager answers ({_words(observed)})")
    if _lingers(observed, host):
        return Availability(usable=True, reason="a user manager answers and lingering is on")
    if _can_linger(observed, host):
        reason = "a user manager answers and lingering can be switched on"
        return Availability(usable=True, reason=reason)
    reason = "lingering is off and loginctl cannot switch it on"
    return Availability(usable=False, reason=reason)


def _answer(observed: Observed, argv: tuple[str, ...]) -> Output | None:
    return observed.outputs.get(argv)


def _reachable(observed: Observed) -> bool:
    """A manager that is degraded or still starting answers too; the exit code says less."""
    output = _answer(observed, STATE)
    if output is None or any(words in output.stderr for words in UNREACHABLE):
        return False
    return output.stdout.strip() not in NO_MANAGER


def _words(observed: Observed) -> str:
    output = _answer(observed, STATE)
    said = "" if output is None else output.stderr.strip() or output.stdout.strip()
    return " ".join(said.split()) or "systemctl says nothing"


def _lingers(observed: Observed, host: Host) -> bool:
    output = _answer(observed, _linger(host))
    said = output is not None and "Linger=yes" in output.stdout.split()
    return said or _linger_file(host) in observed.paths


def _can_linger(observed: Observed, host: Host) -> bool:
    """Where logind answers, also by saying that it does not know the user, it can."""
    output = _answer(observed, _linger(host))
    if "loginctl" not in host.tools or output is None:
        return False
    return output.code == 0 or "not logged in" in output.stderr


def found(observed: Observed, host: Host) -> tuple[Entry, ...]:
    """List the units that bear this home's names, and whether systemd uses them."""
    loaded = _loaded(observed, host)
    return tuple(
        _entry(path, text, loaded, host)
        for path, text in sorted(observed.files.items())
        if path == names.path(names.unit(path), host) and names.fits(names.unit(path), host)
    )


def _entry(path: str, text: str, loaded: frozenset[str], host: Host) -> Entry:
    unit = names.unit(path)
    return Entry(
        key=path,
        text=text,
        loaded=unit == names.service(host) or unit in loaded,
        ours=names.ours(unit, text, host),
    )


def _loaded(observed: Observed, host: Host) -> frozenset[str]:
    """Name the timers that are active, enabled and as on disk."""
    units = _units(observed, host)
    return frozenset(unit["Id"] for unit in units if unit.items() >= LOADED.items())


def _units(observed: Observed, host: Host) -> list[dict[str, str]]:
    output = _answer(observed, _show(host))
    blocks = [] if output is None else output.stdout.split("\n\n")
    return [dict(line.partition("=")[::2] for line in block.splitlines()) for block in blocks]


def deploy(changes: Changes, observed: Observed, host: Host) -> tuple[Step, ...]:
    """Write and remove units with one reload, one start and one stop for all timers."""
    if changes.empty:
        return ()
    add, change = _timers(changes.add, host), _timers(changes.change, host)
    gone = _timers(changes.remove, host)
    return (
        *(Write(File(entry.key, entry.text)) for entry in (*changes.add, *changes.change)),
        *_stop(gone, observed),
        *(Remove(entry.key) for entry in changes.remove),
        *_reload(observed, needed=bool(changes.add or changes.change)),
        *_batch("enable", "--now", timers=(*add, *change)),
        *_batch("restart", timers=change),  # a running timer keeps its old calendar otherwise
        *_keep_running(observed, host, needed=bool(add or change)),
    )


def _timers(entries: Iterable[Entry], host: Host) -> tuple[str, ...]:
    units = (names.unit(entry.key) for entry in entries)
    return tuple(unit for unit in units if unit != names.service(host))


def _batch(*verb: str, timers: tuple[str, ...]) -> tuple[Run, ...]:
    return (Run(Command((*USER, *verb, *timers))),) if timers else ()


def _stop(timers: tuple[str, ...], observed: Observed) -> tuple[Run, ...]:
    """Stop timers while their files are still there, and forget when they last ran.

    A stamp that survived would make a later timer of the same name catch up a
    slot that it never had. Without a manager `disable` works on the files alone.
    """
    if not timers or not _reachable(observed):
        return _batch("disable", timers=timers)
    clean = Command((*USER, "clean", "--what=state", *timers))
    advice = "Stamps of removed timers stay in ~/.local/share/systemd/timers; they do no harm."
    return (*_batch("disable", "--now", timers=timers), Run(clean, advice=advice))


def _reload(observed: Observed, *, needed: bool) -> tuple[Run, ...]:
    """Have the manager read the units again; where there is none, only a removal needs none."""
    reload = Run(Command((*USER, "daemon-reload")))
    return (reload,) if needed or _reachable(observed) else ()


def _keep_running(observed: Observed, host: Host, *, needed: bool) -> tuple[Run, ...]:
    if not needed or _lingers(observed, host):
        return ()
    return (Run(Command(ENABLE_LINGER), advice=LINGER_ADVICE),)


def diagnose(observed: Observed, host: Host) -> tuple[Finding, ...]:
    """Say whether timers can fire, and for how long after logging out."""
    if "systemctl" not in host.tools:
        mend = "ncp schedule sync --target cron"
        return (Finding("error", "systemd", "There is no systemctl on PATH.", mend),)
    if not _reachable(observed):
        return (_unreachable(observed, host),)
    ready = Finding("ok", "systemd", "The user manager answers.")
    return (ready, *_overridden(observed, host), _lingering(observed, host))


def _overridden(observed: Observed, host: Host) -> Iterator[Finding]:
    """Name drop-ins: they are their owner's, so a sync leaves them, but they change what fires."""
    for unit in _units(observed, host):
        if unit.get("DropInPaths"):
            message = f"{unit['Id']} is changed by {unit['DropInPaths']}."
            mend = " ".join((*USER, "revert", unit["Id"]))
            yield Finding("warning", "drop-ins", message, mend)


def _lingering(observed: Observed, host: Host) -> Finding:
    if _lingers(observed, host):
        return Finding("ok", "lingering", "Timers run also while you are logged out.")
    message = "Timers stop when you log out, and start only when you log in."
    return Finding("warning", "lingering", message, " ".join(ENABLE_LINGER))


def _unreachable(observed: Observed, host: Host) -> Finding:
    said = _words(observed)
    message = f"No user manager answers ({said})."
    if "No medium found" in said:
        message = f"XDG_RUNTIME_DIR is not set, as after su or sudo ({said})."
        return Finding("error", "systemd", message, f"export XDG_RUNTIME_DIR=/run/user/{host.uid}")
    if "offline" in said:
        message = "This machine was not started by systemd."
    return Finding("error", "systemd", message, "ncp schedule sync --target cron")

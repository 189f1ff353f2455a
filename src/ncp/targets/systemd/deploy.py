"""Which files, links and `systemctl` calls install, change and remove timers."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from ncp.errors import SchedulerError
from ncp.model import Availability, Command, File, Finding, Link, OutOfReach, Remove, Run, Write
from ncp.targets.systemd import looking, names
from ncp.targets.systemd.looking import USER

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from ncp.model import Changes, Entry, Host, Observed, Output, Step

UNREACHABLE = ("Failed to connect to bus", "No medium found")
NO_MANAGER = ("offline", "unknown", "")
_RUNTIME = re.compile(r"/run/user/[0-9]+/?")
STAMPS_STAY = "Stamps of removed timers stay in ~/.local/share/systemd/timers; they do no harm."
ENABLE_LINGER = ("loginctl", "enable-linger")
LINGER_ADVICE = (
    "Timers will run only while you are logged in. Run: loginctl enable-linger "
    "(an administrator can do it for you)."
)


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
    output = _answer(observed, looking.STATE)
    if output is None or any(words in output.stderr for words in UNREACHABLE):
        return False
    return output.stdout.strip() not in NO_MANAGER


def _words(observed: Observed) -> str:
    output = _answer(observed, looking.STATE)
    said = "" if output is None else output.stderr.strip() or output.stdout.strip()
    return " ".join(said.split()) or "systemctl says nothing"


def _lingers(observed: Observed, host: Host) -> bool:
    output = _answer(observed, looking.linger(host))
    said = output is not None and "Linger=yes" in output.stdout.split()
    return said or looking.linger_file(host) in observed.paths


def _can_linger(observed: Observed, host: Host) -> bool:
    """Where logind answers, also by saying that it does not know the user, it can."""
    output = _answer(observed, looking.linger(host))
    if "loginctl" not in host.tools or output is None:
        return False
    return output.code == 0 or "not logged in" in output.stderr


def deploy(changes: Changes, observed: Observed, host: Host) -> tuple[Step, ...]:
    """Write and remove units with one reload, one start and one stop for all timers.

    The links that `systemctl enable` would make are made here: it reads all units
    again for that (3 s for 1000 timers). Those of timers that the manager knows
    come last, so that one as young as its file says that the file was loaded; of
    others it is enough that they wait, and a reload loads at once what is linked.
    """
    if changes.empty:
        return ()
    _require_manager(observed, host)
    if (changes.add or changes.change) and (elsewhere := _elsewhere(host)) is not None:
        raise SchedulerError(
            elsewhere.message, where=names.folder(host), next_step=f"Run: {elsewhere.mend}"
        )
    here, known = _timers((*changes.add, *changes.change), host), looking.known(observed, host)
    new = [timer for timer in here if timer not in known]
    old = [timer for timer in here if timer in known]
    return (
        *(Write(File(entry.key, entry.text)) for entry in (*changes.add, *changes.change)),
        *_links(new, host),
        *_take_away(changes.remove, observed, host),
        *_reload(observed, needed=bool(changes.add or changes.change)),
        *_batch("start", timers=new),
        *_batch("restart", timers=old),  # a running timer keeps its old calendar otherwise
        *_links(old or _witness(changes, known, host), host),
        *_keep_running(observed, host, needed=bool(here)),
    )


def _require_manager(observed: Observed, host: Host) -> None:
    """Refuse to change what a manager has loaded that cannot be told of it: it goes on firing."""
    if not _reachable(observed) and not _absent(observed, host):
        message, mend = _out_of_reach(observed, host)
        raise SchedulerError(
            f"Timers cannot be changed or stopped, so they stay armed. {message}",
            where=" ".join(USER),
            next_step=f"Run: {mend}",
        )


def _absent(observed: Observed, host: Host) -> bool:
    """Tell whether no user manager runs, so that a timer is gone with its file."""
    unset = "No medium found" in _words(observed)
    return host.manager is None and not unset and not _is_foreign(host)


def _is_foreign(host: Host) -> bool:
    """Tell whether XDG_RUNTIME_DIR is another user's, as after a plain `su`."""
    return _RUNTIME.match(host.runtime_dir) is not None and host.runtime_dir != _runtime(host)


def _runtime(host: Host) -> str:
    return f"/run/user/{host.uid}" if host.manager is None else host.manager.runtime_dir


def _witness(changes: Changes, known: Container[str], host: Host) -> list[str]:
    """Choose a timer whose young link says that a service that was written has been read since."""
    units = {names.unit(entry.key) for entry in (*changes.add, *changes.change)}
    written = names.service(host) in units
    return [one for one in _timers(changes.keep, host) if one in known][:1] if written else []


def _links(timers: Iterable[str], host: Host) -> Iterator[Link]:
    return (Link(names.link(timer, host), names.path(timer, host)) for timer in timers)


def _timers(entries: Iterable[Entry], host: Host) -> tuple[str, ...]:
    units = (names.unit(entry.key) for entry in entries)
    return tuple(unit for unit in units if unit != names.service(host))


def _batch(*verb: str, timers: Sequence[str]) -> tuple[Run, ...]:
    return (Run(Command((*USER, *verb, *timers))),) if timers else ()


def _take_away(entries: Sequence[Entry], observed: Observed, host: Host) -> Iterator[Step]:
    """Stop timers, take their links before their files, and forget when they last ran.

    A stamp that survived would make a later timer of the same name catch up a
    slot that it never had. systemd finds it while the file is there.
    """
    timers, known = _timers(entries, host), looking.known(observed, host)
    yield from _batch("stop", timers=[timer for timer in timers if timer in known])
    there = [timer for timer in timers if names.path(timer, host) in observed.files]
    if there and _reachable(observed):
        yield Run(Command((*USER, "clean", "--what=state", *there)), advice=STAMPS_STAY)
    yield from (Remove(names.link(timer, host)) for timer in timers)
    yield from (Remove(entry.key) for entry in entries)


def _reload(observed: Observed, *, needed: bool) -> tuple[Run, ...]:
    """Have the manager read the units again; where there is none, only a removal needs none."""
    reload = Run(Command((*USER, "daemon-reload")))
    return (reload,) if needed or _reachable(observed) else ()


def _keep_running(observed: Observed, host: Host, *, needed: bool) -> tuple[Run, ...]:
    if not needed or _lingers(observed, host):
        return ()
    return (Run(Command(ENABLE_LINGER), advice=LINGER_ADVICE),)


def idle(observed: Observed, host: Host) -> Finding | None:
    """Say why no timer fires, if so."""
    if "systemctl" not in host.tools:
        mend = "ncp schedule sync --target cron"
        return Finding("error", "systemd", "There is no systemctl on PATH.", mend)
    return _elsewhere(host) if _reachable(observed) else _unreachable(observed, host)


def _elsewhere(host: Host) -> Finding | None:
    """Say where the manager looks for units, if that is not where this home puts them."""
    if host.manager is None or host.manager.config_home in {"", host.config_home}:
        return None
    message = (
        f"The user manager looks for units in {host.manager.config_home}/systemd/user, and those of"
        f" this home go to {names.folder(host)}, as XDG_CONFIG_HOME or HOME said."
    )
    mend = f"XDG_CONFIG_HOME={shlex.quote(host.manager.config_home)} ncp schedule sync --adopt"
    return Finding("error", "systemd", message, mend)


def diagnose(observed: Observed, host: Host) -> tuple[Finding, ...]:
    """Say whether timers can fire, and for how long after logging out."""
    trouble = idle(observed, host)
    if trouble is not None:
        return (trouble,)
    ready = Finding("ok", "systemd", "The user manager answers.")
    return (ready, *_overridden(observed), _lingering(observed, host))


def _overridden(observed: Observed) -> Iterator[Finding]:
    """Name drop-ins: they are their owner's, so a sync leaves them, but they change what fires."""
    for path in sorted(observed.files):
        folder = path.rpartition("/")[0]
        if folder.endswith(".timer.d"):
            unit = names.unit(folder).removesuffix(".d")
            mend = " ".join((*USER, "revert", unit))
            yield Finding("warning", "drop-ins", f"{unit} is changed by {path}.", mend)


def _lingering(observed: Observed, host: Host) -> Finding:
    if _lingers(observed, host):
        return Finding("ok", "lingering", "Timers run also while you are logged out.")
    message = "Timers stop when you log out, and start only when you log in."
    return Finding("warning", "lingering", message, " ".join(ENABLE_LINGER))


def _unreachable(observed: Observed, host: Host) -> Finding:
    mend = "ncp schedule sync --target cron"
    if "offline" in _words(observed):
        message = "This machine was not started by systemd."
    elif _absent(observed, host):
        message = f"No user manager answers ({_words(observed)})."
    else:
        return OutOfReach("error", "systemd", *_out_of_reach(observed, host))
    return Finding("error", "systemd", message, mend)


def _out_of_reach(observed: Observed, host: Host) -> tuple[str, str]:
    """Say why a manager that runs does not answer, and what to do."""
    said, there = _words(observed), _runtime(host)
    if "systemctl" not in host.tools:
        return "There is no systemctl on PATH.", 'export PATH="$PATH:/usr/bin:/bin"'
    mend = f"export XDG_RUNTIME_DIR={shlex.quote(there)}"
    if "No medium found" in said:
        return f"XDG_RUNTIME_DIR is not set, as after su or sudo ({said}).", mend
    if host.runtime_dir != there:
        where = f"XDG_RUNTIME_DIR is {host.runtime_dir or 'not set'}"
        return f"{where}, where no user manager of {host.user} listens ({said}).", mend
    return f"The user manager does not answer ({said}).", " ".join(looking.STATE)

"""One look at the machine, as the `Host` value that everything pure works from."""

from __future__ import annotations

import os
import platform
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import tzlocal

from ncp.errors import HomeError
from ncp.host import crons
from ncp.host.managers import manager
from ncp.model import Host

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.model import System

UTC_NAMES = {"UTC", "UTC0", "UCT", "Zulu", "Universal"} | {
    f"Etc/{name}" for name in ("UTC", "UCT", "Zulu", "Universal")
}
_STATUS = re.compile(r"^(Name|NSpid):[ \t]*(.*)$", re.MULTILINE)
SYSTEMS: dict[str, System] = {"Linux": "linux", "Darwin": "darwin", "Windows": "windows"}


def look(home: str, tag: str, tools: Iterable[str], *, user_home: str, config_home: str) -> Host:
    """Describe this machine for a home; `tools` are the programs to look for on PATH."""
    system = SYSTEMS.get(platform.system(), "linux")
    uid = os.getuid() if hasattr(os, "getuid") else 0
    return Host(
        system=system,
        user=_user(),
        uid=uid,
        user_home=user_home,
        config_home=config_home,
        home=home,
        tag=tag,
        zone=machine_zone(),
        now=datetime.now(UTC),
        tools=frozenset(tool for tool in tools if shutil.which(tool)),
        processes=processes(),
        cron=crons.named() if system == "linux" else "",
        runtime_dir=os.environ.get("XDG_RUNTIME_DIR", ""),
        manager=manager(uid, config_home),
    )


def machine_zone() -> str:
    """The IANA name of the machine's zone (TZ, else the system's setting)."""
    if os.environ.get("TZ", "").lstrip(":") in UTC_NAMES:
        return "UTC"
    try:
        name = tzlocal.reload_localzone().key or "UTC"
    except (LookupError, ValueError, OSError) as error:
        raise _nameless(error) from None
    return _plain(name)


def _plain(name: str) -> str:
    return "UTC" if name in UTC_NAMES else name


def _nameless(error: Exception) -> HomeError:
    if variable := os.environ.get("TZ"):
        return HomeError(
            "This is not the name of an IANA time zone.",
            where=f"TZ={variable}",
            next_step="Unset it, or write for example: export TZ=Europe/Berlin",
        )
    return HomeError(
        f"The machine's time zone has no IANA name: {error}",
        where="/etc/localtime",
        next_step="Set it, for example with: timedatectl set-timezone Europe/Berlin",
    )


def clock_shows(zone: str) -> bool:
    """Tell whether the C library's local time is that of `zone` for certain."""
    given = os.environ.get("TZ")
    system = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    name = system if given is None else given.removeprefix(":")
    there = zone == "UTC" or Path("/usr/share/zoneinfo", name).is_file()
    return bool(name) and _plain(name) == zone and there


def zone_doubt(zone: str) -> str:
    """Say where TZ makes `zone` another one than the system's: whoever fires may not have TZ."""
    system = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    if not os.environ.get("TZ") or not system or zone == _plain(system):
        return ""
    return (
        f"TZ makes {zone} the machine's own zone here; a scheduler without TZ fires by {system}. "
        f"To be sure: --timezone {zone}"
    )


def processes() -> frozenset[str]:
    """The names of the processes that run, on Linux; empty elsewhere.

    Those of containers are not this machine's: their NSpid has a number for each
    namespace (proc_pid_status(5)). A busybox is named by what it was told to be.
    """
    names = set()
    for entry in Path("/proc").glob("[0-9]*/status"):
        try:
            found = dict(_STATUS.findall(entry.read_text(errors="replace")))
            if len(found.get("NSpid", "").split()) <= 1:
                name = found.get("Name", "")
                names.add(_applet(entry) if name in crons.MULTICALL else name)
        except OSError:  # it ended meanwhile
            continue
    return frozenset(names)


def _applet(status: Path) -> str:
    """Read what a busybox was told to be: its own name, or the first word after it."""
    words = status.with_name("cmdline").read_text(errors="replace").split("\0")
    name = PurePath(words[0]).name
    return words[1] if name in crons.MULTICALL and words[1:] else name


def _user() -> str:
    if os.name == "nt":
        return os.environ.get("USERNAME", "")
    import pwd  # noqa: PLC0415  not on Windows

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())

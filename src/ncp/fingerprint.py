"""What the compiled copy was made from, as text that changes when its source does."""

from __future__ import annotations

import os

ZONE_FILES = (
    "/etc/localtime",
    "/usr/share/zoneinfo/tzdata.zi",  # replaced by each tzdata package on Linux
    "/usr/share/zoneinfo/+VERSION",  # the same on macOS and the BSDs
)
PACKAGE = os.path.dirname(os.path.abspath(__file__))
MACHINE_FILES = ("/etc/machine-id", "/var/lib/dbus/machine-id", "/etc/hostname", "/etc/timezone")


def document(home: str) -> str:
    """Take the fingerprint of schedule.json: a write beside and a rename changes it too."""
    return _file(f"{home}/schedule.json")


def access(home: str) -> str:
    """Take what else decides whether the document can be used: settings, owners and modes."""
    return " ".join([_file(f"{home}/config.toml"), _mode(home), _mode(f"{home}/schedule.json")])


def zone() -> str:
    """Take the fingerprint of the machine's zone and of its zone tables."""
    try:
        link = os.readlink(ZONE_FILES[0])
    except OSError:
        link = ""
    return " ".join([os.environ.get("TZ", ""), link, *(_file(path) for path in ZONE_FILES)])


def _mode(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return "none"
    return f"{found.st_mode:o}:{found.st_uid}:{found.st_gid}"


def _file(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return "none"
    return f"{found.st_ino}:{found.st_size}:{found.st_mtime_ns}"


def seal(home: str, python: str, version: str) -> str:
    """Take the fingerprint of all that a full look at a home judges before it shows anything.

    Where it is the one that was noted after such a look, the next one would end
    alike, so it can be spared. Empty where that cannot be known from outside:
    a home that a group may write, a clock that the C library may read another way.
    """
    try:
        found = os.stat(home)
        loose = (found.st_mode | os.stat(f"{home}/schedule.json").st_mode) & 0o022
    except OSError:
        return ""
    if os.name == "nt" or loose or "PYTHONTZPATH" in os.environ:
        return ""
    place = f"{found.st_dev}:{found.st_ino}:{os.getuid()}"
    program = _file(f"{os.path.dirname(python)}/ncp")
    files = [_file(path) for path in (f"{home}/bin/ncp", *MACHINE_FILES)]
    tools = [version, python, PACKAGE, os.environ.get("PATH", "") if program == "none" else program]
    return " ".join([*tools, place, document(home), access(home), zone(), *files])

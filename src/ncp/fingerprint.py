"""What the compiled copy was made from, as text that changes when its source does."""

from __future__ import annotations

import os

ZONE_FILES = (
    "/etc/localtime",
    "/usr/share/zoneinfo/tzdata.zi",  # replaced by each tzdata package on Linux
    "/usr/share/zoneinfo/+VERSION",  # the same on macOS and the BSDs
)


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

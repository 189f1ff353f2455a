"""The home folder: where it is, what it is called, and whether it is safe to use."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ncp import files, trust
from ncp.errors import HomeError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT = ".ncp/scheduler"
NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afs",
    "ceph",
    "glusterfs",
    "lustre",
    "fuse.sshfs",
}


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one schedule; `path` is real, `tag` empty for the default home."""

    path: Path
    tag: str

    @property
    def schedule(self) -> Path:
        """What should run."""
        return self.path / "schedule.json"

    @property
    def config(self) -> Path:
        """The settings."""
        return self.path / "config.toml"

    @property
    def servers(self) -> Path:
        """The MCP servers that tool tasks call."""
        return self.path / "mcp.json"

    @property
    def ledger(self) -> Path:
        """What happened."""
        return self.path / "state.db"

    @property
    def launcher(self) -> Path:
        """What native entries call."""
        return self.path / "bin" / ("ncp.cmd" if os.name == "nt" else "ncp")

    @property
    def logs(self) -> Path:
        """The daily logs."""
        return self.path / "logs"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the entries of a home stand, as it was when the home was first used.

    A firing finds other variables than the shell that made the home (cron takes
    HOME from the password file), and must still find the same entries.
    """

    path: str
    tag: str
    user_home: str
    config_home: str

    def dump(self) -> str:
        """Write it as one text for the ledger."""
        return json.dumps([self.path, self.tag, self.user_home, self.config_home])

    @classmethod
    def load(cls, text: str) -> Place:
        """Read what `dump` wrote."""
        return cls(*json.loads(text))


def place(home: Home, environ: Mapping[str, str], user_home: Path, recorded: str | None) -> Place:
    """Take the recorded place of a home, or the present one where it is new or was moved."""
    found = Place.load(recorded) if recorded else None
    if found is not None and found.path == str(home.path):
        return found
    config = environ.get("XDG_CONFIG_HOME") or str(user_home / ".config")
    return Place(str(home.path), home.tag, str(user_home), config)


def locate(environ: Mapping[str, str], user_home: Path) -> Home:
    """Find the home that NCP_HOME or the default names; it need not exist yet."""
    default = Path(os.path.realpath(user_home / DEFAULT))
    given = environ.get("NCP_HOME")
    if given and any(character in given for character in "\n\r\0"):
        raise HomeError(
            "The path holds a line break, which no scheduler entry can carry.",
            where="NCP_HOME",
            next_step="Choose another folder.",
        )
    if given and os.path.expanduser(given).startswith("~"):  # noqa: PTH111  it says so by a RuntimeError
        raise HomeError(
            "There is no such user's folder.", where=given, next_step="Write the whole path."
        )
    path = Path(os.path.realpath(os.path.expanduser(given))) if given else default  # noqa: PTH111  it may find no home to put there
    tag = "" if path == default else hashlib.sha256(os.fsencode(path)).hexdigest()[:8]
    return Home(path, tag)


def user_home(*, needed: bool = False) -> Path:
    """Find the user's folder; the root where there is none, unless it is `needed`."""
    try:
        return Path.home()
    except RuntimeError:
        if not needed:
            return Path("/")
    raise HomeError(
        f"HOME is not set, and the password file does not know user {os.getuid()}.",
        where="HOME",
        next_step=f"Run: export NCP_HOME={trust.ELSEWHERE.format(uid=os.getuid())}",
    )


def here(environ: Mapping[str, str] = os.environ) -> Home:
    """Find the home of this process; it need not exist yet."""
    return locate(environ, user_home(needed=not environ.get("NCP_HOME")))


def prepare(home: Home) -> None:
    """Make the folder if it is not there (0700) and refuse an unsafe one."""
    trust.require_above(home.path)
    try:
        files.make_folder(home.path)
    except OSError as error:
        raise HomeError(
            f"The home cannot be made: {error.strerror}.",
            where=str(home.path),
            next_step="Set NCP_HOME to a folder of yours.",
        ) from None
    require_writable(home)
    require_safe(home)


def lock_folder(home: Home, user: Path) -> Path:
    """Where the user's lock lies: all homes share the crontab and the folder of units.

    It lies in the home where the user's own folder is none: away, read-only, or another's.
    """
    folder = user / ".ncp"
    there = folder if os.access(folder, os.F_OK) else user
    usable = os.access(f"{there}/.", os.W_OK | os.X_OK)  # of a folder, with the dot
    return folder if usable and trust.is_private(folder) else home.path


def is_writable(home: Home) -> bool:
    """Tell whether files can be made in the home."""
    return os.access(home.path, os.W_OK | os.X_OK)


def require_writable(home: Home) -> None:
    """Refuse to change or run anything where it could not be written down."""
    if not is_writable(home):
        whose, mend = trust.unwritable(home.path)
        raise HomeError(
            f"It cannot be written, so nothing can be changed or run.{whose}",
            where=str(home.path),
            next_step=mend,
        )


def require_safe(home: Home) -> None:
    """Refuse a home that others may write or replace, or one on a network file system."""
    own = (home.schedule, home.config, home.servers, home.ledger)
    trust.require_all(home.path, (*own, home.launcher.parent, home.launcher))
    kind = _file_system(home.path)
    if kind in NETWORK:
        raise HomeError(
            f"The home lies on a network file system ({kind}); its locks cannot be trusted there.",
            where=str(home.path),
            next_step=f"Set NCP_HOME to a local folder, such as /var/tmp/ncp-{os.getuid()}.",
        )


def _file_system(path: Path) -> str:
    """The type of the file system under a path, from Linux's mount table; empty elsewhere."""
    try:
        table = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    best, kind = "", ""
    for line in table.splitlines():
        mount, _, rest = line.partition(" - ")
        point = mount.split(" ")[4].encode("latin-1", "backslashreplace").decode("unicode_escape")
        inside = point == "/" or str(path) == point or str(path).startswith(point + "/")
        if inside and len(point) >= len(best):
            best, kind = point, rest.split(" ")[0]
    return kind


def machine_id() -> str:
    """What tells this machine from another: /etc/machine-id, else the host's name."""
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            found = Path(path).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        if found:
            return found
    return platform.node()


def require_same_machine(home: Home, recorded: str | None) -> None:
    """Refuse a home that another machine used last: two machines must not share a ledger."""
    if recorded and recorded != machine_id():
        raise HomeError(
            "Another machine used this home last; two machines must not share one.",
            where=str(home.path),
            next_step=f"Set NCP_HOME, for example to {home.path}-{platform.node()}; "
            "or, if the machine was cloned or renamed, run: ncp schedule sync --adopt",
        )

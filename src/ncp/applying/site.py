"""An opened home: its settings, its document, its ledger, the machine around it."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from _sqlite3 import OperationalError
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ncp import __version__, files, fingerprint, targets, trust
from ncp.applying import absent, closing, former, programs
from ncp.host import clock_shows, look
from ncp.ledger.compiled import count_tasks, get_meta, set_meta
from ncp.ledger.reading import connect_to_read
from ncp.ledger.schema import wait_for_locks
from ncp.store import home as homes
from ncp.store import schedule as schedules

if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.config import Settings
    from ncp.document import Document
    from ncp.model import Host
    from ncp.store.home import Home, Place

SEAL = "seal"
STABLE = "stable"
PACKAGE = Path(__file__).resolve().parent.parent


@dataclass
class Site:
    """One home on this machine, looked at lazily and at most once.

    `fresh` forgets what was read; a change calls it once it holds the lock.
    """

    home: Home = field(default_factory=homes.here)
    closed: int = field(default=0, init=False)
    """How many executions of dead runners were closed when the ledger was opened."""

    may_empty: bool = field(default=False, init=False)
    """Whether a person has said that a document out of sight means: nothing shall run."""

    _read: Document | None = field(default=None, init=False, repr=False)
    """The document that was read last: most of the next one is the same."""

    @property
    def exists(self) -> bool:
        """Whether the home has been used."""
        try:
            return self.home.path.is_dir()
        except PermissionError:
            raise trust.hidden(self.home.path) from None

    @cached_property
    def settings(self) -> Settings:
        """config.toml."""
        return schedules.settings(self.home)

    @cached_property
    def document(self) -> Document:
        """schedule.json; AbsentError where it is out of sight, and what was made from it is not."""
        if self.exists:
            homes.require_safe(self.home)
        self._read = schedules.read(self.home, self._read)
        if absent.says_nothing(self._read) and not self.may_empty and self.home.ledger.exists():
            tasks = count_tasks(self.ledger)
            # Again: another process may have written it meanwhile, before it wrote the copy.
            self._read = schedules.read(self.home, self._read)
            absent.require_there(self._read, tasks, str(self.home.schedule))
        return self._read

    @cached_property
    def host(self) -> Host:
        """The machine."""
        place = self.place
        return look(
            place.path,
            place.tag,
            targets.TOOLS,
            user_home=place.user_home,
            config_home=place.config_home,
        )

    @cached_property
    def place(self) -> Place:
        """Where its entries stand: as recorded, so that a firing finds them too."""
        recorded = get_meta(self.ledger, "place") if self.home.ledger.exists() else None
        return homes.place(self.home, os.environ, homes.user_home(), recorded)

    @cached_property
    def ledger(self) -> Connection:
        """The ledger, made where there is none; the home must exist.

        Where the home may not be written it can be read all the same.
        """
        homes.require_safe(self.home)
        connection = connect_to_read(str(self.home.path))
        homes.require_same_machine(self.home, get_meta(connection, "machine"))
        self.closed += closing.close_dead(connection)
        return connection

    @property
    def place_now(self) -> Place:
        """Where its entries would stand, were it a new home."""
        return homes.place(self.home, os.environ, homes.user_home(), None)

    @property
    def recorded_place(self) -> Place | None:
        """Where its entries stood when it was changed last; None for a new home."""
        recorded = get_meta(self.ledger, "place") if self.home.ledger.exists() else None
        return None if recorded is None else homes.Place.load(recorded)

    def prepare(self) -> None:
        """Make the home where there is none; record its machine and the place of its entries.

        A copy keeps the place of its original until it is adopted.
        """
        homes.prepare(self.home)
        if get_meta(self.ledger, "machine") is None:
            set_meta(self.ledger, "machine", homes.machine_id())
        recorded = self.recorded_place
        if recorded == self.place or former.is_copy(self.place, recorded):
            return
        if recorded is not None and recorded.tag != self.place.tag:
            former.note(self.ledger, self.place, recorded)
        set_meta(self.ledger, "place", self.place.dump())

    def fresh(self) -> None:
        """Forget what was read from files."""
        for name in ("settings", "document", "host"):
            self.__dict__.pop(name, None)

    @property
    def original(self) -> str:
        """The home that this one is a copy of; empty where it is none, or was adopted."""
        recorded = self.recorded_place if self.exists else None
        return recorded.path if recorded and former.is_copy(self.place, recorded) else ""

    @property
    def stale(self) -> bool:
        """Whether the document is another one than the compiled copy was made from.

        A copy of a home fires nothing, and its files are others than those of its original.
        """
        if not self.home.ledger.exists() or self.original:
            return False
        return absent.is_stale(self.ledger, str(self.home.path))

    def seal(self) -> str:
        """What the present state looks like from outside, empty where that is no help."""
        if not clock_shows(self.host.zone):
            return ""
        return fingerprint.seal(str(self.home.path), sys.executable, __version__)

    def sealed(self, seal: str) -> bool:
        """Whether a look at that state has found all in order; False where none was noted."""
        return bool(seal) and get_meta(self.ledger, SEAL) == seal

    def note(self, seal: str) -> None:
        """Note that all is in order, where a change has left a seal before, and nobody writes."""
        if seal and get_meta(self.ledger, SEAL) is not None:
            with contextlib.suppress(OperationalError):  # it only saves time
                wait_for_locks(self.ledger, 0)
                set_meta(self.ledger, SEAL, seal)
            wait_for_locks(self.ledger)

    def refresh_launcher(self) -> None:
        """Write the launcher where it is missing or names another interpreter."""
        from ncp.launcher import launcher_text  # noqa: PLC0415  jinja2 takes 11 ms

        stable, path = self._stable()
        text = launcher_text(
            home=str(self.home.path),
            python=sys.executable,
            package=str(PACKAGE),
            command=programs.beside(),
            system=self.host.system,
            stable=stable,
            path=path,
        ).encode(errors="surrogateescape")
        if files.read(self.home.launcher) != text:
            self.home.launcher.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            files.write(self.home.launcher, text, 0o755)

    def _stable(self) -> tuple[str, str]:
        """The name of ncp that outlives this version, kept in the ledger for other PATHs."""
        noted = get_meta(self.ledger, STABLE)
        name, path = json.loads(noted) if noted else ("", "")
        found = programs.stable(os.environ, (name, path))
        if found != (name, path):
            set_meta(self.ledger, STABLE, json.dumps(found))
        return found

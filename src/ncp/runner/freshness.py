"""Keep the compiled copy in step with the document and the machine's zone."""

from __future__ import annotations

import os

from ncp import fingerprint
from ncp.errors import BUSY, DONE
from ncp.ledger.compiled import get_meta, set_meta
from ncp.process import launcher, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.daylog import Daylog


def refresh(connection: Connection, home: str, log: Daylog, *, lacking: str = "") -> None:
    """Have the full ncp compile again where the document or the zone has moved.

    So it is where the copy is `lacking` a timing that the scheduler fires.

    Where it cannot, the last good copy stays in force; a state that was refused
    once is not tried again until it changes.
    """
    found = {"document": fingerprint.document(home), "zone": fingerprint.zone()}
    if not lacking and all(get_meta(connection, key) == value for key, value in found.items()):
        return
    state = " ".join([*found.values(), fingerprint.access(home), *filter(None, [lacking])])
    if get_meta(connection, "rejected") == state:
        return
    code, text = run(launcher(home, "_refresh"), os.environ)
    if code == DONE:
        return
    log.alarm(
        "schedule.json or the time zone has changed and could not be compiled; the last good copy"
        f" stays in force until `ncp schedule sync` succeeds. {text.strip()}"
    )
    if code != BUSY:
        set_meta(connection, "rejected", state)


def untrusted(home: str) -> str:
    """Say who else could have put the home's tasks there, if anybody; one look, at the folder."""
    if os.name == "nt":
        return ""
    try:
        found = os.stat(home)
    except OSError:
        return ""  # the ledger will say it better
    if found.st_uid not in {os.getuid(), 0}:
        return f"{home}: It belongs to user {found.st_uid}: user {os.getuid()} runs nothing of it."
    return f"{home}: Other users may write it, so nothing is run." if found.st_mode & 0o002 else ""

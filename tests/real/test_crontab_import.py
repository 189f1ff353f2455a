"""A crontab on a real cron daemon: what its lines got from cron, they get from ncp."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from real.rooms import Clock

if TYPE_CHECKING:
    from pathlib import Path

    from real.conftest import Open
    from real.rooms import Room

START = datetime(2026, 11, 20, 12, 0, 40, tzinfo=UTC)
THEIRS = r"""# mine{carriage}
HOME={home}
A="  quoted  value "
B = plain with blanks {blank}
C=$HOME/x
'D'="e"
CRON_TZ=Europe/Berlin
PATH=/usr/bin:/bin:/opt/mine
# Variables
* * * * * env | grep -vE '^(NCP_|_=|LANG=|USER=)' | sort > env; umask > umask

# Input
* * * * * cat > input%one%two\%x%three\\%four%%end
* * * * * cat > nothing
* * * * * printf '[\%s]' 'a\\b' 'x\y' 'z\\\%w' > words
6-1 * * * * touch reversed
SHELL=/bin/bash
* * * * * echo "$BASH $0 $SHELL" > shell
"""
FILES = ("env", "umask", "input", "nothing", "words", "shell")
NAMES = ("Variables", "Input", "cat > nothing", "printf", "echo")


def seen(room: Room) -> dict[str, bytes]:
    """What the lines wrote, once all of them have."""
    return {name: (room.home / name).read_bytes() for name in FILES if (room.home / name).exists()}


def table(room: Room) -> bytes:
    """The crontab byte for byte: `crontab -l` shows a carriage return as two other characters."""
    edit = "VISUAL=cat EDITOR=cat crontab -e </dev/null | base64 -w 0"
    return b64decode(room.run("sh", "-c", edit).stdout)


def forget(home: Path) -> None:
    for name in FILES:
        (home / name).unlink(missing_ok=True)


def run_all(room: Room) -> None:
    tasks = json.loads(room.ncp("schedule", "list", "--json").stdout)["tasks"]
    for task in tasks:
        room.ncp("schedule", "run", task["id"])
    assert len(tasks) == len(NAMES)


def test_imported_lines_get_from_ncp_what_cron_gave_them(open_room: Open) -> None:
    room = open_room("cron", clock=Clock(START, 20))
    room.run("crontab", "-", stdin=THEIRS.format(home=room.home, blank="  ", carriage="\r"))
    before = table(room)
    room.wait_for(lambda: sum(map(bool, seen(room).values())) == len(FILES) - 1, timeout=30)
    by_cron = seen(room)
    room.ncp("schedule", "import", "--from-crontab", "--disable-imported")
    after = table(room).partition(b"# <<< ncp <<<\n")[2].split(b"\n")
    kept = [line for line in after if not line.startswith(b"# Imported into ncp")]
    assert [line.removeprefix(b"#ncp# ") for line in kept] == before.split(b"\n")
    assert sum(line.startswith(b"#ncp# ") for line in kept) == len(NAMES)
    room.ncp("schedule", "pause", "--all")
    forget(room.home)
    run_all(room)
    assert seen(room) == by_cron
    assert b"A=  quoted  value\n" in by_cron["env"]
    assert not (room.home / "reversed").exists()

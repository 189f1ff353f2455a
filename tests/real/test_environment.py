"""A task finds the same world whoever fires it: cron, systemd, the daemon, or a person."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest

from real.rooms import Clock, ncp_command

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from real.conftest import Open
    from real.rooms import Room

START = datetime(2026, 11, 20, 12, 0, 50, tzinfo=UTC)
"""So long before a slot that tasks are made by then."""

PROBE = r"""
seen="$HOME/$1.seen"
exec 5<&1 6<&2 >"$seen.part" 2>&1
echo "== environment"; env -0 | sort -z | tr '\0' '\n'
echo "== folder"; pwd
echo "== umask"; umask
if test $1 = limited; then ulimit -n; ulimit -t; fi
echo "== signals"; grep -E '^Sig(Pnd|Blk|Ign)' /proc/self/status
echo "== privileges"; grep -E '^(Uid|Gid|Cap|NoNewPrivs|Seccomp:)' /proc/$$/status
echo "== kernel"; cat /proc/$$/personality /proc/$$/coredump_filter /proc/$$/timerslack_ns
echo "== process"; sed 's/.*) //' /proc/$$/stat | {
    read state ppid group session terminal front rest
    test $group = $$ && echo leads its group; test $session = $$ && echo leads its session
    echo "terminal $terminal $front"
}
echo "== streams"; for n in 0 5 6; do readlink /proc/$$/fd/$n | tr -d 0-9; done
exec 5<&- 6<&-
echo "== files"; for file in /proc/$$/fd/*; do echo "${file##*/}"; done
mv "$seen.part" "$seen"
"""
"""Runs in sh, whose own file is 10."""

OWN = {"NCP_EXECUTION_ID", "NCP_SLOT", "NCP_TASK_ID"}
"""The variables that may differ: docs/formats.md, "A task's world"."""

ODD = """
TZ=Asia/Tokyo LC_ALL=de_DE.ISO-8859-1 LANG=fr_FR.UTF-8 PATH=/usr/bin:/bin SHELL=/bin/zsh
USER=mallory LOGNAME=mallory PYTHONPATH=/nowhere PYTHONSTARTUP=/nowhere IFS=x ENV=/nowhere
INVOCATION_ID=5 JOURNAL_STREAM=8:5 NOTIFY_SOCKET=/nowhere DISPLAY=:0 NCP_SLOT=stray
NCP_EXECUTION_ID=stray NCP_TASK_ID=stray TERM=xterm OLDPWD=/var XDG_RUNTIME_DIR=/nowhere
"""
ODD_SHELL = """
import os, signal, sys
for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())
os.set_inheritable(os.open("/etc/passwd", os.O_RDONLY), True)
os.umask(0o077)
os.chdir("/tmp")
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Starts a program as badly as one can: everything ignored, blocked and left open."""


def make(room: Room, target: str) -> None:
    """Make tasks of one timing: a plain one, one within limits, one that looks up a secret."""
    (room.home / "probe").write_text(PROBE)
    (room.home / "key").write_text("s3cret\n")
    every = ("schedule", "create", "every minute", "--target", target)
    probe = ("--", "/bin/sh", str(room.home / "probe"))
    room.ncp(*every, "--name", "plain", *probe, "plain")
    room.ncp(*every, "--name", "secret", "--env", f"KEY=file:{room.home}/key", *probe, "secret")
    limits = ("--limit-files", "63", "--limit-cpu", "55")
    room.ncp(*every, "--name", "limited", *limits, *probe, "limited")


def by_daemon(room: Room) -> subprocess.Popen[str]:
    return room.start(ncp_command(), "daemon", "run")


def by_hand(room: Room) -> None:
    room.ncp("schedule", "run", "every-minute")


def by_an_odd_shell(room: Room) -> None:
    words = (ncp_command(), "schedule", "run", "every-minute")
    room.run("env", *ODD.split(), "/usr/bin/python3", "-I", "-c", ODD_SHELL, *words)


def on_a_terminal(room: Room) -> None:
    room.run("script", "-qec", f"'{ncp_command()}' schedule run every-minute", "/dev/null")


def by_itself(room: Room) -> None:
    del room


WAYS: dict[str, tuple[str, str, Callable[[Room], subprocess.Popen[str] | None]]] = {
    "cron": ("cron", "cron", by_itself),
    "systemd": ("systemd", "systemd", by_itself),
    "daemon": ("cron", "embedded", by_daemon),
    "hand": ("cron", "embedded", by_hand),
    "terminal": ("cron", "embedded", on_a_terminal),
    "odd shell": ("cron", "embedded", by_an_odd_shell),
}
"""The room, the target, and what makes the tasks run."""


def seen(file: Path, home: Path) -> list[str]:
    """What a probe found, without what may differ."""
    # The C library keeps signals 32 and 33 to itself: a spawned program ignores them, a forked one
    # (within limits) does as its runner.
    text = file.read_text().replace("0000000180000000", "0000000000000000")
    lines = text.replace(str(home), "~").splitlines()
    return [line for line in lines if line.partition("=")[0] not in OWN]


def worlds_of(open_room: Open, way: str) -> dict[str, list[str]]:
    """What each of the tasks finds where they are fired one way."""
    kind, target, fire = WAYS[way]
    room = open_room(kind, clock=Clock(START))
    make(room, target)
    files = {name: room.home / f"{name}.seen" for name in ("plain", "secret", "limited")}
    firing = fire(room)
    room.wait_for(lambda: all(file.exists() for file in files.values()), timeout=100)
    room.close()
    if firing is not None:
        firing.communicate(timeout=10)
    return {name: seen(file, room.home) for name, file in files.items()}


@pytest.mark.slow
def test_a_task_finds_the_same_world_whoever_fires_it(open_room: Open) -> None:
    expected = worlds_of(open_room, "cron")
    worlds = {way: worlds_of(open_room, way) for way in WAYS if way != "cron"}
    differences = [
        line
        for way, world in worlds.items()
        for name in expected
        for line in unified_diff(expected[name], world[name], "cron", way, n=0, lineterm="")
    ]
    assert "\n".join(differences) == ""
    with_secret = [line for line in expected["secret"] if line != "KEY=s3cret"]
    assert with_secret == [line.replace("plain", "secret") for line in expected["plain"]]
    assert len(with_secret) == len(expected["secret"]) - 1
    assert "NCP_TIMING_ID=every-minute" in with_secret
    assert {"0022", "63", "55"} < set(expected["limited"])

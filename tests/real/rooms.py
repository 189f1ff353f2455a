"""Rooms: private worlds, one per test, each around one real scheduler.

`room.sh` makes them; this module opens, drives and closes them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

T = TypeVar("T")

HERE = Path(__file__).parent
PACKAGES = {
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "mount": "mount",
    "crontab": "cron",
    "/usr/sbin/cron": "cron",
    "systemctl": "systemd",
    "/lib/systemd/systemd": "systemd",
    "/usr/share/zoneinfo/Europe/Berlin": "tzdata",
}
"""What a room is made of, and the Debian package that brings it."""
CRONS = HERE.parents[1] / ".crons"
"""The crons other than Debian's, as `scripts/crons` unpacks them."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A wall clock that starts at `start` (aware) and runs `rate` times as fast.

    Cron keeps up to 360, systemd to 86400. Monotonic clocks, and so timeouts, stay
    real: a program that waits a computed time for an instant of the wall clock wakes
    late, by the rate.
    """

    start: datetime
    rate: int = 1


class Room:
    """A running scheduler with a home folder of its own, and the way in."""

    def __init__(
        self, kind: str, home: Path, *, zone: str = "UTC", clock: Clock | None = None
    ) -> None:
        home.mkdir(parents=True)
        self.kind, self.home, self.zone = kind, home, zone
        self._process = subprocess.Popen(
            [str(HERE / "room.sh"), kind, zone, str(home), *_clock_arguments(clock)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a ^C is for the test, which then closes the room
        )
        assert self._process.stdout is not None
        self.pid = self._process.stdout.readline().strip()
        """The process whose end is the end of the room, and whose namespaces it has."""
        if not self.pid:
            raise AssertionError(f"The {kind} room did not open, exit {self.close()}.")

    @property
    def environment(self) -> dict[str, str]:
        """What a person's shell would hold in here."""
        runtime = {"XDG_RUNTIME_DIR": "/run/user/0"} if self.kind == "systemd" else {}
        return {
            "HOME": str(self.home),
            "USER": "root",
            "LOGNAME": "root",
            "SHELL": "/bin/sh",
            "LANG": "C.UTF-8",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "NCP_HOME": str(self.home / ".ncp" / "scheduler"),
            **runtime,
        }

    def _inside(self, argv: tuple[str, ...], environment: dict[str, str]) -> list[str]:
        values = (f"{key}={value}" for key, value in (self.environment | environment).items())
        enter = ["nsenter", "--target", self.pid, "--mount", "--pid", "--root", "--"]
        return [*enter, "env", "-i", f"--chdir={self.home}", *values, *argv]

    def run(
        self,
        *argv: str,
        check: bool = True,
        stdin: str = "",
        timeout: float = 60,
        **environment: str,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program inside; with `check`, any exit code but 0 fails the test with its words."""
        done = subprocess.run(
            self._inside(argv, environment),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(
                f"{argv} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done

    def start(self, *argv: str, **environment: str) -> subprocess.Popen[str]:
        """Start a program inside that goes on; closing the room ends it."""
        return subprocess.Popen(
            self._inside(argv, environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ncp(
        self,
        *arguments: str,
        check: bool = True,
        stdin: str = "",
        timeout: float = 60,
        **environment: str,
    ) -> subprocess.CompletedProcess[str]:
        """Run the `ncp` under test inside, on this room's own home."""
        argv = (ncp_command(), *arguments)
        return self.run(*argv, check=check, stdin=stdin, timeout=timeout, **environment)

    def restart(self) -> None:
        """End the user manager in order and start a new one, as a reboot does."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("restart\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline()

    def move_to(self, zone: str) -> None:
        """Carry the machine to another zone, as a traveller's laptop does it."""
        self.run("ln", "-sfn", f"/usr/share/zoneinfo/{zone}", "/etc/localtime")
        self.run("sh", "-c", 'echo "$0" >/etc/timezone', zone)
        self.zone = zone

    def wait_for(self, predicate: Callable[[], T], timeout: float = 70) -> T:
        """Wait until the predicate answers with something true, and return that."""
        deadline = time.monotonic() + timeout
        while not (answer := predicate()):
            if time.monotonic() > deadline:
                log = (self.home / ".room.log").read_text()
                raise AssertionError(f"Not within {timeout} s. The {self.kind} room says:\n{log}")
            time.sleep(0.05)
        return answer

    def close(self) -> int:
        """End every process inside and everything that the room was; return its exit code."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        return self._process.wait(timeout=30)


def ncp_command() -> str:
    """The `ncp` that was installed beside the interpreter that runs the tests."""
    return str(Path(sys.prefix) / "bin" / "ncp")


def obstacle(kind: str = "cron") -> str:
    """Say in one sentence why rooms of a kind cannot be opened here; empty where they can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "Rooms with real schedulers need Linux and root, for private namespaces."
    missing = {p for name, p in PACKAGES.items() if not (shutil.which(name) or Path(name).exists())}
    if missing:
        return f"Install {' '.join(sorted(missing))} for rooms with real schedulers."
    there = kind in {"cron", "systemd"} or (CRONS / kind).exists()
    return "" if there else f"Run scripts/crons for rooms with {kind}."


def _clock_arguments(clock: Clock | None) -> list[str]:
    if clock is None:
        return []
    return [str(_clock_library()), str(int(clock.start.timestamp())), str(clock.rate)]


def _clock_library() -> Path:
    """Build the preload library once for each version of its source."""
    source = HERE / "fastclock.c"
    built = HERE / "__pycache__" / f"fastclock-{source.stat().st_mtime_ns}.so"
    if not built.exists():
        built.parent.mkdir(exist_ok=True)
        beside = built.with_suffix(f".{os.getpid()}")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", beside, source], check=True)
        beside.rename(built)  # other test processes may be building it too
    return built

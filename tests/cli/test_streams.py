"""What becomes of an exit code where nobody takes what ncp prints."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

WAYS = {
    "stdout closed": "{} >&- 2>/dev/null",
    "stderr closed": "{} >/dev/null 2>&-",
    "all closed": "{} <&- >&- 2>&-",
    "stderr full": "{} >/dev/null 2>/dev/full",
    "stdout without reader": "{{ {} 2>/dev/null; echo $? >code; }} | true; sleep 0.1",
    "stderr without reader": "{{ {} 2>&1 >/dev/null; echo $? >code; }} | true; sleep 0.1",
}
DEEDS = {
    "schedule run good": 0,
    "schedule run bad": 1,
    "schedule run good --json": 0,
    "schedule run bad --json": 1,
    "schedule run nobody": 3,
    "schedule catchup --limit x": 2,
    "schedule catchup": 0,
    "schedule list": 0,
    "_timing-run nothing": 3,
    "_timing-run": 2,
    "--version": 0,
}


def code_of(ncp: Ncp, way: str, deed: str) -> int:
    """Run a deed in a shell, with its streams as bad as that."""
    line = WAYS[way].format(shlex.join(ncp.program(*deed.split())))
    # The reader is gone for sure where the shell waits for it: `code` comes after it.
    script = (
        f"rm -f code; {line}; last=$?; while test -e waits && ! test -e code; do sleep 0.05; done"
    )
    script += "; test -e code && exit $(cat code); exit $last"
    waits = ncp.user_home / "waits"
    waits.touch() if "reader" in way else waits.unlink(missing_ok=True)
    words = ["sh", "-c", script]
    return subprocess.run(words, env=ncp.environment, cwd=ncp.user_home, check=False).returncode


@pytest.mark.parametrize("way", WAYS)
def test_where_nobody_takes_what_is_printed_the_exit_code_stays(ncp: Ncp, way: str) -> None:
    ncp.create("daily", name="good")
    ncp.create("daily", "false", name="bad")
    assert {deed: code_of(ncp, way, deed) for deed in DEEDS} == DEEDS


def test_doctor_keeps_its_verdict_without_a_reader(ncp: Ncp) -> None:
    ncp.create("daily")
    ncp.home.chmod(0o777)
    assert code_of(ncp, "stdout without reader", "doctor") == 1


def test_what_was_asked_for_and_cannot_be_written_is_an_error(ncp: Ncp) -> None:
    line = f"{shlex.join(ncp.program('--version'))} >/dev/full"
    done = subprocess.run(["sh", "-c", line], env=ncp.environment, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr

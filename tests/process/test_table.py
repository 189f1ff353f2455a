"""Systems without /proc and without adoption, played on one that has both."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from ledgers import wait_for
from ncp.process import Children, identity, strays, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAC = """
    1     0     1      0
  100     1   100      0
  501   100   501 8f3a10
  502   501   501 8f3a10
  503   502   503 8f3a10
  504   503   504 77bb20
  505   504   505 66cc30
  601     1   501 8f3a10
  602     1   602 8f3a10
  603     1   603 55dd40
  604   603   603      0
  700   100   700      0
"""


@pytest.mark.parametrize(
    ("leader", "expected"),
    [
        (501, {502, 503, 504, 505, 601, 602}),
        (
            503,
            {504, 505, 501, 502, 601, 602},
        ),  # one session: never asked for, as a leader is its own
        (603, {604}),
        (700, set()),
        (999, set()),
    ],
)
def test_groups_sessions_and_descendants_are_tied_to_a_program(
    leader: int, expected: set[int]
) -> None:
    assert set(table.tied(MAC.strip(), leader)) == expected


def test_sessions_that_are_told_by_number_or_not_at_all() -> None:
    text = "10 1 10 10\n11 1 11 10\n12 1 12 12\n13 1 13 0\n14 1 14 -"
    assert table.tied(text, 10) == [11]
    assert table.tied("20 1 20 -\n21 1 21 -\n22 20 22 -", 20) == [22]


def test_a_leader_that_is_gone_is_found_by_its_group() -> None:
    without = "\n".join(line for line in MAC.strip().splitlines() if line.split()[0] != "501")
    assert set(table.tied(without, 501)) == {502, 503, 504, 505, 601, 602}


def test_where_there_is_no_table_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "PS", "/no/such")
    assert table.relatives(os.getpid()) == []


@pytest.fixture
def children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Children]:
    """Children as on macOS: no pidfd, no orphans adopted, no /proc."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(strays, "WITHOUT_PROC", True)
    monkeypatch.delattr(os, "pidfd_open")
    found = Children()
    yield found
    found.close()


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ("set -m; sleep 60 & echo $! > below", False),
        ("setsid sleep 60 & echo $! > below; wait", True),
        ("setsid sh -c 'set -m; sleep 60 & echo $! > below; wait' & wait", True),
    ],
)
def test_what_is_still_tied_to_a_task_ends_with_it(
    children: Children, tmp_path: Path, script: str, asked: bool
) -> None:
    env = {"PATH": "/usr/bin:/bin", "NCP_EXECUTION_ID": "x"}
    child = children.spawn(["bash", "-c", script], env, str(tmp_path))
    file = tmp_path / "below"
    wait_for(lambda: file.exists() and file.read_text().strip())
    below = int(file.read_text())
    if asked:
        assert identity.start_of(below)
        child.kill()
    while not child.over:
        children.wait(1)
    wait_for(lambda: not identity.start_of(below))


def test_a_new_session_whose_parent_has_ended_escapes(children: Children, tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "NCP_EXECUTION_ID": "x"}
    script = "(setsid sleep 60 & echo $! > below); sleep 0.2"
    child = children.spawn(["bash", "-c", script], env, str(tmp_path))
    while not child.over:
        children.wait(1)
    below = int((tmp_path / "below").read_text())
    assert identity.start_of(below)  # as the docs say
    os.kill(below, signal.SIGKILL)

"""Rooms as fixtures. Without root or the real programs: a skip that says what to install.

With CI=true that is a failure: there, a real part that is missing is a part
that nobody tested.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn, Protocol

import pytest

from real.rooms import Clock, Room, obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class Open(Protocol):
    """Opens a room that closes with the test."""

    def __call__(self, kind: str, *, zone: str = "UTC", clock: Clock | None = None) -> Room: ...


def give_up(reason: str, environment: Mapping[str, str]) -> NoReturn:
    """Skip the test, or fail it where everything is supposed to be there."""
    if environment.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def open_room(tmp_path: Path) -> Iterator[Open]:
    if reason := obstacle():
        give_up(reason, os.environ)
    rooms: list[Room] = []

    def opened(kind: str, *, zone: str = "UTC", clock: Clock | None = None) -> Room:
        if reason := obstacle(kind):
            give_up(reason, os.environ)
        rooms.append(Room(kind, tmp_path / f"home{len(rooms)}", zone=zone, clock=clock))
        return rooms[-1]

    yield opened
    for room in rooms:
        room.close()


@pytest.fixture
def cron_room(open_room: Open) -> Room:
    return open_room("cron")


@pytest.fixture
def systemd_room(open_room: Open) -> Room:
    return open_room("systemd")

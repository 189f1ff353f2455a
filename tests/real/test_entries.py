"""Entries and what is said of them, where the scheduler is real."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from real.rooms import Room

LINGER = "Timers will run only while you are logged in."


def test_the_advice_about_lingering_comes_once(systemd_room: Room) -> None:
    systemd_room.run("rm", "/var/lib/systemd/linger/root")
    create = ("schedule", "create", "--target", "systemd")
    first = systemd_room.ncp(*create, "hourly", "--", "true")
    second = systemd_room.ncp(*create, "daily", "--", "true")
    assert (first.stderr.count(LINGER), second.stderr.count(LINGER)) == (1, 0)
    assert "loginctl enable-linger" in systemd_room.ncp("doctor", check=False).stdout

"""Crons other than Debian's, each with its own tools and daemon: create, fire, look, leave."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from real.conftest import Open
    from real.rooms import Room

TITLES = {"cronie": "cronie", "busybox": "busybox crond", "bcron": "bcron"}
"""The crons with a daemon that reads the tables by itself, and what the doctor calls them."""
THEIRS = "# mine: \u00e9\n\n  5 4 * * *\t/bin/true   \n0 1 1 1 * echo a\\%b >/dev/null\n"
FIVE = re.compile(r"([0-9*,/-]+ ){5}/bin/sh .*")
NO_TABLE = {"bcron": 111}


def table(room: Room) -> str | None:
    """The table as the cron's own program shows it; None where there is none."""
    shown = room.run("crontab", "-l", check=False)
    return shown.stdout if shown.returncode == 0 else None


def install(room: Room, text: str) -> None:
    (room.home / "table").write_text(text)
    room.run("crontab", str(room.home / "table"))


@pytest.mark.slow
@pytest.mark.parametrize("cron", TITLES)
def test_what_is_made_without_a_table_fires_at_the_next_minute_and_leaves_nothing(
    open_room: Open, cron: str
) -> None:
    room = open_room(cron)
    fired = room.home / "fired"
    assert table(room) is None
    room.ncp(*EVERY_MINUTE, str(fired), NCP_HOME=hostile(room))
    room.wait_for(fired.exists, timeout=75)
    said = room.ncp("doctor", check=False, NCP_HOME=hostile(room)).stdout
    assert f"and {TITLES[cron]} runs" in said
    room.ncp("uninstall", "-y", NCP_HOME=hostile(room))
    assert table(room) is None


EVERY_MINUTE = ("schedule", "create", "every minute", "--target", "cron", "--", "touch")


def hostile(room: Room) -> str:
    """A home whose path each cron and the shell could misread."""
    return str(room.home / "n & c 100%")


@pytest.mark.parametrize("cron", [*TITLES, "systemd-cron"])
def test_what_is_not_ncps_stays_byte_for_byte(open_room: Open, cron: str) -> None:
    room = open_room(cron)
    install(room, THEIRS)
    room.ncp("schedule", "create", "0 9 * * *", "--target", "cron", "--", "true")
    room.ncp("schedule", "create", "*/5 8-17 * * 1-5 | 0 20 1,15 * *", "--", "true")
    made = table(room) or ""
    ours, _, rest = made.partition("# <<< ncp <<<\n")
    assert rest == THEIRS
    lines = [line for line in ours.splitlines() if line[:1] not in {"#", "@"}]
    assert len(lines) == 3
    assert all(FIVE.fullmatch(line) for line in lines)
    assert ("@" in ours) is (cron == "cronie")
    room.ncp("uninstall", "-y")
    assert table(room) == THEIRS


@pytest.mark.slow
def test_a_busybox_told_to_be_crond_is_found_running(open_room: Open) -> None:
    room = open_room("busybox")
    found = room.ncp("--json", check=False).stdout or room.ncp().stdout
    assert "busybox crond runs" in found


def test_systemd_crons_generator_makes_a_timer_of_ncps_line(open_room: Open) -> None:
    """It has no daemon: systemd runs what its generator makes of the tables."""
    room = open_room("systemd-cron")
    room.ncp(*EVERY_MINUTE, "x")
    folder = room.home / "units"
    folder.mkdir()
    generator = "/usr/lib/systemd/system-generators/systemd-crontab-generator"
    room.run(generator, str(folder))
    (timer,) = folder.glob("cron-root-root-*.timer")
    assert "OnCalendar=*-*-* *:*:00" in timer.read_text()
    assert str(room.home) in "".join(p.read_text() for p in folder.glob("cron-root-root-*"))
    findings = json.loads(room.ncp("doctor", "--json", check=False).stdout)["findings"]
    assert {"sudo systemctl start cron.target"} <= {one.get("mend") for one in findings}


@pytest.mark.slow
def test_mcron_runs_ncps_line_and_the_doctor_says_what_it_lacks(open_room: Open) -> None:
    room = open_room("mcron")
    fired = room.home / "fired"
    refused = room.ncp(*EVERY_MINUTE, str(fired), check=False)
    assert refused.returncode == 4
    words = ("schedule", "create", "every minute", "--target", "embedded", "--")
    room.ncp(*words, "touch", str(fired))
    launcher = room.home / ".ncp/scheduler/bin/ncp"
    (room.home / "lines.vixie").write_text(
        f"# >>> ncp >>>\n* * * * * /bin/sh {launcher} _timing-run every-minute\n# <<< ncp <<<\n"
    )
    with room.start("sh", "-c", "exec mcron -i vixie - <lines.vixie"):
        room.wait_for(fired.exists, timeout=75)
        room.close()


@pytest.mark.slow
def test_busybox_ends_at_the_lines_that_ncp_does_not_write(open_room: Open) -> None:
    """The reason for plain lines: with this one its daemon is gone within two minutes."""
    room = open_room("busybox")
    install(room, "@reboot true\n")
    room.wait_for(lambda: room.run("pgrep", "-x", "busybox", check=False).returncode, timeout=130)

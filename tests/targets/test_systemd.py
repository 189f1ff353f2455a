"""The units that systemd is given: their text, their quoting, whose they are."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from hosts import DEFAULT_HOME, LINUX, timing
from ncp.model import Entry, Recurrence, Timing
from ncp.targets.systemd import TARGET, names
from ncp.targets.systemd.emit import quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ncp.model import Host

UNITS = "/home/ann/.config/systemd/user"
ONCE = Timing(
    id="once-2026-12-24-0730",
    name="Once",
    recurrence=Recurrence(at=datetime(2026, 12, 24, 7, 30, tzinfo=UTC)),
)


def text_of(of: Timing, host: Host = LINUX) -> str:
    return TARGET.emit(of, host).files[1].text


@pytest.mark.parametrize(
    ("name", "cron", "zone"),
    [
        ("weekdays-9am", "0 9 * * 1-5", None),
        ("friday-or-the-13th", "0 9 13 * 5", None),
        ("odd-mondays", "0 0 */2 * 1", None),
        ("last-day-and-last-friday", "0 9 L * 5L", None),
        ("every-20min-of-new-york", "*/20 9-17 * * *", "America/New_York"),
        ("nightly-230am", "30 2 * * *", None),
        ("every-15min", "*/15 * * * *", None),
    ],
)
def test_timers_are_as_reviewed(
    name: str, cron: str, zone: str | None, golden: Callable[[str, str], None]
) -> None:
    of = timing(cron, id=name, name=name.replace("-", " ").capitalize(), zone=zone)
    golden(f"systemd/{name}.timer", text_of(of))


def test_the_service_and_a_one_off_are_as_reviewed(golden: Callable[[str, str], None]) -> None:
    service, timer = TARGET.emit(ONCE, LINUX).files
    assert service.path == f"{UNITS}/ncp-1a2b3c4d@.service"
    assert timer.path == f"{UNITS}/ncp-1a2b3c4d-once-2026-12-24-0730.timer"
    golden("systemd/ncp-1a2b3c4d@.service", service.text)
    golden("systemd/once.timer", timer.text)


def test_the_default_home_has_no_tag() -> None:
    service, timer = TARGET.emit(timing("0 9 * * *"), DEFAULT_HOME).files
    assert service.path == f"{UNITS}/ncp@.service"
    assert timer.path == f"{UNITS}/ncp-weekdays-9am.timer"
    assert "Unit=ncp@weekdays-9am.service" in timer.text.splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "Type=oneshot",
        "KillMode=mixed",
        "Delegate=memory",
        "StartLimitIntervalSec=0",
        "TimeoutStartSec=infinity",
        "TimeoutStopSec=15min",
    ],
)
def test_a_service_loses_no_slot_and_ends_its_own_tasks(line: str) -> None:
    assert line in TARGET.emit(ONCE, LINUX).files[0].text.splitlines()


@pytest.mark.parametrize("line", ["Persistent=true", "AccuracySec=1us", "WantedBy=timers.target"])
def test_a_timer_is_punctual_and_catches_up(line: str) -> None:
    assert line in text_of(ONCE).splitlines()


def test_a_name_cannot_break_out_of_its_comment() -> None:
    hostile = replace(ONCE, name='a"\n[Timer]\nOnCalendar=*-*-* *:*:00\\')
    (wakes,) = TARGET.read(TARGET.emit(hostile, LINUX), LINUX)
    assert wakes.rules == ()
    assert text_of(hostile).startswith('# Written by ncp for "a" [Timer] OnCalendar=')


def test_a_long_name_is_cut() -> None:
    first = text_of(replace(ONCE, name="x" * 5000)).splitlines()[0]
    assert len(first) < 200


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/opt/n & c/100%/ncp", '"/opt/n & c/100%%/ncp"'),
        ("/a$HOME/b", '"/a$$HOME/b"'),
        ("/q\"u'o", '"/q\\"u\'o"'),
        ("/back\\slash", '"/back\\\\slash"'),
        ("/é中", '"/é中"'),
        ("/a\nb", '"/a\\x0ab"'),
        ("/\udcff", '"/\\xff"'),
    ],
)
def test_a_path_is_quoted_as_systemd_reads_it(path: str, expected: str) -> None:
    assert quoted(path) == expected


@pytest.mark.parametrize("home", ["/opt/n & c/100%/ncp", "/a$HOME \\x/q\"u'o;#", "/\udcff\u00e9"])
def test_systemd_verifies_what_it_is_given(home: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up("systemd-analyze is missing: apt-get install systemd")
    crons = ["0 9 13 * 5", "0 9 L * 5L", "* * * * *", "*/7 3,5 */2 1-6 1#1"]
    artifacts = [
        TARGET.emit(timing(c, id=f"t{n}"), replace(LINUX, home=home)) for n, c in enumerate(crons)
    ]
    artifacts.append(TARGET.emit(ONCE, replace(LINUX, home=home)))
    paths = {tmp_path / names.unit(f.path): f.text for a in artifacts for f in a.files}
    for path, text in paths.items():
        path.write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", "--recursive-errors=no", *paths],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_commands_of_one_artifact_load_and_unload_it() -> None:
    artifact = TARGET.emit(ONCE, LINUX)
    load, unload = ([shlex.join(c.argv) for c in cs] for cs in (artifact.load, artifact.unload))
    timer = "ncp-1a2b3c4d-once-2026-12-24-0730.timer"
    assert load == ["systemctl --user daemon-reload", f"systemctl --user enable --now {timer}"]
    assert unload == [
        f"systemctl --user disable --now {timer}",
        f"systemctl --user clean --what=state {timer}",
    ]


def test_timings_share_one_service() -> None:
    artifacts = [TARGET.emit(timing("0 9 * * *", id=id_), LINUX) for id_ in ("b", "a")]
    wanted = TARGET.wanted(artifacts, LINUX)
    assert [names.unit(entry.key) for entry in wanted] == [
        "ncp-1a2b3c4d-a.timer",
        "ncp-1a2b3c4d-b.timer",
        "ncp-1a2b3c4d@.service",
    ]
    assert wanted[0] == Entry(artifacts[1].files[1].path, artifacts[1].files[1].text)


OTHER = replace(DEFAULT_HOME, tag="deadbeef", home="/srv/other")
DEFAULTS_ODD_ID = text_of(timing("0 9 * * *", id="deadbeef-daily"), DEFAULT_HOME)
OTHERS_DAILY = text_of(timing("0 9 * * *", id="daily"), OTHER)


@pytest.mark.parametrize(
    ("text", "default", "other"),
    [
        (DEFAULTS_ODD_ID, True, False),
        (OTHERS_DAILY, False, True),
        ("[Timer]\nOnCalendar=daily\n", False, False),
        (OTHERS_DAILY.replace("Unit=", "#"), False, True),
        ("", False, False),
    ],
)
def test_an_id_that_looks_like_a_tag_is_told_from_another_homes(
    text: str, default: bool, other: bool
) -> None:
    name = "ncp-deadbeef-daily.timer"
    assert names.ours(name, text, DEFAULT_HOME) is default
    assert names.ours(name, text, OTHER) is other


def test_a_timer_with_a_service_edited_by_hand_is_still_ours() -> None:
    text = text_of(timing("0 9 * * *", id="daily"), DEFAULT_HOME)
    edited = text.replace("ncp@daily", "ncp@weekly")
    assert names.ours("ncp-daily.timer", edited, DEFAULT_HOME)


def test_a_service_is_ours_by_its_first_line() -> None:
    assert names.ours("ncp@.service", "# Written by ncp, one for\n", DEFAULT_HOME)
    assert not names.ours("ncp@.service", "[Service]\n", DEFAULT_HOME)

from __future__ import annotations

import json
import plistlib
import subprocess
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from hosts import LINUX, MAC, WINDOWS
from ncp import targets
from ncp.api import compiling
from targets.expressions import random_crons

if TYPE_CHECKING:
    from cli.conftest import Ncp
    from ncp.model import Host

KEYS = [
    *("target", "timingId", "cron", "timezone", "exactness", "extraPerDay"),
    *("proof", "files", "load", "unload"),
]


def batch(ncp: Ncp, text: str, *options: str) -> list[dict[str, Any]]:
    path = ncp.user_home / "batch.txt"
    path.write_bytes(text.encode())
    said = ncp("compile", "--batch", str(path), *options)
    assert said.code == 0, said.err
    return [json.loads(line) for line in said.out.splitlines()]


@pytest.mark.parametrize("target", targets.NAMES)
def test_an_expression_compiles_to_one_object_on_any_machine(ncp: Ncp, target: str) -> None:
    found = ncp("compile", "0 9 * * MON-FRI", "--target", target, "--json").json
    assert list(found) == KEYS
    assert [found[key] for key in KEYS[:6]] == [
        *(target, "weekdays-9am", "0 9 * * 1-5", None, "exact", 0.0)
    ]
    assert found["proof"] == {
        "dueMinutesPerYear": 260.89,
        "wakeMinutesPerYear": 260.89,
        "missed": 0,
        "extraPerDay": 0.0,
        "lateMinutesAtClockChanges": 0,
    }
    assert all(set(file) == {"path", "text"} for file in found["files"])
    for one in (*found["load"], *found["unload"]):
        assert set(one) == {"argv", "stdin"}
        assert all(isinstance(piece, str) for piece in one["argv"])


def test_compiling_makes_nothing(ncp: Ncp) -> None:
    (ncp.home / "config.toml").unlink()
    ncp.home.rmdir()
    ncp("compile", "0 9 * * *", "--target", "systemd")
    assert not ncp.home.exists()


@pytest.mark.parametrize(
    ("target", "path", "launcher"),
    [
        ("systemd", "{user}/.config/systemd/user/ncp-", "{home}/bin/ncp"),
        ("launchd", "{user}/Library/LaunchAgents/io.ncp-scheduler.", "{home}/bin/ncp"),
        ("cron", "crontab", "{home}/bin/ncp"),
        ("schtasks", "C:\\", "\\bin\\ncp.cmd"),
    ],
)
def test_a_foreign_target_gets_the_paths_of_its_own_system(
    ncp: Ncp, target: str, path: str, launcher: str
) -> None:
    (ncp.home / "config.toml").unlink()
    plain = ncp.user_home / "plain"
    found = compiled_in(ncp, str(plain), target)
    names = {"user": str(ncp.user_home), "home": str(plain)}
    assert any(file["path"].startswith(path.format(**names)) for file in found["files"])
    assert any(launcher.format(**names) in file["text"] for file in found["files"])


def compiled_in(ncp: Ncp, home: str, target: str) -> Any:
    done = subprocess.run(
        ncp.program("compile", "0 9 * * *", "--target", target, "--json"),
        env={**ncp.environment, "NCP_HOME": home},
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_the_crontab_block_holds_one_line_for_the_timing(ncp: Ncp) -> None:
    found = ncp("compile", "*/5 * * * *", "-t", "cron", "--json").json
    (file,) = found["files"]
    lines = [line for line in file["text"].splitlines() if not line.startswith("#")]
    assert len(lines) == 1
    assert lines[0].startswith("*/5 * * * * /bin/sh ")
    assert lines[0].endswith(" _timing-run every-5min")


def test_a_plist_that_was_compiled_is_one(ncp: Ncp) -> None:
    found = ncp("compile", "30 8 * * 1-5", "-t", "launchd", "--json").json
    tree = plistlib.loads(found["files"][0]["text"].encode())
    assert [day["Weekday"] for day in tree["StartCalendarInterval"]] == [1, 2, 3, 4, 5]


def test_what_is_not_exact_says_how_much_more_it_wakes(ncp: Ncp) -> None:
    argv = ("compile", "0 9 * * *", "-t", "cron", "-z", "America/New_York")
    found = ncp(*argv, "--json").json
    assert (found["exactness"], found["timezone"]) == ("guarded", "America/New_York")
    assert found["extraPerDay"] > 0
    assert f"guarded (+{found['extraPerDay']:g} wakes/day)" in ncp(*argv).out


def test_people_see_paths_files_commands_and_the_claim(ncp: Ncp) -> None:
    said = ncp("compile", "weekdays at 8:30", "--target", "systemd")
    lines = said.out.splitlines()
    heads = [line for line in lines if line.startswith("==> ")]
    assert lines[0] == "# weekdays-8-30am: Weekdays at 8:30 AM"
    assert [head.rpartition("/")[2].partition("-")[0] for head in heads] == ["ncp", "ncp"]
    assert "OnCalendar=Mon,Tue,Wed,Thu,Fri *-*-* 08:30:00" in lines
    assert any(line.startswith("load: systemctl --user daemon-reload") for line in lines)
    assert any(line.startswith("unload: systemctl --user disable") for line in lines)
    assert lines[-1] == "exact"


def test_the_embedded_target_says_that_there_is_no_entry(ncp: Ncp) -> None:
    lines = ncp("compile", "hourly", "--target", "embedded").out.splitlines()
    assert lines[1:] == ["no entry: ncp daemon run, in the foreground", "exact"]


def test_a_text_that_a_command_reads_is_not_shown_twice(ncp: Ncp) -> None:
    said = ncp("compile", "0 9 * * *", "-t", "cron").out
    assert said.count("_timing-run") == 1
    assert "crontab -'  # reads the text above" in said


def test_a_phrase_says_what_it_assumed(ncp: Ncp) -> None:
    said = ncp("compile", "every monday", "-t", "cron", "--json")
    assert said.json["cron"] == "0 9 * * 1"
    assert "9" in said.err


def test_a_one_off_carries_its_instant(ncp: Ncp) -> None:
    found = ncp("compile", "2099-12-24T08:30:00+01:00", "-t", "systemd", "--json").json
    assert (found["cron"], found["at"]) == (None, "2099-12-24T07:30Z")
    assert found["timingId"] == "once-2099-12-24-0830"


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["0 25 * * *"], ["hour field", '"25" is out of range', "0-23"]),
        (["* * * *"], ["4 fields"]),
        (["0 0 30 2 *"], ["never comes"]),
        (["0 9 * * *", "-t", "cron", "-z", "Mars/Phobos"], ["not an IANA time zone"]),
        (["0 9 * * *", "-t", "crno"], ["is not a target", "systemd, launchd"]),
        (["whenever", "-t", "cron"], ["Write DAYS at TIME"]),
        (["1999-01-01T00:00Z", "-t", "cron"], ["has passed"]),
        (["0 9 * * *", "--batch", "-"], ["Both an expression and a batch"]),
        (["--batch", "/nowhere/at/all"], ["/nowhere/at/all", "cannot be read"]),
    ],
)
def test_what_cannot_be_compiled_is_refused_by_name(
    ncp: Ncp, argv: list[str], words: list[str]
) -> None:
    said = ncp("compile", *argv)
    assert (said.code, said.out) == (2, "")
    assert all(word in said.err for word in words), said.err


def test_a_batch_has_an_object_for_each_line_in_their_order(ncp: Ncp) -> None:
    found = batch(ncp, "0 9 * * MON\r\n\n# no\n61 * * * *\n@daily\nhourly", "-t", "cron")
    given = ["0 9 * * MON", "", "# no", "61 * * * *", "@daily", "hourly"]
    assert [one["cron"] for one in found] == given
    assert [set(one) == {"cron", "error"} for one in found] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert "minute field" in found[3]["error"]
    assert [one.get("timingId") for one in found] == [
        *("weekly-mon-9am", None, None, None, "daily-midnight", "hourly")
    ]


def test_a_batch_reads_standard_input_and_survives_what_is_not_utf_8(ncp: Ncp) -> None:
    done = subprocess.run(
        ncp.program("compile", "--batch", "-", "--target", "schtasks"),
        input=b"* * * * *\n\xff * * * *\n0 0 1 1 *\n",
        env=ncp.environment,
        capture_output=True,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert ["error" in one for one in found] == [False, True, False]


@pytest.mark.parametrize("target", targets.NAMES)
@pytest.mark.parametrize("zone", [None, "America/New_York"])
def test_random_expressions_compile_on_every_target(
    ncp: Ncp, target: str, zone: str | None
) -> None:
    crons = random_crons(Random(target), 25)
    options = ["--timezone", zone] if zone else []
    found = batch(ncp, "\n".join(crons), "--target", target, *options)
    assert [one["cron"] for one in found] == crons
    assert {one["timezone"] for one in found} == {zone}
    assert len({one["timingId"] for one in found}) == len(crons)


@pytest.mark.parametrize(
    "text",
    [
        *("60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "*/0 * * * *"),
        *("5-1 * * * *", "* * * * mon-sun", "* * 31 2 *", "* * * *", "@reboot", "* * * * * *"),
    ],
)
@pytest.mark.parametrize("target", targets.NAMES)
def test_an_invalid_expression_is_refused_alike_on_every_target(
    ncp: Ncp, target: str, text: str
) -> None:
    alone = ncp("compile", text, "--target", target)
    (found,) = batch(ncp, text, "--target", target)
    assert alone.code == 2
    assert set(found) == {"cron", "error"}
    assert "field" in found["error"] or "@reboot" in found["error"]


@pytest.mark.parametrize(
    ("name", "host", "system", "home"),
    [
        ("systemd", LINUX, "linux", LINUX.home),
        ("launchd", LINUX, "darwin", LINUX.home),
        ("cron", MAC, "darwin", MAC.home),
        ("embedded", WINDOWS, "windows", WINDOWS.home),
        ("schtasks", LINUX, "windows", "C:\\opt\\n & c\\100%\\ncp"),
        ("cron", WINDOWS, "linux", "/Users/n & c/100%/ncp"),
    ],
)
def test_a_target_gets_a_machine_of_its_own_kind(
    name: str, host: Host, system: str, home: str
) -> None:
    made = compiling.host_for(name, host)
    assert (made.system, made.home) == (system, home)
    assert (made.user, made.zone, made.now) == (host.user, host.zone, host.now)
    assert made.tools >= set(targets.listing(name).tools)


def test_in_a_batch_no_two_recurrences_share_an_id(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ncp.cron import naming  # noqa: PLC0415  patched here only

    monkeypatch.setattr(naming, "timing_id", lambda *_, **__: "same")
    found = batch(ncp, "0 9 * * *\n0 10 * * *\n00 9 * * *", "-t", "cron")
    ids = [one["timingId"] for one in found]
    assert ids[0] == ids[2] == "same"
    assert ids[1].startswith("same-")


def test_without_an_expression_the_whole_schedule_compiles(ncp: Ncp) -> None:
    ncp.create("0 9 * * *", name="a")
    ncp.create("hourly", name="b")
    ncp.create("0 9 * * *", name="c")
    found = ncp("compile", "--target", "systemd", "--json").json
    assert found["target"] == "systemd"
    assert [one["timingId"] for one in found["timings"]] == ["daily-9am", "hourly"]
    said = ncp("compile", "--target", "systemd").out
    assert said.count("ncp-") >= 2
    assert said.count("[Service]") == 1, "the file that timings share is shown once"


def test_paused_timings_have_nothing_to_compile(ncp: Ncp) -> None:
    ncp.create("0 9 * * *", name="a")
    ncp("schedule", "pause", "a")
    assert ncp("compile", "--json").json == {"target": "embedded", "timings": []}


def test_an_empty_schedule_says_what_to_give(ncp: Ncp) -> None:
    said = ncp("compile", "-t", "cron")
    assert (said.code, said.out) == (0, "")
    assert 'ncp compile "0 9 * * 1-5"' in said.err

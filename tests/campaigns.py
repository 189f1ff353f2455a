"""Long seeded campaigns: random schedules on every target, on the real systemd, against real cron.

`scripts/campaign expressions`, `systemd` and `crontab` run them whole; the tests
run a slice of each.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import crontabs
import hearings
import minutes
import rubbish
from hosts import HOSTS, LINUX, timing
from ncp import compiler, guard, targets
from ncp.cron import zones as clocks
from ncp.cron.masks import encode
from ncp.errors import NcpError
from ncp.targets import zones
from ncp.targets.systemd import TARGET as SYSTEMD
from targets.expressions import random_crons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.model import Artifact, Host, Rule
    from ncp.targets.contract import Wakes

CHANGING = (
    *("Europe/Berlin", "America/New_York", "Europe/Dublin", "Australia/Lord_Howe"),
    *("Africa/Casablanca", "Africa/Cairo", "America/Santiago", "Antarctica/Troll"),
    *("Pacific/Chatham", "America/Havana", "Asia/Beirut", "America/St_Johns"),
)
ZONES = (*CHANGING, "UTC", "Asia/Kathmandu", "Asia/Tokyo", "Pacific/Kiritimati", "Etc/GMT+12")
EVERYDAY = Path(__file__).parent / "data" / "everyday.txt"
DAYTIME = (
    *("0 9 * * *", "30 13 * * 0", "15 23 * * *", "5 4 * * *", "0 12 L * *"),
    *("*/30 5-8 * * 1-5", "0 6,18 * * 6,0", "0 7 29-31 3,10 *"),
)
"""Times of the day after a change, which must not be lost with the night."""
SPAN = (29_500_000, 35_240_000)
"""Minutes since 1970: early in 2026, and the end of 2036."""
UTC: guard.Offsets = ((0, 0),)
KEY = "OnCalendar="
ELAPSE = re.compile(r"(?:\(in UTC\): |Next elapse: |Iter\. #\d+: )\w+ (\S+ \d\d:\d\d):00 UTC")


@dataclass
class Tally:
    """What a campaign counted; `complaints` are its failures."""

    counts: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)


def expressions(seed: int, count: int) -> Tally:
    """Compile that many random expressions for every target, in random zones."""
    source, tally = Random(seed), Tally()
    for cron in random_crons(source, count):
        machine = source.choice(ZONES)
        zone = source.choice([None, None, source.choice(ZONES)])
        for name, host in HOSTS.items():
            _compile(tally, cron, zone, name, replace(host, zone=machine))
    return tally


def _compile(tally: Tally, cron: str, zone: str | None, name: str, host: Host) -> None:
    what = f"{cron} ({zone or 'local'}) on {name} in {host.zone}"
    try:
        found = compiler.compile_timing(timing(cron, zone=zone), name, host)
    except NcpError as error:
        tally.complaints.append(f"{what}: {error}")
        return
    tally.counts[f"{name} {found.exactness}"] += 1
    tally.extra[name] += round(found.extra_per_day * 100)
    for wakes in targets.target(name).read(found, host):
        tally.complaints += [f"{what}: {why}" for why in _disagreements(found, wakes, host)]


def _disagreements(artifact: Artifact, wakes: Wakes, host: Host) -> Iterator[str]:
    """Follow slots and wake-ups from some moments on with the guard, which knows no proof.

    Hours in which a clock changes are left to the tests of the changes.
    """
    rules = artifact.timing.recurrence.rules
    ours, theirs = _offsets(artifact.timing.zone or host.zone), _offsets(wakes.zone or host.zone)
    due, local, utc = encode(rules), _as_elapsed(wakes.rules), _as_elapsed(wakes.utc)
    source = Random(artifact.timing.recurrence.text)
    for at in (source.randrange(*SPAN) for _ in range(3)):
        slot = wake = at
        for _ in range(4):
            slot = guard.following(due, ours, slot) or at
            if _quiet(slot, ours, theirs) and _next(slot - 1, (local, theirs), (utc, UTC)) != slot:
                yield f"no wake-up at {clocks.instant(slot)}"
            wake = _next(wake, (local, theirs), (utc, UTC))
            unasked = guard.following(due, ours, wake - 1) != wake
            if artifact.exactness == "exact" and _quiet(wake, ours, theirs) and unasked:
                yield f"called exact, and wakes at {clocks.instant(wake)}"


def _next(after: int, *kinds: tuple[guard.Masks, guard.Offsets]) -> int:
    found = (guard.following(masks, offsets, after) for masks, offsets in kinds if masks)
    return min((minute for minute in found if minute is not None), default=0)


def _as_elapsed(rules: tuple[Rule, ...]) -> guard.Masks:
    return encode(replace(rule, follows="elapsed") for rule in rules)


def _offsets(zone: str) -> guard.Offsets:
    return zones.offsets(zone, *zones.period(LINUX.now))


def _quiet(minute: int, *offsets: guard.Offsets) -> bool:
    """Tell whether no clock changes within hours, before the end of what is proven."""
    near = (abs(minute - moment) < 300 for some in offsets for moment, _ in some[1:])
    return minute < SPAN[1] + 400 * 1440 and not any(near)


def everyday() -> str:
    """Write the table of docs/targets.md: how exact each target is on everyday expressions."""
    crons = [line for line in EVERYDAY.read_text().splitlines() if not line.startswith("#")]
    rows = [
        f"| target | exact, of {len(crons)} | extra wake-ups a day, mean of the rest |",
        "| --- | --- | --- |",
    ]
    for name, host in HOSTS.items():
        found = [compiler.compile_timing(timing(cron), name, host) for cron in crons]
        rest = [each.extra_per_day for each in found if each.exactness == "guarded"]
        mean = f"{sum(rest) / len(rest):.2f}" if rest else "none"
        rows.append(f"| {name} | {1 - len(rest) / len(found):.1%} | {mean} |")
    return "\n".join(rows) + "\n"


def systemd(seed: int, count: int, zones_: Iterable[str] = CHANGING) -> Tally:
    """Ask the real `systemd-analyze` what wakes around two changes of each zone's clock.

    Each slot must have a wake-up of one of the artifact's lines in its minute or the next.
    """
    source, tally = Random(seed), Tally()
    for zone in zones_:
        host = replace(LINUX, zone=zone)
        changing = _offsets(zone)[1:]
        for (_, before), (moment, after) in pairwise(changing[source.randrange(8) :][:3]):
            jump = abs(after - before)
            night = [_near(source, moment + max(before, after)) for _ in range(count)]
            _watch(tally, night, host, (moment - jump - 5, moment + jump + 5))
            _watch(tally, source.sample(DAYTIME, 3), host, (moment - 360, moment + 1500))
    return tally


def _watch(tally: Tally, crons: list[str], host: Host, span: tuple[int, int]) -> None:
    artifacts = [SYSTEMD.emit(timing(cron), host) for cron in crons]
    answers = _analyze(artifacts, host.zone, *span)
    for artifact, woken in zip(artifacts, answers, strict=True):
        _compare(tally, artifact, host.zone, span, woken)


def _compare(
    tally: Tally, artifact: Artifact, zone: str, span: tuple[int, int], woken: set[int]
) -> None:
    low, high = map(clocks.instant, span)
    recurrence = artifact.timing.recurrence
    slots = {clocks.minutes(slot) for slot in minutes.due(recurrence, zone, low, high)}
    tally.counts["artifacts"] += 1
    tally.counts["slots"] += len(slots)
    tally.counts["wake-ups beside them"] += len(woken - slots)
    late = sorted(slot for slot in slots if not {slot, slot + 1} & woken)
    if late:
        tally.complaints.append(f"{recurrence.cron} in {zone}: asleep at {clocks.instant(late[0])}")


def _near(source: Random, label: int) -> str:
    """A random expression that is likely to be due around a local minute."""
    at = clocks.instant(label)
    hours = [(at.hour + n) % 24 for n in (-2, -1, 0, 1)]
    two = sorted(source.sample(hours, 2))
    weekday = at.isoweekday() % 7
    minute = source.choice(["*", "*/15", "0", "30", "5,45", "*/7", "10-50/20", "59", "*/30,7"])
    hour = source.choice(
        ["*", "*/2", f"{two[0]},{two[1]}", str(hours[2]), f"{min(hours)}-{max(hours)}"]
    )
    day = source.choice(["*", "*", "*", str(at.day), "*/2", "L", f"{at.day},1"])
    week = source.choice(["*", "*", "*", str(weekday), "1-5", f"{weekday}L"])
    return f"{minute} {hour} {day} {source.choice(['*', '*', str(at.month)])} {week}"


def _analyze(artifacts: list[Artifact], zone: str, low: int, high: int) -> list[set[int]]:
    """The minutes in [low, high] at which systemd wakes for each artifact."""
    lines = [
        [line.removeprefix(KEY) for line in a.files[1].text.splitlines() if line.startswith(KEY)]
        for a in artifacts
    ]
    options = (f"--iterations={min(high - low, 300) + 2}", f"--base-time=@{(low - 1) * 60}")
    done = subprocess.run(
        ["systemd-analyze", "calendar", *options, *(line for some in lines for line in some)],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "TZ": zone, "LC_ALL": "C"},
    )
    blocks = iter(re.split(r"^ *Normalized form:", done.stdout, flags=re.MULTILINE)[1:])
    return [{minute for _ in some for minute in _elapses(next(blocks), high)} for some in lines]


def _elapses(block: str, high: int) -> Iterator[int]:
    for text in ELAPSE.findall(block):
        minute = clocks.minutes(datetime.fromisoformat(f"{text}Z"))
        if minute > high:
            return
        yield minute


def main() -> int:
    """Run one campaign and say what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = ("expressions", "systemd", "everyday", "crontab", "phrases", "rubbish")
    parser.add_argument("campaign", choices=names)
    parser.add_argument("count", type=int, nargs="?", default=0, help="20000, 50 or 5000")
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--seed", dest="seed", type=int, default=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.campaign == "everyday":
        print(everyday(), end="")  # noqa: T201  what it is for
        return 0
    if given.campaign == "expressions":
        tally = expressions(given.seed, given.count or 20_000)
    elif given.campaign == "phrases":
        tally = hearings.campaign(Tally(), given.seed, given.count or 20_000)
    elif given.campaign == "rubbish":
        tally = rubbish.campaign(Tally(), given.seed, given.count or 2000)
    elif given.campaign == "crontab":
        tally = crontabs.campaign(Tally(), given.seed, given.count or 5000)
    else:
        tally = systemd(given.seed, given.count or 50)
    for name, many in sorted(tally.counts.items()):
        print(f"{many:8} {name}")  # noqa: T201  what it is for
    print("\n".join(tally.complaints[:20]) or "No complaints.")  # noqa: T201  the same
    return 1 if tally.complaints else 0


if __name__ == "__main__":
    sys.exit(main())

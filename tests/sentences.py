"""Whole sentences of the grammar in docs/schedules.md, each with its meaning."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sayings import (
    MONTHS,
    NOW,
    PARTS,
    WEEKDAYS,
    Saying,
    always,
    at_times,
    clocks,
    days,
    in_months,
    named,
    number,
    on,
    rank,
    weekly,
)

if TYPE_CHECKING:
    from random import Random

    from sayings import Days

NINE = frozenset({540})
UNITS = {"minute": 1, "hour": 60}


def plain(source: Random) -> Saying:
    """Days and times, in either order."""
    said, when = days(source)
    if source.random() < 0.15:
        return Saying(said, ((when, NINE),))
    at, minutes = at_times(source)
    if source.random() < 0.25:
        return Saying(f"{at} {said}", ((when, minutes),))
    return Saying(f"{said}{source.choice([' ', ', '])}{at}", ((when, minutes),))


def parted(source: Random) -> Saying:
    """Days and a part of the day."""
    said, when = weekly(source)
    part = source.choice(list(PARTS))
    if said.startswith(("every", "each")) or source.random() < 0.5:
        return Saying(f"{said} in the {part}", ((when, frozenset({PARTS[part] * 60})),))
    return Saying(f"{said} {part}s", ((when, frozenset({PARTS[part] * 60})),))


def several(source: Random) -> Saying:
    """Several parts, each with its days and its times."""
    parts, write = [], source.choice([0, 1])
    for _ in range(source.choice([2, 2, 3])):
        said, when = weekly(source)
        hour = source.randrange(24)
        text = f"{hour}:30" if write else f"{(hour + 11) % 12 + 1}:30{'pm' if hour > 11 else 'am'}"
        parts.append((f"{said} at {text}", (when, frozenset({hour * 60 + 30}))))
    *head, last = [text for text, _ in parts]
    joined = source.choice([", ", "; ", " and "]).join(head)
    return Saying(f"{joined}{source.choice([' and ', ', and '])}{last}", tuple(d for _, d in parts))


def steps(source: Random) -> Saying:
    """Minutes and hours that come all day, or past the hour, on some days or all."""
    sort = source.randrange(7)
    minute = source.randrange(60)
    if sort == 0:
        step = source.choice([1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30])
        head = source.choice(["every", "each"]) if step > 1 else "every"
        unit = source.choice(["minutes", "min", "mins", "m"]) if step > 1 else "minute"
        said = f"{head} {number(source, step)} {unit}" if step > 1 else "every minute"
        minutes = range(0, 1440, step)
    elif sort == 1:
        step = source.choice([2, 3, 4, 6, 8, 12])
        said = f"every {number(source, step)} {source.choice(['hours', 'hrs'])} at :{minute:02}"
        minutes = range(minute, 1440, 60 * step)
    elif sort == 2:
        said = f"{source.choice(['hourly', 'every hour'])} at :{minute:02}"
        minutes = range(minute, 1440, 60)
    elif sort == 3:
        said = f"{number(source, minute or 5)} {source.choice(['', 'minutes '])}past every hour"
        minutes = range(minute or 5, 1440, 60)
    elif sort == 4:
        step = source.choice([2, 3, 4, 6, 8, 12])
        hour = source.randrange(step)
        said = f"every {step} hours {source.choice(['starting', 'beginning'])} at {hour}:00"
        minutes = range(hour * 60, 1440, 60 * step)
    elif sort == 5:
        many = source.choice([2, 3, 4, 5, 6, 10, 12])
        times = "twice" if many == 2 else f"{number(source, many)} times"
        said, minutes = (
            f"{times} {source.choice(['an', 'per', 'every'])} hour",
            range(0, 1440, 60 // many),
        )
    else:
        said, step = source.choice([("every half hour", 30), ("every quarter hour", 15)])
        minutes = range(0, 1440, step)
    when: Days = always
    if source.random() < 0.4:
        text, when = source.choice([weekly, in_months])(source)
        said = f"{said} {text}"
    return Saying(said, ((when, frozenset(minutes)),))


def windows(source: Random) -> Saying:
    """Steps from one time to another, which hours reach and minutes do not."""
    first, last = sorted(source.sample(range(24), 2))
    unit = source.choice(list(UNITS))
    step = source.choice([1, 2, 3] if unit == "hour" else [5, 10, 15, 20, 25, 30, 45])
    halves = source.random() < 0.5
    glue = source.choice([("from", "to"), ("between", "and"), ("from", "until")])
    said = f"every {unit}" if step == 1 else f"every {number(source, step)} {unit}s"
    minutes = range(first * 60, last * 60 + (unit == "hour"), step * UNITS[unit])
    text, when = ("", always) if source.random() < 0.5 else weekly(source)
    said = f"{said} {glue[0]} {_hour(first, halves)} {glue[1]} {_hour(last, halves)} {text}".strip()
    return Saying(said, ((when, frozenset(minutes)),))


def _hour(hour: int, halves: bool) -> str:
    half = "pm" if hour > 11 else "am"
    return f"{(hour + 11) % 12 + 1}{half}" if halves else f"{hour}:00"


def times_a_day(source: Random) -> Saying:
    """So many times a day, with the times or without."""
    many = source.choice([2, 3, 4])
    words = "twice" if many == 2 else f"{number(source, many)} times"
    said = f"{words} {source.choice(['a', 'per', 'each', 'every'])} day"
    if source.random() < 0.4:
        step = 24 // many
        return Saying(said, ((always, frozenset(60 * h for h in range(9 % step, 24, step))),))
    at, minutes = at_times(source, many)
    if len(minutes) != many:
        return times_a_day(source)
    return Saying(f"{said} {at}", ((always, minutes),))


def intervals(source: Random) -> Saying:
    """What cron has no steps for."""
    sort = source.randrange(6)
    at, minutes = at_times(source)
    if sort == 0:
        count = source.choice([7, 25, 35, 45, 50, 75, 90, 95, 100, 150])
        return Saying(
            f"every {number(source, count)} minutes",
            ((always, frozenset(range(1440))),),
            ("minute", count),
        )
    if sort == 1:
        hours, rest = source.randrange(1, 9), source.choice([5, 10, 20, 30, 50])
        text = source.choice(
            [f"{hours}h{rest}m", f"{hours} hours and {rest} minutes", f"{hours}h {rest}m"]
        )
        head = source.choice(["every", "@every"])
        whole = ((always, frozenset(range(1440))),)
        return Saying(f"{head} {text}", whole, ("minute", hours * 60 + rest))
    if sort == 2:
        count = source.randrange(2, 8)
        text = source.choice([f"{number(source, count)} days", f"{rank(source, count)} day"])
        return Saying(f"every {text} {at}", ((always, minutes),), ("day", count))
    if sort == 3:
        day = source.randrange(7)
        text = f"every other {named(source, WEEKDAYS, day)} {at}"
        return Saying(text, ((on(day), minutes),), ("week", 2))
    if sort == 4:
        return Saying(f"every other weekend {at}", ((on(5, 6), minutes),), ("week", 2))
    count, day = source.randrange(2, 6), source.randrange(7)
    text = f"every {number(source, count)} weeks on {named(source, WEEKDAYS, day)} {at}"
    return Saying(text, ((on(day), minutes),), ("week", count))


def rhythms(source: Random) -> Saying:
    """Units that have a word of their own, at 9 AM where nothing is said."""
    first = [
        (["monthly", "every month", "once a month"], lambda d: d.day == 1),
        (
            ["quarterly", "every quarter", "once a quarter"],
            lambda d: d.day == 1 and d.month % 3 == 1,
        ),
        (["yearly", "annually", "every year"], lambda d: (d.month, d.day) == (1, 1)),
        (["weekly", "every week", "once a week"], lambda d: d.weekday() == 0),
        (["first day of the quarter"], lambda d: d.day == 1 and d.month % 3 == 1),
        (["last day of the year"], lambda d: (d.month, d.day) == (12, 31)),
    ]
    words, when = source.choice(first)
    said = source.choice(words)
    if source.random() < 0.3:
        return Saying(said, ((when, NINE),))
    at, minutes = at_times(source)
    return Saying(f"{said} {at}", ((when, minutes),))


def once(source: Random) -> Saying:
    """One moment, after now."""
    (text,), (minute,) = clocks(source, 1)
    today = NOW.date()
    sort = source.randrange(6)
    if sort == 0:
        ahead = {"tomorrow": 1, "the day after tomorrow": 2}
        said = source.choice(list(ahead))
        return _moment(f"{said} at {text}", today + timedelta(days=ahead[said]), minute)
    if sort == 1:
        day = source.randrange(7)
        ahead_by = (day - today.weekday() - 1) % 7 + 1
        said = f"next {named(source, WEEKDAYS, day)} at {text}"
        return _moment(said, today + timedelta(days=ahead_by), minute)
    if sort == 2:
        day = source.choice([i for i in range(7) if i != today.weekday()])
        ahead_by = (day - today.weekday()) % 7
        said = f"this {named(source, WEEKDAYS, day)} at {text}"
        return _moment(said, today + timedelta(days=ahead_by), minute)
    if sort == 3:
        count = source.randrange(1, 60)
        unit, length = source.choice([("minutes", 1), ("hours", 60), ("days", 1440)])
        said = source.choice(["in {}", "{} from now"]).format(f"{number(source, count)} {unit}")
        return Saying(said, at=NOW + timedelta(minutes=count * length))
    return _dated(source, text, minute)


def _dated(source: Random, text: str, minute: int) -> Saying:
    day = date(source.randrange(2027, 2035), source.randrange(1, 13), source.randrange(1, 29))
    name = named(source, MONTHS, day.month - 1)
    said = source.choice(
        [
            *(f"{day}", f"{day:%d.%m.%Y}", f"{day:%Y/%m/%d}", f"{name} {day.day} {day.year}"),
            *(f"{day.day} {name} {day.year}", f"{name} {day.day}, {day.year}"),
        ]
    )
    return _moment(f"{source.choice(['on ', ''])}{said} at {text}", day, minute)


def _moment(said: str, day: date, minute: int) -> Saying:
    return Saying(said, at=datetime(day.year, day.month, day.day, *divmod(minute, 60)))  # noqa: DTZ001  as NOW


def sentence(source: Random) -> Saying:
    """Any of them."""
    kinds = (plain, plain, plain, parted, several, steps, windows, times_a_day, intervals)
    return source.choice((*kinds, rhythms, once))(source)

"""The words the grammar knows, as tables."""

from __future__ import annotations

from ncp.cron.english import MONTHS as MONTH_NAMES
from ncp.cron.english import WEEKDAYS as WEEKDAY_NAMES
from ncp.model import LAST_DAY

_SHORT_DAYS = {"tues": 2, "weds": 3, "thur": 4, "thurs": 4}
SINGLE_DAYS = (
    {name.lower(): day for day, name in enumerate(WEEKDAY_NAMES)}
    | {name[:3].lower(): day for day, name in enumerate(WEEKDAY_NAMES)}
    | _SHORT_DAYS
)
WEEKDAYS = SINGLE_DAYS | {f"{name.lower()}s": day for day, name in enumerate(WEEKDAY_NAMES)}
ALL_DAYS = frozenset(range(7))
WORKDAYS, WEEKEND = frozenset(range(1, 6)), frozenset({0, 6})
GROUPS = {
    "weekday": WORKDAYS,
    "weekdays": WORKDAYS,
    "workday": WORKDAYS,
    "workdays": WORKDAYS,
    "weekend": WEEKEND,
    "weekends": WEEKEND,
}
WORKING = ("business", "working", "work")
"""What stands before "day" or "days" in another word for weekdays."""

MONTHS = (
    {name.lower(): month for month, name in enumerate(MONTH_NAMES, start=1)}
    | {name[:3].lower(): month for month, name in enumerate(MONTH_NAMES, start=1)}
    | {"sept": 9}
)

_COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_RANKED = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS = {word: number for number, word in zip(range(20, 100, 10), _TENS.split(), strict=True)}
NUMBERS = {word: number for number, word in enumerate(_COUNTED.split(), start=1)} | TENS
ORDINALS = {word: number for number, word in enumerate(_RANKED.split(), start=1)}
ORDINALS |= {"thirtieth": 30, "last": LAST_DAY}

_UNITS = {
    "second": "s sec secs second seconds",
    "minute": "m min mins minute minutes",
    "hour": "h hr hrs hour hours",
    "day": "d day days",
    "week": "w week weeks",
    "fortnight": "fortnight fortnights",
    "month": "month months",
    "quarter": "quarter quarters",
    "year": "year years",
}
UNITS = {word: unit for unit, words in _UNITS.items() for word in words.split()}
SECONDS = {"second": 1, "minute": 60, "hour": 3600}
DAYS = {"day": 1, "week": 7, "fortnight": 14}

ADVERBS = {
    "hourly": ("hour", 1),
    "daily": ("day", 1),
    "weekly": ("week", 1),
    "biweekly": ("week", 2),
    "fortnightly": ("week", 2),
    "monthly": ("month", 1),
    "quarterly": ("month", 3),
    "yearly": ("year", 1),
    "annually": ("year", 1),
}

NAMED_TIMES = {"noon": 12, "midday": 12, "midnight": 0}
PARTS = {
    "morning": (9, frozenset(range(1, 12))),
    "afternoon": (14, frozenset(range(12, 19))),
    "evening": (18, frozenset(range(16, 24))),
    "night": (21, frozenset(range(18, 24))),
}
"""Parts of the day: the hour where none is given, and the hours that belong to them."""
PART_NAMES = {form: name for name in PARTS for form in (name, f"{name}s")}
SMALL_HOURS = frozenset(range(6))

EVERY = ("every", "each")
TO = ("-", "to", "through", "thru", "until", "till", "til")
EXCEPT = ("except", "excluding", "but")
RELATIVE = ("today", "tomorrow", "tonight", "next", "this", "coming")
START = ("starting", "beginning")
PER = ("a", "an", "per", "each", "every")
_GLUE = (
    "at on in the of from between and past after before now an a other half quarter nightly am pm "
    "o'clock once twice thrice times per time business working work hours"
)

_ABBREVIATED = (
    *("est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "cet", "cest", "bst", "ist"),
    *("eet", "eest", "jst", "aest", "aedt"),
)
_SEVERAL = ("may be several zones; write one as Europe/Berlin or America/New_York", ())
UNSAYABLE: dict[str, tuple[str, tuple[str, ...]]] = {
    "bimonthly": ("may mean two things", ("every 2 months",)),
    "semimonthly": ("may mean two things", ("every month",)),
    "hundred": ("is not read; write numbers above ninety-nine in digits", ()),
    "holidays": ("are not known to ncp; it has no calendar of holidays", ()),
    "sunrise": ("is not a time that a clock shows", ()),
    "sunset": ("is not a time that a clock shows", ()),
    "reboot": ("is an event, not a time", ()),
} | dict.fromkeys(_ABBREVIATED, _SEVERAL)
"""Words that people try: why not, and what could stand there instead."""

VOCABULARY = tuple(
    sorted(
        set(_GLUE.split())
        | {*WEEKDAYS, *GROUPS, *MONTHS, *NUMBERS, *ORDINALS, *UNITS, *ADVERBS}
        | {*NAMED_TIMES, *PART_NAMES, *EVERY, *TO, *EXCEPT, *RELATIVE, *START}
    )
)
"""All of them: what a misspelt word is compared with."""


def ordinal(day: int) -> str:
    """Write 1 as 1st, 22 as 22nd."""
    teens = range(11, 14)
    suffix = "th" if day % 100 in teens else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"

"""The three date fields of a phrase, and which days were assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron.english import MONTHS, WEEKDAYS
from ncp.cron.expression import LONGEST
from ncp.cron.fields import DAY, MONTH, WEEKDAY, plain
from ncp.cron.phrases.clauses import (
    Every,
    MonthDays,
    Months,
    Weekdays,
    Without,
    WithoutMonths,
)
from ncp.cron.phrases.refusal import Refusal
from ncp.cron.phrases.words import ALL_DAYS, ordinal
from ncp.model import LAST_DAY

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Clause, Draft

_FEBRUARY, _LEAP_DAY = 2, 29
_FIFTH = range(35, 42)
_LAST_WEEKS = 41
_YEAR = range(1, 13)


def calendar(draft: Draft) -> tuple[str, list[str]]:
    """Write the day, month and weekday fields, and the notes on what was assumed."""
    every = draft.get(Every)
    unit, count = (every.unit, every.count) if every else ("", 1)
    _check(draft, unit)
    notes = ['Read "biweekly" as every two weeks.'] if every and every.words == "biweekly" else []
    months = _months(draft, unit, count, notes)
    codes = _weekdays(draft, unit, notes)
    days = _days(draft, unit, notes)
    _check_dates(draft, days, months, notes)
    if not unit:
        notes += _assumed(draft)
    return " ".join(
        plain(field, values) if values else "*"
        for field, values in ((DAY, days), (MONTH, months), (WEEKDAY, codes))
    ), notes


def _conflict(one: Clause, other: Clause, why: str, *instead: str) -> Refusal:
    return Refusal(f'"{one.words}" and "{other.words}" do not go together: {why}.', instead=instead)


def _check(draft: Draft, unit: str) -> None:
    """Refuse clauses that cron cannot combine, or that contradict each other."""
    every, days, months = draft.get(Every), draft.get(MonthDays), draft.get(Months)
    weekdays, without = draft.get(Weekdays), draft.get(Without)
    rare = days or (every if unit in {"month", "year"} and not weekdays else None)
    other = weekdays or without
    if rare and other:
        why = "cron runs when either of them matches"
        raise _conflict(rare, other, why, f"on {rare.words}", f"on the {rare.words}", rare.words)
    if every and days and unit in {"day", "week"}:
        raise _conflict(
            every,
            days,
            f"every {unit} is more often" if every.count == 1 else "each month starts them again",
            f"on {days.words}",
            f"monthly on {days.words}",
        )
    if every and months and unit == "month":
        raise _conflict(
            every, months, "both say which months", f"on the 1st of {months.words}", "monthly"
        )
    if every and weekdays:
        _check_weekdays(every, weekdays, unit, yearly=months is not None)
    if every and days and unit == "year" and not months:
        raise _conflict(every, days, "the month is missing")
    if every and every.times > 1 and unit != "day":
        _check_number(every, weekdays, days)
    _check_quarter(every, weekdays, days)


def _check_number(every: Every, weekdays: Weekdays | None, days: MonthDays | None) -> None:
    """Refuse "twice a week" where the days are not two."""
    said = len(weekdays.codes if weekdays else days.days if days else ())
    if said != every.times or every.unit not in {"week", "month"}:
        raise Refusal(
            f'"{every.words}" does not say on which days.',
            advice="Name as many days as it has, such as the 1st and 15th of the month.",
        )


def _check_quarter(every: Every | None, weekdays: Weekdays | None, days: MonthDays | None) -> None:
    """Refuse the last day of something quarterly, whose quarter would end after a month."""
    if every is None or "quarter" not in every.words or every.unit not in {"month", "year"}:
        return
    last = any(code > _LAST_WEEKS for code in weekdays.codes) if weekdays else False
    if last or (days and LAST_DAY in days.days):
        said = weekdays or days
        raise Refusal(
            f'"{every.words}" and "{said.words if said else ""}" may mean the last of two months.',
            advice="Write the last day of the quarter, or the last day of january and july.",
        )


def _check_weekdays(every: Every, weekdays: Weekdays, unit: str, *, yearly: bool) -> None:
    nth = any(code not in ALL_DAYS for code in weekdays.codes)
    if unit == "day" and every.count > 1:
        raise _conflict(every, weekdays, "each week starts them again", f"on {weekdays.words}")
    if unit == "day" and (nth or len(weekdays.codes) == 1):
        raise _conflict(every, weekdays, "every day is more often", f"on {weekdays.words}")
    if unit == "week" and nth:
        raise _conflict(
            every, weekdays, "every week is more often", f"{weekdays.words} of the month"
        )
    if (unit == "month" and not nth) or (unit == "year" and not (nth and yearly)):
        raise _conflict(
            every,
            weekdays,
            "which of them is meant",
            f"first {weekdays.words} of the month",
            "first monday of the month",
        )


def _months(draft: Draft, unit: str, count: int, notes: list[str]) -> frozenset[int]:
    said, without = draft.get(Months), draft.get(WithoutMonths)
    months = frozenset(_YEAR)
    if said is not None:
        months = said.months
    elif unit == "year":
        notes.append("No month given; using January.")
        months = frozenset({1})
    elif unit == "month" and len(_YEAR) % count == 0:
        months = frozenset(_YEAR[::count])
    if without is not None:
        months -= without.months
        if not months:
            raise Refusal(
                f'Leaving out "{without.words}" leaves no month.',
            )
    return frozenset() if len(months) == len(_YEAR) else months


def _weekdays(draft: Draft, unit: str, notes: list[str]) -> frozenset[int]:
    said, without = draft.get(Weekdays), draft.get(Without)
    codes = said.codes if said else ALL_DAYS
    if unit == "week" and said is None:
        notes.append("No day given; using Monday.")
        codes = frozenset({1})
    if without is not None:
        codes -= without.codes
    if not codes or (without and not codes <= ALL_DAYS):
        raise Refusal(
            f'Leaving out "{without.words if without else ""}" cannot be said or leaves no day.',
        )
    return frozenset() if codes >= ALL_DAYS else codes


def _days(draft: Draft, unit: str, notes: list[str]) -> frozenset[int]:
    said = draft.get(MonthDays)
    if said is not None:
        return said.days
    if unit in {"month", "year"} and draft.get(Weekdays) is None:
        notes.append("No day given; using the 1st.")
        return frozenset({1})
    return frozenset()


def _check_dates(
    draft: Draft, days: frozenset[int], months: frozenset[int], notes: list[str]
) -> None:
    """Refuse days that none of the months has; note those that some have not."""
    late = [day for day in sorted(days) if _LEAP_DAY <= day < LAST_DAY]
    longest = max(LONGEST[month] for month in months or _YEAR)
    said = draft.get(MonthDays)
    for day in late:
        if said and day > longest:
            names = " or ".join(MONTHS[month - 1] for month in sorted(months))
            raise Refusal(
                f'"{said.words}" never comes: {names} has no {ordinal(day)}.',
                advice=f"Write another day, or the last day of {names}.",
            )
    if late and months == {_FEBRUARY}:
        notes.append("Comes in leap years only.")
    elif late and any(_shortest(month) < late[-1] for month in months or _YEAR):
        notes.append(f"Months without a {ordinal(late[-1])} are skipped.")


def _shortest(month: int) -> int:
    return 28 if month == _FEBRUARY else LONGEST[month]


def _assumed(draft: Draft) -> list[str]:
    """Say how a phrase that does not begin with "every" is read."""
    weekdays, days, months = draft.get(Weekdays), draft.get(MonthDays), draft.get(Months)
    if weekdays and any(code in _FIFTH for code in weekdays.codes):
        return ["Months without a fifth one are skipped."]
    if weekdays and weekdays.once and len(weekdays.codes) == 1 and not months:
        name = WEEKDAYS[min(weekdays.codes)]
        return [f'Comes every {name}; write "next {name.lower()}" for once.']
    if days and months:
        yearly = months.words not in {"quarter", "quarters", "year"}
        return ["Comes every year; add the year for once."] * yearly
    if months and not weekdays:
        return ["No day given; using every day of these months."]
    if not (weekdays or days or draft.get(Without) or draft.get(WithoutMonths)):
        return ["No day given; using every day."]
    return []

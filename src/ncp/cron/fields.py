"""The five fields: what each accepts, and the text of a set of values.

Grammar and limits follow Debian's crontab(5) with two declared extensions:
`5/15` (a start without a range), `L`, `#` in the day fields, and a weekday that begins with `&`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from ncp.errors import ExpressionError
from ncp.model import LAST_DAY

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
EVERY_WEEK, LAST_WEEK = 0, 6
AND = "&"
"""What a weekday field begins with that must match together with the day of the month."""
DAYS_PER_WEEK = 7

_ITEM = re.compile(r"(?P<low>\*|[a-z0-9]+)(?:-(?P<high>[a-z0-9]+))?(?:/(?P<step>[a-z0-9]*))?")
_NTH = re.compile(r"(?P<day>[a-z0-9]+?)(?:#(?P<week>\d+)|(?P<last>l))")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, its range, its names for values, a correct example."""

    name: str
    low: int
    high: int
    example: str
    names: tuple[str, ...] = ()

    @property
    def everything(self) -> frozenset[int]:
        """All values of the field, with Sunday only as 0."""
        return frozenset(range(self.low, self.high + 1 - (self is WEEKDAY)))

    @property
    def span(self) -> str:
        """The allowed range as people write it."""
        return f"{self.low}-{self.high}"


MINUTE = Field("minute", 0, 59, "30 9 * * *")
HOUR = Field("hour", 0, 23, "0 9 * * *")
DAY = Field("day-of-month", 1, 31, "0 9 15 * *")
MONTH = Field("month", 1, 12, "0 9 1 6 *", MONTHS)
WEEKDAY = Field("day-of-week", 0, 7, "0 9 * * 1-5", WEEKDAYS)
FIELDS = (MINUTE, HOUR, DAY, MONTH, WEEKDAY)


@dataclass(frozen=True, slots=True)
class Values:
    """What a field says: its values (as in `model.Rule`), and whether it starts with `*` or `&`."""

    values: frozenset[int]
    starred: bool


def parse(field: Field, text: str) -> Values:
    """Read one field; ExpressionError names the field, the piece and the range."""
    values: set[int] = set()
    plain = text.removeprefix(AND) if field is WEEKDAY else text
    for piece in plain.lower().split(","):
        values |= _piece(field, piece)
    if field is WEEKDAY:
        values = {
            code for code in values if code < DAYS_PER_WEEK or code % DAYS_PER_WEEK not in values
        }
    if field is DAY and set(range(28, LAST_DAY)) <= values:
        values.discard(LAST_DAY)
    return Values(frozenset(values), text.startswith("*") or plain != text)


def _piece(field: Field, piece: str) -> set[int]:
    special = _special(field, piece)
    if special is not None:
        return {special}
    match = _ITEM.fullmatch(piece)
    if match is None:
        raise _refusal(field, piece, "is not a value, a range, a list or a step", field.example)
    low, high = _bounds(field, piece, match)
    step = _step(field, piece, match["step"])
    values = range(low, high + 1, step)
    return {value % DAYS_PER_WEEK for value in values} if field is WEEKDAY else set(values)


def _special(field: Field, piece: str) -> int | None:
    """Read `L` in the day of month, `5L` and `1#2` in the day of week."""
    if field is DAY and piece == "l":
        return LAST_DAY
    match = _NTH.fullmatch(piece) if field is WEEKDAY else None
    if match is None:
        return None
    week = LAST_WEEK if match["last"] else int(match["week"])
    if not match["last"] and week not in range(1, LAST_WEEK):
        raise _refusal(
            field, piece, "names a week that no month has; 1-5 are the weeks", "0 9 * * 1#2"
        )
    return _value(field, piece, match["day"]) % DAYS_PER_WEEK + DAYS_PER_WEEK * week


def _bounds(field: Field, piece: str, match: re.Match[str]) -> tuple[int, int]:
    if match["low"] == "*":
        if match["high"] is not None:
            raise _refusal(field, piece, "has a range that starts with *", field.example)
        return field.low, field.high
    low = _value(field, piece, match["low"])
    if match["high"] is None:
        return low, low if match["step"] is None else field.high
    high = _value(field, piece, match["high"])
    if low > high:
        raise _refusal(
            field,
            piece,
            "is a reversed range, which cron accepts and never fires",
            f"the list {_unreversed(field, low, high)}",
        )
    return low, high


def _unreversed(field: Field, low: int, high: int) -> str:
    """Write what a reversed range was meant to say, as a list."""
    top = 6 if field is WEEKDAY else field.high
    tail = f"{low}-{top}" if low < top else str(low)
    head = f"{field.low}-{high}" if field.low < high else str(high)
    return f"{tail},{head}"


def _step(field: Field, piece: str, text: str | None) -> int:
    if text is None:
        return 1
    if not text.isdigit():
        raise _refusal(field, piece, "has a step that is not a number", f"*/{min(5, field.high)}")
    step = int(text)
    if step == 0:
        raise _refusal(field, piece, "has a step of 0", f"*/{min(5, field.high)}")
    if step > field.high - field.low:
        raise _refusal(
            field,
            piece,
            f"has a step larger than the field's span, so it would only ever mean {field.low}",
            str(field.low),
        )
    return step


def _value(field: Field, piece: str, text: str) -> int:
    if text.isdigit():
        value = int(text)
        if not field.low <= value <= field.high:
            raise _refusal(
                field, piece, "is out of range", str(min(max(value, field.low), field.high))
            )
        return value
    if text in field.names:
        return field.names.index(text) + field.low
    hint = f", its names are {field.names[0]} to {field.names[-1]}" if field.names else ""
    raise _refusal(field, piece, f"is not a value of it{hint}", field.example)


def _refusal(field: Field, piece: str, why: str, instead: str) -> ExpressionError:
    shown = f'"{piece}"' if piece else "an empty piece"
    return ExpressionError(
        f"{shown} {why}; this field takes {field.span}.",
        where=f"{field.name} field",
        next_step=f"Write for example {instead}.",
    )


def plain(field: Field, values: frozenset[int]) -> str:
    """Write a set of values without a leading star: ranges, an even step, or a list."""
    ordinary = sorted(values & field.everything)
    special = sorted(values - field.everything)
    return ",".join([*_runs(ordinary), *(_special_text(field, code) for code in special)])


def _runs(values: list[int]) -> list[str]:
    if not values:
        return []
    steps = {after - before for before, after in pairwise(values)}
    if len(values) > 3 and len(steps) == 1 and steps != {1}:
        return [f"{values[0]}-{values[-1]}/{steps.pop()}"]
    pieces: list[list[int]] = []
    for value in values:
        if pieces and value == pieces[-1][-1] + 1:
            pieces[-1].append(value)
        else:
            pieces.append([value])
    return [text for run in pieces for text in _run(run)]


def _run(run: list[int]) -> list[str]:
    return [f"{run[0]}-{run[-1]}"] if len(run) > 2 else [str(value) for value in run]


def _special_text(field: Field, code: int) -> str:
    if field is DAY:
        return "L"
    week, day = divmod(code, DAYS_PER_WEEK)
    return f"{day}L" if week == LAST_WEEK else f"{day}#{week}"


def starred(field: Field, values: frozenset[int], *, exactly: bool) -> str | None:
    """Write a set with a leading star (`*/15`, `*/30,7`), or None where that cannot be said.

    With `exactly`, only `*` or one `*/n`.
    """
    if values >= field.everything:
        return "*"
    for step in range(2, field.high - field.low + 1):
        steps = frozenset(_piece(field, f"*/{step}"))
        if steps == values:
            return f"*/{step}"
        if not exactly and steps <= values:
            return f"*/{step},{plain(field, values - steps)}"
    return None

"""What a phrase is made of: clauses, at most one of each kind, in any order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, TypeVar

from ncp.cron.phrases.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime


_SPANS = {"minute": 60, "hour": 24, "month": 12}
"""What steps of these units start again at."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. `half` says that am or pm (or noon, midnight) was given.

    `bare` is the number where nothing else was: the "9" of "at 9"; `part` the part
    of the day that was said with it. 24:00 is the end of a day.
    """

    hour: int
    minute: int = 0
    half: bool = False
    bare: str = ""
    part: str = ""

    @property
    def minutes(self) -> int:
        """Minutes since midnight."""
        return self.hour * 60 + self.minute

    def __str__(self) -> str:
        """Speak as people do: 9:00 AM, noon."""
        if self.minutes in {0, 720, 1440}:
            return "noon" if self.hour == 12 else "midnight"
        return f"{(self.hour + 11) % 12 + 1}:{self.minute:02} {'AM' if self.hour < 12 else 'PM'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A part of a phrase and the words that said it."""

    says: ClassVar[str]
    words: str


@dataclass(frozen=True, slots=True)
class Every(Clause):
    """How often. What does not divide an hour, a day or a year evenly is an interval."""

    says: ClassVar[str] = "how often"
    unit: str
    count: int = 1
    default: Clock | None = None
    times: int = 1
    """How many times of day, or days, of each unit were asked for: 3 in "3 times a day"."""

    @property
    def interval(self) -> tuple[int, str] | None:
        """The count and unit of what cron has no steps for, which must count from somewhere."""
        if self.count == 1 or _SPANS.get(self.unit, 1) % self.count == 0:
            return None
        return (12 * self.count, "month") if self.unit == "year" else (self.count, self.unit)


@dataclass(frozen=True, slots=True)
class Weekdays(Clause):
    """Codes as in `model.Rule.weekdays`; `once` where only bare names were given."""

    says: ClassVar[str] = "which days of the week"
    codes: frozenset[int]
    once: bool = False


@dataclass(frozen=True, slots=True)
class MonthDays(Clause):
    """Values as in `model.Rule.days`."""

    says: ClassVar[str] = "which days of the month"
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Months(Clause):
    """Months 1-12."""

    says: ClassVar[str] = "which months"
    months: frozenset[int]


@dataclass(frozen=True, slots=True)
class Without(Clause):
    """Days of the week, 0-6, to leave out."""

    says: ClassVar[str] = "what to leave out"
    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class WithoutMonths(Clause):
    """Months to leave out."""

    says: ClassVar[str] = "which months to leave out"
    months: frozenset[int]


@dataclass(frozen=True, slots=True)
class Times(Clause):
    """At which times of day."""

    says: ClassVar[str] = "at what time"
    times: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class Past(Clause):
    """At which minutes of the hour."""

    says: ClassVar[str] = "at which minute"
    minutes: tuple[int, ...]
    hourly: bool = False
    """Whether it names the hour: "15 past every hour"."""


@dataclass(frozen=True, slots=True)
class Start(Clause):
    """From which time of day, or minute of the hour, steps count."""

    says: ClassVar[str] = "where to start"
    at: Clock


@dataclass(frozen=True, slots=True)
class Zone(Clause):
    """In which IANA zone."""

    says: ClassVar[str] = "in which zone"
    name: str


@dataclass(frozen=True, slots=True)
class Once(Clause):
    """Once, and not each time."""

    says: ClassVar[str] = "how often"


@dataclass(frozen=True, slots=True)
class Window(Clause):
    """Between which times of day."""

    says: ClassVar[str] = "between which times"
    start: Clock
    end: Clock


@dataclass(frozen=True, slots=True)
class Part(Clause):
    """In which part of the day, a key of `words.PARTS`."""

    says: ClassVar[str] = "which part of the day"
    name: str


@dataclass(frozen=True, slots=True)
class On(Clause):
    """One date."""

    says: ClassVar[str] = "on which date"
    date: date


@dataclass(frozen=True, slots=True)
class Instant(Clause):
    """One instant; naive where it is meant in the phrase's zone."""

    says: ClassVar[str] = "on which date"
    when: datetime


@dataclass(frozen=True, slots=True)
class Later(Clause):
    """So many months, days and then seconds from now, or the next such weekday (0-6).

    `counted` says that the time of day stays as it is now ("in 3 days") where
    nothing else is said; `this` that such a weekday may be today.
    """

    says: ClassVar[str] = "on which date"
    days: int = 0
    seconds: int = 0
    weekday: int | None = None
    counted: bool = False
    months: int = 0
    this: bool = False


C = TypeVar("C", bound=Clause)


@dataclass(slots=True)
class Draft:
    """The clauses read so far."""

    clauses: list[Clause] = field(default_factory=list)

    def clash(self, clause: Clause) -> Clause | None:
        """Find the clause that says the same thing as another one."""
        return next((other for other in self.clauses if other.says == clause.says), None)

    def add(self, clause: Clause, span: tuple[int, int]) -> None:
        """Add a clause; a second one that says the same thing is refused."""
        other = self.clash(clause)
        if other is not None:
            raise Refusal(
                f'"{clause.words}" says {clause.says} again, after "{other.words}".',
                span=span,
                fixes=(f"and {clause.words}",),
            )
        self.clauses.append(clause)

    @property
    def words(self) -> str:
        """All the words, those of each clause once."""
        return " ".join(dict.fromkeys(clause.words for clause in self.clauses))

    @property
    def days(self) -> str:
        """The words that say which days, for suggestions."""
        kinds = (Weekdays, MonthDays, Months)
        return " ".join(clause.words for clause in self.clauses if isinstance(clause, kinds))

    def get(self, kind: type[C]) -> C | None:
        """Find the clause of that kind."""
        return next((clause for clause in self.clauses if isinstance(clause, kind)), None)

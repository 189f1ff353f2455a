"""A second reader of schedules in words, and the campaign that holds ncp against it.

For sentences of the grammar the meaning is known from their making (`sayings`,
`sentences`); what ncp read is listed by cronsim. For mutated ones this module has
its own tables of the words that must be honoured: days, months and times of day.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from cronsim import CronSim

from ncp.cron import phrases
from ncp.errors import PhraseError
from sayings import HOURS_OF, MONTHS, NOW, WEEKDAYS, Saying
from sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from campaigns import Tally

FIRST = date(2027, 1, 1)
SPAN = 5 * 365
FOREIGN = (
    *("montag", "dienstag", "mittwoch", "lunes", "martes", "lundi", "mardi", "venerdi", "lun"),
    *("mié", "dom", "uhr", "jeden", "um", "heures", "cada", "nicht", "not", "unless", "holidays"),
    *("run", "please", "sometimes", "often", "asap", "later", "soon"),
)
"""Words of other languages, and some that no schedule has; none of them may be passed over."""
NAMES = {form: f"day {day}" for day in WEEKDAYS for form in (day, f"{day}s", day[:3])} | {
    form: f"month {month}" for month in MONTHS for form in (month, month[:3])
}
NAMES |= {"tues": "day tuesday", "weds": "day wednesday", "thur": "day thursday"}
NAMES |= {"thurs": "day thursday", "sept": "month september"}
SETS = {"weekday": range(5), "workday": range(5), "weekend": range(5, 7)}
GROUPS = {form: f"days {name}" for name in SETS for form in (name, f"{name}s")}
PARTS = ("morning", "afternoon", "evening", "night")
KEPT = (
    NAMES
    | GROUPS
    | {form: f"part {part}" for part in PARTS for form in (part, f"{part}s")}
    | {"noon": "noon", "midday": "noon", "midnight": "midnight", "am": "am", "pm": "pm"}
)
WORD = re.compile(r"[^\W\d_]+")
OTHER_DAYS = re.compile(r"\bdays?\b|daily|\d(st|nd|rd|th)\b|first|last|end|start|[a-z]th\b")
"""What says other days than those of the week, or may say them."""
CLOCK = re.compile(r"(?<![\d:.])(\d{1,2})(?:[:.](\d\d))? ?([ap])\.?m\b")


CLOCK24 = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-4]):([0-5]\d)(?![:.\d]| ?[ap]\.?m| in the| o'?clock|[^,;]* in the)"
)


def words(text: str) -> set[str]:
    """List what a text says of days, months, halves and parts of the day."""
    tidy = re.sub(r"\b([ap])\.m\b", r"\1m", text.lower())
    return {KEPT[word] for word in WORD.findall(tidy) if word in KEPT}


def heard(text: str) -> phrases.Phrase | PhraseError:
    """Ask ncp."""
    try:
        return phrases.parse(text, now=NOW.replace(tzinfo=UTC), zone="UTC")
    except PhraseError as error:
        return error


def minutes_of(cron: str, day: date) -> set[int]:
    """List the minutes of a day at which cronsim finds a cron text due."""
    midnight = datetime.combine(day, time())
    found = set()
    for part in cron.split(" | "):
        for at in CronSim(part, midnight - timedelta(minutes=1)):
            if at.date() != day:
                break
            found.add(at.hour * 60 + at.minute)
    return found


def denied(saying: Saying, phrase: phrases.Phrase, source: Random) -> str | None:
    """Say where ncp's reading of a sentence is not its meaning."""
    found = phrase.recurrence
    if saying.at is not None or found.at is not None:
        meant = None if saying.at is None else saying.at.replace(tzinfo=UTC)
        return None if found.at == meant else f"{found.text}, not {meant}"
    every: tuple[str, int] | None = None
    if found.every is not None:
        unit, count = found.every.unit, found.every.count
        every = ("minute", 60 * count) if unit == "hour" else (unit, count)
    if every != saying.every:
        return f"{every}, not {saying.every}"
    for day in _days(saying, source):
        meant_minutes = {m for tells, some in saying.due if tells(day) for m in some}
        if minutes_of(found.cron, day) != meant_minutes:
            return f"{found.cron} on {day}"
    return None


def _days(saying: Saying, source: Random) -> Iterator[date]:
    """Give days at random, and near them some on which a sentence is due."""
    for _ in range(2):
        day = FIRST + timedelta(days=source.randrange(SPAN))
        yield day
        for ahead in range(1, 800):
            near = day + timedelta(days=ahead)
            if any(tells(near) for tells, _ in saying.due):
                yield near
                break


def mutated(source: Random, text: str) -> str:
    """Damage a sentence as hands and haste do."""
    said = text.split()
    at = source.randrange(len(said))
    sort = source.randrange(6)
    if sort == 0:
        del said[at]
    elif sort == 1 and len(said) > 1:
        at = min(at, len(said) - 2)
        said[at], said[at + 1] = said[at + 1], said[at]
    elif sort == 2:
        said.insert(at, source.choice(said))
    elif sort == 3:
        said.insert(at, source.choice(FOREIGN))
    else:
        said[at] = _misspelt(source, said[at])
    return " ".join(said)


def _misspelt(source: Random, word: str) -> str:
    at = source.randrange(len(word))
    letter = source.choice("aeioudnrst")
    return source.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        ]
    )


def dishonoured(text: str, phrase: phrases.Phrase) -> str | None:
    """Say which day, month or time of a text ncp's reading leaves out."""
    found, said, tidy = phrase.recurrence, words(text), text.lower()
    unknown = [word for word in WORD.findall(tidy) if word in FOREIGN]
    if unknown:
        return f"{unknown[0]} was passed over"
    clocks = {_minute(*match.groups()) for match in CLOCK.finditer(tidy)}
    clocks |= {int(hour) % 24 * 60 + int(minute) for hour, minute in CLOCK24.findall(tidy)}
    if found.at is not None:
        return _once(found.at, said, clocks, tidy)
    due = (FIRST + timedelta(days=n) for n in range(800))
    days = [day for day in due if minutes_of_day(found.cron, day)]
    listed = {m for day in days[:40] for m in minutes_of(found.cron, day)}
    return _other_days(days, said, tidy) or _other_times(listed, said, clocks, tidy)


def _other_days(days: list[date], said: set[str], text: str) -> str | None:
    if re.search("except|excluding|but", text):
        return None  # what is left out and what is kept needs the grammar
    weekdays, months = {day.weekday() for day in days}, {day.month for day in days}
    missed = [day for n, day in enumerate(WEEKDAYS) if f"day {day}" in said and n not in weekdays]
    for number, month in enumerate(MONTHS, start=1):
        missed += [month] if f"month {month}" in said and number not in months else []
    if missed:
        return f"never on {missed[0]}"
    beside = weekdays - _allowed(text)
    if beside and "day " in " ".join(said) and not OTHER_DAYS.search(text):
        return f"on {beside} too"
    return None


def _other_times(listed: set[int], said: set[str], clocks: set[int], text: str) -> str | None:
    if re.search(r"from|between|past|quarter| to |until|every \w+ (h|min)", text):
        return None
    if not clocks <= listed:
        return f"not at minute {min(clocks - listed)}"
    for part, hours in HOURS_OF.items():
        if f"part {part}" in said and not any(minute // 60 in hours for minute in listed):
            return f"not in the {part}"
    return None


def minutes_of_day(cron: str, day: date) -> bool:
    """Tell whether a cron text is due on a day, as cronsim finds."""
    midnight = datetime.combine(day, time())
    return any(
        next(CronSim(part, midnight - timedelta(minutes=1))).date() == day
        for part in cron.split(" | ")
    )


def _minute(hour: str, minute: str | None, half: str) -> int:
    return (int(hour) % 12 + 12 * (half == "p")) * 60 + int(minute or 0)


def _allowed(text: str) -> set[int]:
    """List the weekdays that a text can mean: names, groups, and what lies between two names."""
    spans = re.split(r"\b(?:to|through|thru|until|till)\b|-", text)
    indexes = [[WEEKDAYS.index(n[4:]) for n in _in_order(span)] for span in spans]
    allowed = {index for some in indexes for index in some}
    for one, other in pairwise(indexes):
        if one and other:
            first, last = one[-1], other[0]
            allowed |= {i % 7 for i in range(first, last + 1 + 7 * (last < first))}
    groups = {name for name in SETS if re.search(rf"\b{name}s?\b", text)}
    groups |= {"workday"} if re.search("(business|working|work) day", text) else set()
    return allowed.union(*(SETS[name] for name in groups))


def _in_order(text: str) -> list[str]:
    return [NAMES[w] for w in WORD.findall(text) if NAMES.get(w, "").startswith("day ")]


def _once(at: datetime, said: set[str], clocks: set[int], text: str) -> str | None:
    named = [name for name in WEEKDAYS if f"day {name}" in said]
    if named not in ([], [WEEKDAYS[at.weekday()]]):
        return f"on {at:%A}, not on {named}"
    months = [name for name in MONTHS if f"month {name}" in said]
    if months not in ([], [MONTHS[at.month - 1]]):
        return f"in {at:%B}, not in {months}"
    if clocks and not re.search("past|quarter| to ", text) and clocks != {at.hour * 60 + at.minute}:
        return f"at {at:%H:%M}"
    return None


def unfaithful(text: str, original: str, error: PhraseError) -> str | None:
    """Say what a proposal drops of a text, or adds to it and its original."""
    proposals = re.findall(r'Write for example "(.*)"', error.next_step)
    for proposal in proposals:
        if isinstance(heard(proposal), PhraseError):
            return f'"{proposal}" is refused itself'
        if words(text) - words(proposal):
            return f'"{proposal}" drops {words(text) - words(proposal)}'
        if words(proposal) - words(text) - words(original):
            return f'"{proposal}" adds {words(proposal) - words(text)}'
    return None


def campaign(tally: Tally, seed: int, count: int) -> Tally:
    """Read that many sentences, and as many damaged ones; count them, and tell what is wrong."""
    source = Random(seed)
    for _ in range(count):
        saying = sentence(source)
        _hear(tally, saying, source)
        text = mutated(source, saying.text)
        _hear_mutated(
            tally, mutated(source, text) if text and source.random() < 0.3 else text, saying
        )
    return tally


def _hear(tally: Tally, saying: Saying, source: Random) -> None:
    answer = heard(saying.text)
    if isinstance(answer, PhraseError):
        tally.counts["sentences refused"] += 1
        why = None if _may_be_refused(saying, answer) else f"refused: {answer.what}"
    else:
        tally.counts["sentences read"] += 1
        why = denied(saying, answer, source)
    tally.complaints += [f"{saying.text}: {why}"] if why else []


def _hear_mutated(tally: Tally, text: str, saying: Saying) -> None:
    answer = heard(text)
    if isinstance(answer, PhraseError):
        tally.counts["damaged ones refused"] += 1
        tally.counts["proposals"] += answer.next_step.startswith("Write for example")
        why = unfaithful(text, saying.text, answer)
    else:
        tally.counts["damaged ones read"] += 1
        why = dishonoured(text, answer)
    tally.complaints += [f"{text} (from: {saying.text}): {why}"] if why else []


def _may_be_refused(saying: Saying, error: PhraseError) -> bool:
    """Tell the refusals that the documentation announces."""
    never = saying.at is None and not any(
        tells(FIRST + timedelta(days=n)) for tells, _ in saying.due for n in range(1500)
    )
    return never or "without am or pm" in error.what

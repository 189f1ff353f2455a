from __future__ import annotations

from datetime import datetime
from random import Random

import pytest

from ncp.cron import english, expression
from ncp.cron.wording import sentence, timing_name
from ncp.errors import ExpressionError, InputError
from ncp.model import Recurrence

NAMES = {
    "0 9 * * *": "Daily at 9:00 AM",
    "*/5 * * * *": "Every 5 minutes",
    "* * * * *": "Every minute",
    "0 * * * *": "Hourly",
    "15 * * * *": "Hourly at minute 15",
    "0 */2 * * *": "Every 2 hours",
    "30 */2 * * *": "Every 2 hours at minute 30",
    "30 14 * * 1-5": "Weekdays at 2:30 PM",
    "0 10 * * 0,6": "Weekends at 10:00 AM",
    "0 12 * * 1": "Weekly on Monday at noon",
    "0 9 * * 1-6": "Weekly on Monday to Saturday at 9:00 AM",
    "0 0 1 * *": "Monthly on the 1st at midnight",
    "0 0 1,15,L * *": "Monthly on the 1st, the 15th and the last day at midnight",
    "0 0 */2 * *": "Monthly on odd days at midnight",
    "0 0 1-7 * *": "Monthly on the 1st to the 7th at midnight",
    "0 0 3-31/2 * *": "Monthly on every 2nd day from the 3rd to the 31st at midnight",
    "0 9,17 * * *": "Daily at 9:00 AM and 5:00 PM",
    "0 0 1 1 *": "Yearly on January 1st at midnight",
    "0 0 L 2 *": "Monthly on the last day at midnight in February",
    "0 9 * 1,3 *": "Daily at 9:00 AM in January and March",
    "0 9 * * 1#1": "Monthly on the first Monday at 9:00 AM",
    "0 9 * * 1,5L": "Weekly on Monday and the last Friday at 9:00 AM",
    "0 0 13 * 5": "Monthly on the 13th or on Friday at midnight",
    "0 0 */2 * 1": "Monthly on odd days falling on Monday at midnight",
    "0 0 L * */6": "Monthly on the last day falling on Sunday or Saturday at midnight",
    "0 9 */5 * *": "Monthly on every 5th day from the 1st to the 31st at 9:00 AM",
    "*/15 9-16 * * 1-5": "Weekdays every 15 minutes from 9:00 AM to 5:00 PM",
    "0 9-17,20 * * *": "Hourly from 9:00 AM to 5:00 PM and at 8:00 PM",
    "0 1-23/2 * * *": "Every 2 hours from 1:00 AM to 11:00 PM",
    "0 0-22/2 * * *": "Every 2 hours following the wall clock",
    "5,20,44 3-5 1-3 * *": "Monthly on the 1st to the 3rd hourly at minutes 5, 20 and 44 "
    "from 3:00 AM to 6:00 AM",
}

SENTENCES = {
    "0 9 * * *": "at 9:00 AM, every day",
    "*/5 * * * *": "every 5 minutes",
    "*/5 * * 1-3 *": "every 5 minutes, in January through March",
    "0 * * * *": "at the start of every hour",
    "15 * * * 1": "at minute 15 past every hour, on Monday",
    "5-49/4 * * * *": "at minutes 5, 9, 13, 17, 21, 25, 29, 33, 37, 41, 45 and 49 past every hour",
    "5-53/4 * * * *": "at every 4th minute from 5 through 53 past every hour",
    "*/7 * * * *": "at minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56 past every hour",
    "1-59/2 * * * *": "at every 2nd minute from 1 through 59 past every hour",
    "0-29 9-16,20 * * *": "at minutes 0 through 29 past every hour from 9:00 AM through 4:00 PM "
    "and 8:00 PM, every day",
    "0 */2 * * *": "every 2 hours from midnight through 10:00 PM, every day",
    "0,30 */2 * * *": "at minutes 0 and 30 past every 2nd hour from midnight through 10:00 PM, "
    "every day",
    "0 0-22/2 * * *": "every 2 hours from midnight through 10:00 PM, every day, "
    "following the wall clock",
    "0 */5 * * *": "every 5 hours from midnight through 8:00 PM, every day, following elapsed time",
    "0 9-17 * * *": "every hour from 9:00 AM through 5:00 PM, every day",
    "*/15 9-16 * * 1-5": "every 15 minutes from 9:00 AM through 4:45 PM, on Monday through Friday",
    "0 0 13 * 5": "at midnight, on day 13 of the month or on Friday (either is enough)",
    "0 0 */2 * 1": "at midnight, on odd days of the month and only if that day is Monday",
    "0 0 2-30/2,L * 1#2": "at midnight, on every 2nd day from 2 through 30 and the last day "
    "of the month or on the second Monday of the month (either is enough)",
    "0 0 L * *": "at midnight, on the last day of the month",
    "0 0 1,15 * *": "at midnight, on days 1 and 15 of the month",
    "0 9 1-7 1,7 *": "at 9:00 AM, on days 1 through 7 of the month, in January and July",
    "0 9 * * 5L": "at 9:00 AM, on the last Friday of the month",
}


@pytest.mark.parametrize(("cron", "expected"), NAMES.items())
def test_names_say_the_schedule_shortly(cron: str, expected: str) -> None:
    assert timing_name(expression.parse(cron), None) == expected


@pytest.mark.parametrize(("cron", "expected"), SENTENCES.items())
def test_sentences_say_the_schedule_completely(cron: str, expected: str) -> None:
    said = sentence(expression.parse(cron), "Asia/Tokyo", machine_zone="UTC")
    assert said == f"Runs {expected}, in Asia/Tokyo time."


def test_a_name_longer_than_a_line_is_the_expression() -> None:
    fits, too_long = "* 9 1,L 6,7 *", "* 2,15 L 7 *"
    name = timing_name(expression.parse(fits), None)
    assert (len(name), name[:16]) == (90, "Monthly on the 1")
    assert timing_name(expression.parse(too_long), None) == f"Custom ({too_long})"


def test_a_named_zone_is_part_of_the_name() -> None:
    recurrence = expression.parse("0 9,17 * * *")
    expected = "Daily at 9:00 AM and 5:00 PM (America/New_York)"
    assert timing_name(recurrence, "America/New_York") == expected


def test_without_a_zone_the_sentence_gives_the_machine_s() -> None:
    said = sentence(expression.parse("0 9 * * *"), None, machine_zone="Europe/Berlin")
    assert said == "Runs at 9:00 AM, every day, in the machine's own time (Europe/Berlin)."


@pytest.mark.parametrize(
    ("instant", "moment"),
    [
        ("2026-12-24T07:30+00:00", "Thursday 24 December 2026 at 8:30 AM"),
        ("2026-12-26T23:00+00:00", "Sunday 27 December 2026 at 12:00 AM"),
        ("2026-10-25T00:30+00:00", "Sunday 25 October 2026 at 2:30 AM"),
        (
            "2026-10-25T01:30+00:00",
            "Sunday 25 October 2026 at 2:30 AM, the second time that hour comes",
        ),
    ],
)
def test_a_one_off_is_a_date_and_a_time_by_the_clock_of_its_zone(instant: str, moment: str) -> None:
    once = Recurrence(at=datetime.fromisoformat(instant))
    assert timing_name(once, None, machine_zone="Europe/Berlin") == f"Once on {moment}"
    assert timing_name(once, "Europe/Berlin") == f"Once on {moment} (Europe/Berlin)"
    expected = f"Runs once, on {moment}, in the machine's own time (Europe/Berlin)."
    assert sentence(once, None, machine_zone="Europe/Berlin") == expected


def test_a_one_off_in_a_zone_that_does_not_exist_is_refused() -> None:
    once = Recurrence(at=datetime.fromisoformat("2026-12-24T07:30+00:00"))
    with pytest.raises(InputError, match="Nowhere"):
        sentence(once, "Mars/Nowhere", machine_zone="UTC")


def random_piece(random: Random, low: int, high: int) -> str:
    first, last = sorted(random.sample(range(low, high + 1), 2))
    step = random.randint(2, high - low)
    values = ",".join(map(str, sorted(random.sample(range(low, high + 1), 3))))
    return random.choice(
        ["*", str(first), f"{first}-{last}", f"{first}-{last}/{step}", f"*/{step}", values]
    )


def recurrences(seed: int, count: int) -> dict[str, Recurrence]:
    random = Random(seed)
    spans = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)]
    found: dict[str, Recurrence] = {}
    for _ in range(count):
        pieces = [random.choice(["*", "0", random_piece(random, *span)]) for span in spans]
        pieces[2:4] = [piece if piece != "0" else "*" for piece in pieces[2:4]]
        try:
            recurrence = expression.parse(" ".join(pieces))
        except ExpressionError:
            continue
        found[recurrence.cron] = recurrence
    return found


def test_different_schedules_are_said_in_different_words() -> None:
    some = recurrences(seed=7, count=10_000)
    assert len(some) > 5_000
    sentences = {sentence(one, None, machine_zone="UTC") for one in some.values()}
    names = {timing_name(one, None) for one in some.values()}
    assert (len(sentences), len(names)) == (len(some), len(some))


@pytest.mark.parametrize(
    ("ending", "numbers"),
    {
        "st": [1, 21, 31],
        "nd": [2, 22],
        "rd": [3, 23],
        "th": [4, 9, 10, 11, 12, 13, 14, 20, 24, 30],
    }.items(),
)
def test_ordinals_end_as_english_has_them(ending: str, numbers: list[int]) -> None:
    assert [english.ordinal(number) for number in numbers] == [f"{n}{ending}" for n in numbers]


@pytest.mark.parametrize(
    ("time", "expected"),
    {
        (0, 0): "midnight",
        (0, 30): "12:30 AM",
        (1, 5): "1:05 AM",
        (11, 59): "11:59 AM",
        (12, 0): "noon",
        (12, 1): "12:01 PM",
        (23, 0): "11:00 PM",
        (24, 0): "midnight",
    }.items(),
)
def test_times_of_day_are_on_a_twelve_hour_clock(time: tuple[int, int], expected: str) -> None:
    assert english.clock(*time) == expected

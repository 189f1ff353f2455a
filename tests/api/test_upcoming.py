from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from ncp import policies
from ncp.api import upcoming, views
from ncp.applying.site import Site
from ncp.cron import calendar
from ncp.model import ActiveHours
from ncp.store import compiled

if TYPE_CHECKING:
    from ncp import Schedule
    from ncp.model import Timing

WHENS = [
    *("* * * * *", "30 2 * * *", "0 9 * * 1-5", "0 0 29 2 *", "0 0 29 2 5", "5 4 L * *"),
    *("every other monday at 9am", "every 90 minutes", "in 10 minutes", "9am and 5:30pm"),
]


def made(schedule: Schedule) -> dict[str, str | None]:
    """Make tasks of all kinds and say when the calendar has them next."""
    for number, when in enumerate(WHENS):
        zone = "America/New_York" if number % 2 else None
        schedule.create_task(when, ["true"], timezone=zone)
    host = schedule.site.host
    timings = schedule.model.timings.values()
    return {timing.id: views.next_slot(timing, host.zone, host.now) for timing in timings}


def test_the_compiled_copy_says_what_the_calendar_says(
    schedule: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = made(schedule)
    asked: list[str] = []
    by_calendar = views.next_slot

    def noted(timing: Timing, zone: str, now: datetime) -> str | None:
        asked.append(timing.id)
        return by_calendar(timing, zone, now)

    monkeypatch.setattr(views, "next_slot", noted)
    timings = schedule.model.timings.values()
    assert upcoming.next_slots(schedule.site, timings) == expected
    far = datetime.now(UTC) + timedelta(days=5 * 366)
    assert sorted(asked) == sorted(
        name for name, slot in expected.items() if slot and datetime.fromisoformat(slot) >= far
    )


def test_a_document_that_was_edited_is_asked_itself(schedule: Schedule) -> None:
    made(schedule)
    file = schedule.site.home.schedule
    file.write_text(file.read_text().replace("0 9 * * 1-5", "7 8 * * 1-5"))
    site = Site(schedule.site.home)
    timings = site.document.schedule.timings.values()
    due = upcoming.next_slots(site, timings)
    assert due == {
        timing.id: views.next_slot(timing, site.host.zone, site.host.now) for timing in timings
    }
    assert any(str(slot).endswith(":07:00Z") for slot in due.values())


HOURS = [
    (ActiveHours("22:00", "06:00", ("fri",)), "*/20 * * * *"),
    (ActiveHours("02:00", "03:30"), "30 * * * *"),
    (ActiveHours("09:00", "09:01", ("thu",)), "* * * * *"),
    (ActiveHours("00:00", "24:00"), "every other monday at 9am"),
]


@pytest.mark.parametrize(("hours", "when"), HOURS)
def test_the_next_slots_of_a_task_lie_in_its_active_hours(
    schedule: Schedule, hours: ActiveHours, when: str
) -> None:
    made = schedule.create_task(when, ["true"], active_hours=hours, timezone="Europe/Berlin")
    zone, numbers = made.timing.zone or "", compiled.hours(hours)
    slots = calendar.slots(made.timing.recurrence, zone, schedule.site.host.now)
    inside = (slot for slot in slots if policies.within(numbers, _local(slot, zone)))
    expected = [views.iso(slot) for slot in islice(inside, 9)]
    assert upcoming.of_task(made.task, made.timing, schedule.site, 9) == expected
    assert schedule.get_task(made.task.id)["nextExecutionAt"] == expected[0]


def _local(slot: datetime, zone: str) -> int:
    wall = calendar.local(slot, zone).replace(tzinfo=UTC)
    return int(wall.timestamp() // 60)


def test_a_task_that_can_never_start_has_no_next_slot(schedule: Schedule) -> None:
    hours = ActiveHours("09:00", "12:00")
    never = schedule.create_task("daily at 3am", ["true"], active_hours=hours).task
    end = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    over = schedule.create_task("0 0 29 2 *", ["true"], end_date=end).task
    assert [view["nextExecutionAt"] for view in schedule.list_tasks()] == [None, None]
    assert [view["id"] for view in schedule.list_tasks()] == [never.id, over.id]

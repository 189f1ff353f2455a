from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ncp.api import upcoming, views
from ncp.applying.site import Site

if TYPE_CHECKING:
    import pytest

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
    calendar = views.next_slot

    def noted(timing: Timing, zone: str, now: datetime) -> str | None:
        asked.append(timing.id)
        return calendar(timing, zone, now)

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

"""Points in time as people write them; now is Tuesday 2026-11-24 15:00 in Berlin."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ncp.cron import points

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"
BACK = {
    "now": "2026-11-24T15:00:00+01:00",
    "1h": "2026-11-24T14:00:00+01:00",
    "1h30m": "2026-11-24T13:30:00+01:00",
    "2 days ago": "2026-11-22T15:00:00+01:00",
    "-10m": "2026-11-24T14:50:00+01:00",
    "in 10m": "2026-11-24T15:10:00+01:00",
    "today": "2026-11-24T00:00:00+01:00",
    "Yesterday": "2026-11-23T00:00:00+01:00",
    "yesterday 16:10": "2026-11-23T16:10:00+01:00",
    "yesterday at 16:10:30": "2026-11-23T16:10:30+01:00",
    "14:30": "2026-11-24T14:30:00+01:00",
    "16:10": "2026-11-23T16:10:00+01:00",
    "monday": "2026-11-23T00:00:00+01:00",
    "tue": "2026-11-17T00:00:00+01:00",
    "last sunday": "2026-11-22T00:00:00+01:00",
    "2026-11-20": "2026-11-20T00:00:00+01:00",
    "2026-11-20 08:00": "2026-11-20T08:00:00+01:00",
    "2026-11-20T08:00:00Z": "2026-11-20T08:00:00+00:00",
    "31d": "2026-10-24T16:00:00+02:00",  # real time, over the change of the clocks
}
AHEAD = {
    "1h": "2026-11-24T16:00:00+01:00",
    "1h ago": "2026-11-24T14:00:00+01:00",
    "2w": "2026-12-08T15:00:00+01:00",
    "+1d": "2026-11-25T15:00:00+01:00",
    "tomorrow": "2026-11-25T00:00:00+01:00",
    "14:30": "2026-11-25T14:30:00+01:00",
    "16:10": "2026-11-24T16:10:00+01:00",
    "monday": "2026-11-30T00:00:00+01:00",
    "next tuesday": "2026-12-01T00:00:00+01:00",
    "2027-01-01": "2027-01-01T00:00:00+01:00",
}
NONE = (
    *("", "soon", "5 mintes", "2026-13-01", "25:00", "yesterday 25:00", "today 9x", "300"),
    *("5q ago", "99999999999w", "monday x", "1h later"),
)


@pytest.mark.parametrize(("text", "wanted"), BACK.items())
def test_a_point_is_looked_for_in_the_past(text: str, wanted: str) -> None:
    assert points.read(text, now=NOW, zone=BERLIN).isoformat() == wanted


@pytest.mark.parametrize(("text", "wanted"), AHEAD.items())
def test_a_point_is_looked_for_ahead(text: str, wanted: str) -> None:
    assert points.read(text, now=NOW, zone=BERLIN, ahead=True).isoformat() == wanted


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_point_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        points.read(text, now=NOW, zone=BERLIN)

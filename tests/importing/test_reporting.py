"""What an import says: entries by the names of each target, counts, and what a dry run knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hosts import DEFAULT_HOME, HOSTS, LINUX, timing
from ncp import compiler, targets
from ncp.intake import reporting
from ncp.intake.items import Item, Line, Outcome, Report
from ncp.model import Changes, Entry, Host, Task

NATIVE = [name for name, row in targets.TARGETS.items() if row.tools]
TASK = Task("0b03537e-8a1f", "Backup", "daily")


def report(*outcomes: Outcome, dry: bool = False, **values: object) -> Report:
    lines = tuple(Line(Item("line 1", "Backup", values=values), one, TASK) for one in outcomes)
    return Report(lines, "cron", Changes(), dry=dry)


@pytest.mark.parametrize("name", NATIVE)
@pytest.mark.parametrize("tag", [LINUX.tag, DEFAULT_HOME.tag])
def test_the_entry_of_a_timing_is_found_among_its_namesakes(name: str, tag: str) -> None:
    host = replace(HOSTS[name], tag=tag)
    ids = ("every-daily", "daily", "daily-9am")
    changes = Changes(add=tuple(entry for key in ids for entry in wanted(key, name, host)))
    found = reporting.entry_of("daily", reporting.entries(changes), host)
    assert found is not None
    assert "daily" in found
    assert not any(other in found for other in ("every", "9am"))


def wanted(key: str, name: str, host: Host) -> tuple[Entry, ...]:
    artifact = compiler.compile_timing(timing("0 0 * * *", id=key), name, host)
    return tuple(targets.target(name).wanted([artifact], host))


def test_a_timing_without_an_entry_has_none() -> None:
    assert reporting.entry_of("daily", reporting.entries(Changes()), LINUX) is None


def test_an_id_that_a_dry_run_made_up_is_not_shown() -> None:
    for dry, values, shown in [
        (True, {}, None),
        (True, {"id": TASK.id}, "0b03537e"),
        (False, {}, "0b03537e"),
    ]:
        (row,) = reporting.rows(report("imported", dry=dry, **values), LINUX)
        assert row[2] == shown


@pytest.mark.parametrize(
    ("outcomes", "dry", "words"),
    [
        ((), False, "0 imported, 0 already there, 0 refused."),
        (("imported", "imported", "reported"), False, "2 imported, 0 already there, 0 refused, 1 "),
        (("updated", "deleted"), True, "Dry run, nothing was changed: 0 imported, 0 already"),
    ],
)
def test_outcomes_are_counted(outcomes: tuple[Outcome, ...], *, dry: bool, words: str) -> None:
    assert reporting.counts(report(*outcomes, dry=dry)).startswith(words)

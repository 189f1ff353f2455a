from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp


@pytest.fixture
def ran(ncp: Ncp) -> list[dict[str, Any]]:
    """Two executions, the newest first: a good one, and one that failed and said why."""
    ncp.create("daily at 9am", "sh", "-c", "echo oh no >&2; printf 'a\\377b'; exit 3", name="bad")
    ncp.create("daily at 9am", name="quiet")
    for name in ("bad", "quiet"):
        ncp("schedule", "run", name)
    found: list[dict[str, Any]] = ncp("schedule", "executions", "--json").json["executions"]
    return found


def test_json_is_the_execution_and_what_it_printed(ncp: Ncp, ran: list[dict[str, Any]]) -> None:
    bad = ran[1]
    shown = ncp("schedule", "show", bad["executionId"], "--json").json
    output, pieces = shown.pop("output"), shown.pop("pieces")
    assert "".join(piece["text"] for piece in pieces) == output
    assert shown == {**bad, "steps": [], "hook": None, "files": []}
    assert "oh no" in output
    assert "a\N{REPLACEMENT CHARACTER}b" in output
    assert ncp("schedule", "show", "quiet", "--json").json["output"] is None


def test_a_start_of_the_id_or_the_task_names_it(ncp: Ncp, ran: list[dict[str, Any]]) -> None:
    quiet, bad = (one["executionId"] for one in ran)
    length = next(n for n in range(3, 30) if quiet[:n] != bad[:n])
    for reference, wanted in ((bad[:length], bad), ("bad", bad), (quiet[: length + 1], quiet)):
        assert ncp("schedule", "show", reference, "--json").json["executionId"] == wanted


@pytest.mark.usefixtures("ran")
def test_people_see_how_it_ended_what_it_used_and_what_it_printed(ncp: Ncp) -> None:
    said = ncp("schedule", "show", "bad").out
    facts = dict(line.split("  ", 1) for line in said.partition("\n\n")[0].splitlines())
    shown = {name: value.strip() for name, value in facts.items()}
    assert (shown["Status"], shown["Exit code"]) == ("failure", "3")
    assert shown["Slot"] == "none; it was run by hand"
    assert shown["Memory"].endswith(" MiB")
    assert "Signal" not in shown
    assert "oh no" in said.partition("\nOutput\n")[2]


def test_a_skipped_execution_shows_why(ncp: Ncp) -> None:
    ncp.create("0 0 1 1 *", name="x")
    ncp("schedule", "update", "x", "--no-catchup-missed")
    ncp.overdue(minutes=60 * 24 * 400)
    timing = ncp("schedule", "get", "x", "--json").json["timingId"]
    ncp("_timing-run", timing)
    said = ncp("schedule", "show", "x").out
    assert "skipped" in said
    assert " late" in said


REFUSED = [
    ("20", 3, 'No execution has the id "20"'),
    ("20770101", 3, "ncp schedule executions"),
    ("nobody", 3, 'No execution has the id "nobody", and no task'),
    ("new", 3, '"new" has not run yet'),
]


@pytest.mark.usefixtures("ran")
@pytest.mark.parametrize(("reference", "code", "words"), REFUSED, ids=str)
def test_what_is_not_there_is_told(ncp: Ncp, reference: str, code: int, words: str) -> None:
    ncp.create("daily at 9am", name="new")
    said = ncp("schedule", "show", reference)
    assert (said.code, said.out) == (code, "")
    assert words in said.err


def test_a_start_that_several_share_is_refused(ncp: Ncp, ran: list[dict[str, Any]]) -> None:
    said = ncp("schedule", "show", ran[0]["executionId"][:3])
    assert (said.code, said.out) == (2, "")
    first = min(one["executionId"] for one in ran)
    assert f"Write more of it: {first}" in said.err


@pytest.mark.parametrize("command", ["true", "false"])
def test_what_was_missed_is_said_with_times_wherever_one_looks(ncp: Ncp, command: str) -> None:
    task = ncp.create("0 0 1 1 *", command, name="x")
    ncp.overdue(60 * 24 * 366 * 3)
    ncp("_timing-run", task["timingId"])
    (one,) = ncp("schedule", "executions", "--json").json["executions"]
    years = [
        datetime.fromisoformat(one[key]).astimezone().year for key in ("missedFrom", "missedTo")
    ]
    assert years[1] - years[0] == one["missed"] - 1 > 0
    times = f"{years[0]}-01-01 00:00 CET to Thu {years[1]}-01-01 00:00 CET"
    times = re.sub(" to Thu", " to ...", times)
    for words in (("executions",), ("show", "x"), ("get", "x")):
        assert re.search(times, ncp("schedule", *words).out), words
    assert f"missed {one['missed']}: " in ncp("schedule", "executions").out
    log = ncp("schedule", "logs", "x").out
    assert (
        f"Task 'x' missed {one['missed']} slots, {years[0]}-01-01 00:00 to {years[1]}-01-01" in log
    )

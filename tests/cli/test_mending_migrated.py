"""Jobs of version 1 that could not be taken as they were: what a value says is never a sign."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

GOOD: dict[str, Any] = {
    "name": "job",
    "cronExpression": "0 9 * * *",
    "tool": "a:b",
    "parameters": {},
    "createdAt": "2025-11-01T10:00:00.000Z",
    "status": "active",
}
BAD_CRON = {"cronExpression": "61 * * * *"}
MEND_CRON = ("--schedule", "0 9 * * *", "--skip-validation")


def migrated(ncp: Ncp, **values: Any) -> dict[str, Any]:
    """Migrate one job of the id `one`, and return its line of the report."""
    tree = {"version": "1.0.0", "jobs": {"one": {**GOOD, **values}}}
    (ncp.home / "jobs.json").write_text(json.dumps(tree))
    (ncp.home / "mcp.json").write_text('{"mcpServers": {"a": {"command": "/bin/true"}}}')
    (line,) = ncp("schedule", "migrate", "--json").json["items"]
    found: dict[str, Any] = line
    return found


def stored(ncp: Ncp) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ncp.home / "schedule.json").read_text())["tasks"]["one"]
    return found


def without_fields(ncp: Ncp) -> None:
    """Leave the document as an ncp wrote it that stored no complaints."""
    file = ncp.home / "schedule.json"
    tree = json.loads(file.read_text())
    for key in ("complaints", "statusBefore"):
        del tree["tasks"]["one"][key]
    file.write_text(json.dumps(tree))


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize(
    ("before", "parameters", "after"),
    [
        ("active", {"status": "paused"}, "active"),
        ("active", {"x": {"status": "completed"}}, "active"),
        ("active", {"x": '"status": "paused"'}, "active"),
        ("active", {"state": "paused"}, "active"),
        ("paused", {"status": "active"}, "paused"),
        ("completed", {"status": "active"}, "paused"),
    ],
)
def test_a_mended_job_is_what_its_own_status_was(
    ncp: Ncp, before: str, parameters: dict[str, Any], after: str, *, older: bool
) -> None:
    migrated(ncp, **BAD_CRON, status=before, parameters=parameters)
    if older:
        without_fields(ncp)
    assert ncp("schedule", "update", "one", *MEND_CRON).code == 0
    assert stored(ncp)["status"] == after


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize(
    "end",
    ["nope; maxExecutions: y", "nope; fireOnce: y", "; name: 5", 'a\\"; name: b', "x: y; z"],
)
def test_a_bad_value_that_reads_like_complaints_is_one_complaint(
    ncp: Ncp, end: str, *, older: bool
) -> None:
    line = migrated(ncp, **BAD_CRON, endDate=end)
    said = line["reason"]
    assert "--end-date" in said
    assert not {"--max-executions", "--fire-once", "--name"} & set(said.split())
    if older:
        without_fields(ncp)
    assert ncp("schedule", "update", "one", *MEND_CRON).code == 0
    assert stored(ncp)["status"] == "error"
    assert ncp("schedule", "update", "one", "--end-date", "2030-01-01T00:00:00Z").code == 0
    found = stored(ncp)
    assert found["status"] == "active"
    assert not {"errorMessage", "original", "complaints", "statusBefore"} & {
        key for key, value in found.items() if value
    }


def test_what_has_to_be_mended_is_stored_as_fields(ncp: Ncp) -> None:
    migrated(ncp, **BAD_CRON, endDate="nope; maxExecutions: y", status="paused")
    found = stored(ncp)
    assert [one["key"] for one in found["complaints"]] == ["cronExpression", "endDate"]
    assert found["complaints"][1]["reason"] == '"nope; maxExecutions: y" is not an instant'
    assert found["statusBefore"] == "paused"


def test_a_mended_end_date_is_not_asked_for_again_with_the_next_thing_that_is_mended(
    ncp: Ncp,
) -> None:
    migrated(ncp, endDate="9999-12-31T23:00:00-14:00", tool=None)
    assert ncp("schedule", "update", "one", "--end-date", "2030-01-01T00:00:00Z").code == 0
    assert ncp("schedule", "update", "one", "--schedule", "hourly").code == 0
    assert ncp("schedule", "update", "one", "--", "true").code == 0
    assert stored(ncp)["status"] == "active"

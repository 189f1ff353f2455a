"""Tags: words that a task is found by, and `--tag` of all commands that take tasks and timings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp


@pytest.fixture
def tagged(ncp: Ncp) -> Ncp:
    """Tasks `a` (nightly, db), `b` (db) and `c` (none), of two timings."""
    for name, when, tags in (("a", "hourly", "nightly db"), ("b", "daily at 9am", "db")):
        options = [word for tag in tags.split() for word in ("--tag", tag)]
        ncp("schedule", "create", when, "--name", name, *options, "--", "true")
    ncp.create("hourly", name="c")
    return ncp


def names(ncp: Ncp, *argv: str) -> list[str]:
    return [task["name"] for task in ncp("schedule", "list", "--json", *argv).json["tasks"]]


def test_tags_are_kept_shown_changed_and_taken_away(tagged: Ncp) -> None:
    document = json.loads((tagged.home / "schedule.json").read_text())
    assert {one["name"]: one.get("tags") for one in document["tasks"].values()} == {
        "a": ["nightly", "db"],
        "b": ["db"],
        "c": None,
    }
    assert tagged("schedule", "get", "a", "--json").json["tags"] == ["nightly", "db"]
    assert "Tags        nightly, db\n" in tagged("schedule", "get", "a").out
    changed = tagged("schedule", "update", "a", "--tag", "weekly")
    assert "tags: nightly, db → weekly" in changed.out
    gone = tagged("schedule", "update", "a", "--no-tags")
    assert "tags: weekly → none" in gone.out
    assert "tags" not in tagged("schedule", "get", "a", "--json").json


@pytest.mark.parametrize(
    ("argv", "found"),
    [
        (("--tag", "db"), ["a", "b"]),
        (("--tag", "nightly"), ["a"]),
        (("--tag", "nightly", "--tag", "db"), ["a", "b"]),
        (("--tag=nightly",), ["a"]),
        (("--tag", "db", "--status", "paused"), []),
    ],
    ids=str,
)
def test_list_shows_the_tasks_with_one_of_the_tags(
    tagged: Ncp, argv: tuple[str, ...], found: list[str]
) -> None:
    assert names(tagged, *argv) == found


def test_pause_and_resume_take_tags_beside_tasks(tagged: Ncp) -> None:
    assert tagged("schedule", "pause", "c", "--tag", "nightly").code == 0
    assert names(tagged, "--status", "paused") == ["a", "c"]
    tagged("schedule", "resume", "--tag", "db")
    assert names(tagged, "--status", "paused") == ["c"]


def test_run_runs_the_active_tasks_of_a_tag_and_executions_finds_them(tagged: Ncp) -> None:
    tagged("schedule", "run", "c")
    tagged("schedule", "pause", "b")
    ran = tagged("schedule", "run", "--tag", "db", "--json").json["executions"]
    assert [one["taskName"] for one in ran] == ["a"]
    assert tagged("schedule", "run", "b").code == 0
    found = tagged("schedule", "executions", "--tag", "db", "--json").json["executions"]
    assert [one["taskName"] for one in found] == ["b", "a"]
    one = tagged("schedule", "executions", "--tag", "nightly", "--json").json["executions"]
    assert [each["taskName"] for each in one] == ["a"]


def test_run_of_a_tag_whose_tasks_are_all_paused_says_how_to_resume_them(tagged: Ncp) -> None:
    tagged("schedule", "pause", "--tag", "db")
    refused = tagged("schedule", "run", "--tag", "db")
    assert refused.code == 2
    assert "ncp schedule resume tag:db" in refused.err
    assert tagged("schedule", "resume", "tag:db").code == 0
    assert tagged("schedule", "run", "--tag", "db").code == 0


def test_dry_run_stats_catchup_and_delete_take_tags(tagged: Ncp) -> None:
    planned = tagged("schedule", "run", "--tag", "db", "--dry-run", "--json").json["tasks"]
    assert [one["taskName"] for one in planned] == ["a", "b"]
    counted = tagged("schedule", "stats", "--tag", "db", "--json").json["statistics"]
    assert [one["taskName"] for one in counted] == ["a", "b"]
    assert tagged("schedule", "catchup", "--tag", "db", "--json").json["missed"] == []
    gone = tagged("schedule", "delete", "--tag", "db", "-y", "--json").json["deleted"]
    assert [one["name"] for one in gone] == ["a", "b"]


def test_a_tag_that_no_task_has_is_answered_with_the_nearest(tagged: Ncp) -> None:
    for command in ("list", "executions", "run", "pause", "stats", "catchup"):
        refused = tagged("schedule", command, "--tag", "Nightli")
        assert (refused.code, refused.out) == (3, ""), command
        assert 'No task has the tag "Nightli".' in refused.err, command
        assert 'Did you mean "nightly"?' in refused.err, command
    assert "The tags are: nightly, db." in tagged("schedule", "list", "--tag", "zzz").err


def test_a_home_without_tags_says_how_a_task_gets_one(ncp: Ncp) -> None:
    ncp.create("hourly", name="x")
    assert "ncp schedule update TASK --tag nightly" in ncp("schedule", "run", "--tag", "x").err


def test_what_takes_one_subject_takes_a_task_or_a_tag(tagged: Ncp) -> None:
    refused = tagged("schedule", "executions", "a", "--tag", "db")
    assert refused.code == 2
    assert "not two of them" in refused.err
    assert tagged("schedule", "pause", "--all", "--tag", "db").code == 2


def test_a_tag_that_is_said_twice_is_kept_once(ncp: Ncp) -> None:
    ncp("schedule", "create", "hourly", "--name", "x", "--tag", "a", "--tag", "a", "--", "true")
    assert ncp("schedule", "get", "x", "--json").json["tags"] == ["a"]


@pytest.mark.parametrize("tag", ["two words", "a,b", "", "-x", "new\nline", "\u202eback"])
def test_what_is_no_word_is_refused_with_an_example(ncp: Ncp, tag: str) -> None:
    refused = ncp("schedule", "create", "hourly", f"--tag={tag}", "--", "true")
    assert (refused.code, names(ncp)) == (2, [])
    assert "--tag" in refused.err
    assert "Write for example: --tag nightly" in refused.err


def test_a_document_whose_tags_are_one_text_is_answered_with_the_list_that_was_meant(
    tagged: Ncp,
) -> None:
    file = tagged.home / "schedule.json"
    tree = json.loads(file.read_text())
    next(iter(tree["tasks"].values()))["tags"] = "nightly, db"
    file.write_text(json.dumps(tree))
    refused = tagged("schedule", "list")
    assert refused.code == 2
    assert 'Write ["nightly", "db"].' in refused.err


def test_a_task_called_like_a_tag_is_found_by_its_name(ncp: Ncp) -> None:
    ncp.create("hourly", name="tag:x")
    ncp("schedule", "run", "tag:x")
    found = ncp("schedule", "executions", "tag:x", "--json").json["executions"]
    assert [one["taskName"] for one in found] == ["tag:x"]


def test_apply_and_export_keep_tags(ncp: Ncp) -> None:
    file = ncp.home.parent / "s.yaml"
    file.write_text(
        'tasks:\n  - {name: a, cron: "0 9 * * *", command: ["/bin/true"], tags: [nightly, db]}\n'
    )
    assert ncp("schedule", "apply", str(file)).code == 0
    assert names(ncp, "--tag", "db") == ["a"]
    out = ncp("schedule", "export", "--format", "yaml").out
    other = ncp.home.parent / "t.yaml"
    other.write_text(out)
    assert "tags:" in out
    again = ncp("schedule", "apply", str(other), "--dry-run").out
    assert again == "~ a (daily-9am): changes origin\n"


def test_tags_of_a_file_that_look_like_numbers_are_words(ncp: Ncp) -> None:
    file = ncp.home.parent / "s.yaml"
    file.write_text('tasks: [{name: a, cron: "@daily", command: ["true"], tags: [2026, 08, yes]}]')
    assert ncp("schedule", "apply", str(file)).code == 0
    assert ncp("schedule", "get", "a", "--json").json["tags"] == ["2026", "08", "yes"]


def test_the_tasks_of_a_tag_in_several_timings_have_no_one_schedule(tagged: Ncp) -> None:
    assert tagged("schedule", "explain", "tag:nightly").code == 0
    refused = tagged("schedule", "explain", "tag:db")
    assert refused.code == 2
    assert "Name one of them: hourly, daily-9am." in refused.err

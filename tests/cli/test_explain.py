from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import targets

if TYPE_CHECKING:
    import pytest

    from cli.conftest import Ncp


def test_an_expression_is_explained_in_a_sentence(ncp: Ncp) -> None:
    lines = ncp("schedule", "explain", "0 9 * * MON-FRI").out.splitlines()
    assert lines[0] == (
        "Runs at 9:00 AM, on Monday through Friday, in the machine's own time (Europe/Berlin)."
    )
    assert "Canonical  0 9 * * 1-5" in lines
    assert "Timing     weekdays-9am" in lines
    assert len([line for line in lines if " 09:00 CE" in line]) == 5
    shown = [line.split()[0] for line in lines[-len(targets.NAMES) :]]
    assert shown == list(targets.NAMES)


def test_the_json_says_what_each_target_would_get(ncp: Ncp) -> None:
    found = ncp("schedule", "explain", "0 9 * * *", "-z", "Asia/Tokyo", "--json").json
    assert found["sentence"] == "Runs at 9:00 AM, every day, in Asia/Tokyo time."
    assert (found["cron"], found["timezone"]) == ("0 9 * * *", "Asia/Tokyo")
    assert (found["timingId"], len(found["slots"])) == ("daily-9am-asia-tokyo", 5)
    by_name = {one["target"]: one for one in found["targets"]}
    assert by_name["systemd"]["exactness"] == "exact"
    assert by_name["launchd"]["exactness"] == "guarded"
    assert by_name["launchd"]["extraPerDay"] > 0
    assert by_name["systemd"]["bytes"] > 100


def test_the_size_is_that_of_the_files_that_compile_writes(ncp: Ncp) -> None:
    found = ncp("schedule", "explain", "0 9 * * *", "--json").json
    for one in found["targets"]:
        files = ncp("compile", "0 9 * * *", "-t", one["target"], "--json").json["files"]
        encoding = "utf-16" if one["target"] == "schtasks" else "utf-8"
        assert one["bytes"] == sum(len(file["text"].encode(encoding)) for file in files)


def test_a_task_and_its_timing_are_explained_alike(ncp: Ncp) -> None:
    ncp.create("0 9 * * *", name="hourly backup")
    by_task = ncp("schedule", "explain", "hourly backup").out
    assert by_task == ncp("schedule", "explain", "daily-9am").out
    assert by_task.startswith("Runs at 9:00 AM, every day")


def test_a_one_off_is_explained_by_its_instant(ncp: Ncp) -> None:
    said = ncp("schedule", "explain", "2099-12-24T08:30Z").out
    assert said.startswith("Runs once, on Thursday 24 December 2099 at 9:30 AM")
    assert "Canonical  2099-12-24T08:30Z" in said


def test_a_target_that_refuses_says_why_and_the_others_go_on(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCP_HOME", "/x" + "/x" * 500)
    found = {
        one["target"]: one
        for one in ncp("schedule", "explain", "* * * * *", "--json").json["targets"]
    }
    assert "crontab line" in found["cron"]["error"]
    assert found["launchd"]["exactness"] == "exact"
    assert "crontab line" in ncp("schedule", "explain", "* * * * *").out


def test_words_that_mean_nothing_are_refused(ncp: Ncp) -> None:
    said = ncp("schedule", "explain", "whenever you like")
    assert (said.code, said.out) == (2, "")


def test_what_was_assumed_is_said(ncp: Ncp) -> None:
    said = ncp("schedule", "explain", "every monday", "--json")
    assert said.json["cron"] == "0 9 * * 1"
    assert said.err.startswith("Note: ")


def test_an_interval_is_explained_with_what_it_counts_from(ncp: Ncp) -> None:
    said = ncp("schedule", "explain", "every 90 minutes")
    assert said.out.startswith("Runs every 90 minutes, counted from ")
    assert "\nCanonical  * * * * *\nInterval   every 90 minutes from 20" in said.out
    assert "Counted from now; comes first on " in said.err

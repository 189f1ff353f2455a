"""A slice of the campaigns over random expressions and crontabs, and the everyday ones."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

import campaigns
import crontabs
import hearings
import rubbish
from hosts import HOSTS
from ncp.errors import PhraseError


def test_random_expressions_are_woken_for_on_every_target() -> None:
    count = 500 if os.environ.get("CI") == "true" else 60
    tally = campaigns.expressions(seed=12, count=count)
    assert tally.complaints == []
    assert sum(tally.counts.values()) == count * len(HOSTS)


def test_no_sentence_is_read_as_what_a_second_reader_denies() -> None:
    """`scripts/campaign phrases` reads 20 000."""
    count = 1000 if os.environ.get("CI") == "true" else 120
    tally = hearings.campaign(campaigns.Tally(), seed=5, count=count)
    assert tally.complaints == []
    assert tally.counts["sentences read"] > 0.95 * count
    assert tally.counts["damaged ones read"] > 0.03 * count
    assert tally.counts["proposals"] > 0.05 * count


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("every monday at 8 in the evening", "daily at 8am"),
        ("weekdays at 9am in june", "weekdays at 9am in july"),
        ("every monday at 9am and friday", "every monday at 9am"),
        ("every day at 5pm", "every day at 5am"),
        ("mondays nicht at 9am", "mondays at 9am"),
        ("next friday at 9am", "next monday at 9am"),
    ],
)
def test_the_second_reader_tells_a_wrong_reading(text: str, read: str) -> None:
    phrase = hearings.heard(read)
    assert not isinstance(phrase, PhraseError)
    assert hearings.dishonoured(text, phrase)


def test_the_table_of_everyday_expressions_is_what_the_program_says() -> None:
    """`scripts/campaign everyday` writes it."""
    table = campaigns.everyday()
    assert table in (Path(__file__).parent.parent / "docs" / "targets.md").read_text()
    shares = [float(share) for share in re.findall(r"([\d.]+)%", table)]
    assert len(shares) == len(HOSTS)
    assert min(shares) >= 95


def test_random_lines_of_a_crontab_are_accepted_and_refused_as_by_the_real_cron(
    tmp_path: Path,
) -> None:
    good = tmp_path / "good"
    good.write_text("@daily true\n")
    try:
        subprocess.run(["crontab", "-n", str(good)], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("needs a crontab that checks a file (-n): Debian package cron")
    count = 1500 if os.environ.get("CI") == "true" else 150
    tally = crontabs.campaign(campaigns.Tally(), seed=11, count=count)
    assert tally.complaints == []
    assert tally.counts["accepted"] > count / 10
    assert tally.counts["refused"] > count / 10


def test_random_files_are_taken_or_refused_in_words_by_every_reader() -> None:
    tally = rubbish.campaign(campaigns.Tally(), seed=32, count=100)
    assert tally.complaints == []
    for name in rubbish.READERS:
        assert tally.counts[f"{name} refused"] + tally.counts[f"{name} taken"] == 100

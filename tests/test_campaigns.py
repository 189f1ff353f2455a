"""A slice of the campaigns over random expressions and crontabs, and the everyday ones."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

import campaigns
import crontabs


def test_random_expressions_are_woken_for_on_every_target() -> None:
    count = 500 if os.environ.get("CI") == "true" else 60
    tally = campaigns.expressions(seed=12, count=count)
    assert tally.complaints == []
    assert sum(tally.counts.values()) == count * len(campaigns.HOSTS)


def test_the_table_of_everyday_expressions_is_what_the_program_says() -> None:
    """`scripts/campaign everyday` writes it."""
    table = campaigns.everyday()
    assert table in (Path(__file__).parent.parent / "docs" / "targets.md").read_text()
    shares = [float(share) for share in re.findall(r"([\d.]+)%", table)]
    assert len(shares) == len(campaigns.HOSTS)
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

"""A slice of the campaign over random expressions, and the corpus of everyday ones."""

from __future__ import annotations

import os
import re
from pathlib import Path

import campaigns


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

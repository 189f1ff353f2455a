"""A slice of the campaign over random expressions; `scripts/campaign` runs it whole."""

from __future__ import annotations

import os

import campaigns


def test_random_expressions_are_woken_for_on_every_target() -> None:
    count = 500 if os.environ.get("CI") == "true" else 60
    tally = campaigns.expressions(seed=12, count=count)
    assert tally.complaints == []
    assert sum(tally.counts.values()) == count * len(campaigns.HOSTS)

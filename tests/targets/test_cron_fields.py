from __future__ import annotations

import pytest
from crontab import CronTab
from hypothesis import given
from hypothesis import strategies as st

from ncp.targets.cron import fields

NUMBERS = st.integers(0, 70).map(str)
PARTS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["*", "", "1", "5", "0", "mon"]) | NUMBERS,
    st.sampled_from(["", "", "", "-5", "-61", "-x"]) | NUMBERS.map("-{}".format),
    st.sampled_from(["", "", "", "/2", "/0", "/x"]) | NUMBERS.map("/{}".format),
)
WORDS = PARTS | st.lists(PARTS, min_size=1, max_size=3).map(",".join)


@given(st.sampled_from(range(5)), WORDS)
def test_what_is_taken_for_plain_is_good_to_python_crontab(place: int, word: str) -> None:
    words = ["*"] * 5
    words[place] = word
    times = " ".join(words)
    if fields.are_plain(f"{times} true"):
        (job,) = CronTab(tab=f"{times} true\n")
        assert job.is_valid()
        assert job.enabled


@pytest.mark.parametrize(
    ("times", "plain"),
    [
        ("* * * * *", True),
        ("0,30 9-17 1 1-12/2 1-5", True),
        ("59 23 31 12 6", True),
        ("*/15 */6 */2 * 0", True),
        ("60 0 1 1 0", False),
        ("0 24 * * *", False),
        ("0 0 0 * *", False),
        ("0 0 * 13 *", False),
        ("0 0 * * 7", False),  # good, but not to every cron
        ("5/15 * * * *", False),
        ("30-10 * * * *", False),
        ("*/0 * * * *", False),
        ("*/60 * * * *", False),
        ("* * * * mon", False),
        ("@daily", False),
        ("0 9 * *", False),
        ("0, 9 * * *", False),
    ],
)
def test_times_that_take_a_closer_look(times: str, plain: bool) -> None:
    assert fields.are_plain(times) is plain

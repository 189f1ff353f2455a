"""Comments that explain the columns of a crontab: they are no name of a job."""

from __future__ import annotations

import re

COLUMNS = (
    ("m", "min", "mins", "minute", "minutes", "mm", "mi"),
    ("h", "hr", "hour", "hours", "hh"),
    ("dom", "day", "days", "dd", "mday", "day-of-month", "dayofmonth", "day_of_month"),
    ("mon", "month", "months", "mo", "mt"),
    ("dow", "week", "weekday", "wd", "wday", "day-of-week", "dayofweek", "day_of_week"),
    ("command", "cmd", "commands", "task", "job"),
    ("user", "user-name", "username"),
)
"""What people call each column."""
_ROLES = {word: role for role, words in enumerate(COLUMNS) for word in words}
_FILLERS = {"of", "the", "to", "be", "run", "executed", "execute"}
_WORD = re.compile(r"[a-z][a-z_-]*|[0-9]+")
_SPAN = re.compile(r"(?P<word>[a-z][a-z -]*?)\s*\(?\s*[01] ?- ?(59|23|31|12|6|7)\b")
LEAST = 3
MOST_SIGNS = 200
"""A heading is a short line."""


def is_heading(text: str) -> bool:
    """Tell whether a comment names the columns, or explains one: `minute (0 - 59)`."""
    text = text[:MOST_SIGNS].lower()
    span = _SPAN.search(text)
    if span is not None and any(word in _ROLES for word in _WORD.findall(span["word"])):
        return True
    words = [word for word in _WORD.findall(text) if word not in _FILLERS]
    roles = {_ROLES[word] for word in words if word in _ROLES}
    named = sum(word in _ROLES for word in words)
    return len(roles) > LEAST and 4 * named >= 3 * len(words)


def names_a_user(text: str) -> bool:
    """Tell whether a heading has a column for the user, as /etc/crontab does."""
    words = _WORD.findall(text[:MOST_SIGNS].lower())
    return is_heading(text) and any(word in COLUMNS[-1] for word in words)

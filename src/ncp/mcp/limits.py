"""How much a server may say: bytes of a message, values in it, tools and pieces of content."""

from __future__ import annotations

import re

from ncp.errors import McpError

LONGEST_MESSAGE = 64 * 1024 * 1024
"""How many bytes one message of a server may have, and all pages of a list together."""
MOST_VALUES = 500_000
"""How many objects and lists one message may have: each takes 200 bytes and more of memory."""
MOST_BLOCKS = 10_000
"""How many pieces of content an answer may have."""
MOST_TOOLS = 10_000
MOST_PAGES = 1000
"""How many pages a list of tools may have."""
LESS = "Have it answer with less, for example by its parameters."
_STRING = re.compile(rb'"(?:[^"\\\\]++|\\\\.)*+"', re.DOTALL)


def too_long() -> McpError:
    """Say that a message has more than LONGEST_MESSAGE bytes."""
    size = LONGEST_MESSAGE // (1024 * 1024)
    return McpError(f"Its answer is longer than {size} MB.", next_step=LESS)


def too_many(what: str, most: int) -> McpError:
    """Say that a message has more of something than it may."""
    return McpError(f"Its answer has more than {most} {what}.", next_step=LESS)


def has_too_many_values(message: bytes) -> bool:
    """Tell whether a message of JSON has more than MOST_VALUES objects and lists."""
    if _opened(message) <= MOST_VALUES:
        return False
    # Most of them may stand in texts.
    return _opened(_STRING.sub(b"", message)) > MOST_VALUES


def _opened(message: bytes) -> int:
    return message.count(b"{") + message.count(b"[")

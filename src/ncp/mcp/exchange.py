"""One exchange with a server: how it is spoken to, what it offers, what a call has led to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ncp.mcp.veil import Veil

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ncp.errors import McpError

START_SECONDS = 120.0
"""How long a server may take to answer for the first time: `npx` may have to fetch it."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as its server describes it; `input_schema` is JSON Schema."""

    name: str
    description: str
    input_schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What a call has led to: blocks of content as the protocol has them, and structured content.

    Where `failed`, the server says that the tool has failed, and the content says why.
    """

    content: tuple[Mapping[str, Any], ...] = ()
    structured: Any = None
    failed: bool = False

    @property
    def text(self) -> str:
        """All text of it."""
        texts = [str(block["text"]) for block in self.content if block.get("type") == "text"]
        return "\n".join(texts)


def _unheard(_said: bytes) -> None:
    """Keep nothing of what a server says on standard error."""


@dataclass(slots=True)
class Exchange:
    """How a server is spoken to: variables, headers and folder, with secrets resolved.

    `hear` takes what it says on standard error, `seconds` is how long it may take to answer first.
    """

    env: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    folder: str | None = None
    hear: Callable[[bytes], None] = _unheard
    seconds: float = START_SECONDS
    veil: Veil = field(default_factory=Veil)
    """Hides the secrets that it was given in what it says."""
    awaited: str = "its start"
    """What is being waited for, for who gives it up."""
    rubbish: str = ""
    """The first that it has printed and that was no message."""
    received: int = 0
    """How many bytes of messages have come."""
    fault: McpError | None = None
    """What has made the connection useless, where that is known."""

"""Why a phrase is refused, and what might mend it. `parse` turns it into a PhraseError."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818  never leaves the package
    """A sentence that names the offending words.

    `span` is their place in the tidy text and `fixes` what could stand there
    instead; `instead` are whole phrases. All of them are tried before they are
    shown, and compared with what was said, so they may be guesses. `advice` is
    shown where none of them holds.
    """

    def __init__(
        self,
        what: str,
        *,
        span: tuple[int, int] = (0, 0),
        fixes: tuple[str, ...] = (),
        instead: tuple[str, ...] = (),
        advice: str = "",
    ) -> None:
        super().__init__(what)
        self.what = what
        self.span = span
        self.fixes = fixes
        self.instead = instead
        self.advice = advice

"""A cursor over the tokens of a phrase. Looking back is a mark, going back an assignment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

from ncp.cron.phrases import words
from ncp.cron.phrases.refusal import Refusal
from ncp.cron.phrases.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ncp.cron.phrases.tokens import Token

T = TypeVar("T")
_TEN, _HOUR_DIGITS = 10, 2


class Reader:
    """Reads a tidy text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = 0

    @property
    def done(self) -> bool:
        """Whether everything has been read."""
        return self.peek().kind == "end"

    def peek(self, ahead: int = 0) -> Token:
        """Look at a coming token; past the end it is the end."""
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def take(self, *texts: str) -> bool:
        """Read the next token if it is one of these."""
        if self.peek().text not in texts:
            return False
        self.at += 1
        return True

    def take_all(self, *texts: str) -> bool:
        """Read these tokens if all of them come next."""
        if any(self.peek(ahead).text != text for ahead, text in enumerate(texts)):
            return False
        self.at += len(texts)
        return True

    def look_up(self, table: Mapping[str, T]) -> T | None:
        """Read the next token if the table knows it."""
        value = table.get(self.peek().text)
        if value is not None:
            self.at += 1
        return value

    def number(self) -> int | None:
        """Read a number in digits or as a word."""
        if self.peek().kind == "number":
            self.at += 1
            return int(self.peek(-1).text)
        tens = self.peek().text in words.TENS
        number = self.look_up(words.NUMBERS)
        return number if number is None or not tens else number + self._ones(words.NUMBERS)

    def rank(self) -> int | None:
        """Read `first`, `twenty-first`, `last` (LAST_DAY)."""
        tens, mark = words.TENS.get(self.peek().text), self.at
        if tens is None:
            return self.look_up(words.ORDINALS)
        self.at += 1
        ones = self._ones(words.ORDINALS)
        if not ones:
            self.at = mark
        return tens + ones if ones else None

    def _ones(self, table: dict[str, int]) -> int:
        """Read what follows tens: the five of "twenty-five"; 0 where nothing does."""
        mark = self.at
        self.take("-")
        ones = self.look_up(table)
        if ones is not None and ones < _TEN:
            return ones
        self.at = mark
        return 0

    def listed(self, item: Callable[[Reader], T | None], *, loose: bool = False) -> list[T]:
        """Read items separated by commas and "and"; what follows the last one stays.

        With `loose`, blanks alone separate too.
        """
        found: list[T] = []
        while True:
            mark = self.at
            separated = not found or self.separators() or loose
            value = item(self) if separated else None
            if value is None:
                self.at = mark
                return found
            found.append(value)

    def separators(self) -> bool:
        """Read what stands between the items of a list."""
        mark = self.at
        while self.take(",", "and", "&", "/"):
            pass
        return self.at > mark

    def span(self, mark: int) -> tuple[int, int]:
        """Find the place in the text of what was read since a mark."""
        return self.tokens[mark].start, self.tokens[max(self.at - 1, mark)].end

    def since(self, mark: int) -> str:
        """Show what was read since a mark."""
        start, end = self.span(mark)
        return self.text[start:end]

    def refuse(self, mark: int, why: str, *fixes: str, advice: str = "") -> NoReturn:
        """Refuse what was read since a mark, at least one token."""
        what = f'"{self.since(mark)}" {why}.'
        raise Refusal(what, span=self.span(mark), fixes=fixes, advice=advice)

    def stuck(self) -> NoReturn:
        """Refuse the next token, which nothing can begin with."""
        token = self.peek()
        if token.kind == "end":
            raise Refusal(f'The phrase ends too early, after "{self.peek(-1).text}".')
        mark, self.at = self.at, self.at + 1
        if token.text in words.UNSAYABLE:
            why, fixes = words.UNSAYABLE[token.text]
            self.refuse(mark, why, *fixes)
        if token.kind == "word" and token.text not in words.VOCABULARY:
            self.refuse(mark, "is not a word ncp knows")
        announced = [f"{word} {token.text}" for word in ("every", "in", "at")]
        if token.kind == "number" and len(token.text) > _HOUR_DIGITS:
            del announced[2]  # "december 2030" is a year
        if token.kind in {"other", "sign"} or token.text == self.tokens[mark - 1].text:
            announced.append("")
        self.refuse(mark, "does not fit here", *announced)

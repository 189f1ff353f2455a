"""What others have written, on its way to a terminal: what would command it is made visible.

Escape sequences write clipboards and titles, carriage returns and backspaces overwrite
what is read, and bidi controls reorder it (Unicode TR 36, section 3.6).
"""

from __future__ import annotations

import codecs
import re

TAGS = range(0xE0000, 0xE0080)
COMMANDING = frozenset(
    {
        *(code for code in range(0x20) if chr(code) not in "\t\n"),
        *range(0x7F, 0xA0),
        *(0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFFF9, 0xFFFC),
        *TAGS,
    }
)
"""C0 but tab and newline, DEL, C1, line separators, bidi controls, what has no width, and tags.

The joiners of emoji and of scripts stay, as do the private glyphs of fonts.
"""
SHOWN = {code: chr(code).encode("unicode_escape").decode() for code in COMMANDING}
IN_JSON = {
    code: "".join(f"\\u{unit:04x}" for unit in memoryview(chr(code).encode("utf-16-le")).cast("H"))
    for code in COMMANDING
}
_ITEM = r"(?:[34]8[;:](?:5[;:]\d{1,3}|2[;:]{1,2}(?:\d{1,3}[;:]){2}\d{1,3})|0?[0-7]|4:[0-5]|9|2[1-79]|[34][0-79]|9[0-7]|10[0-7])?"  # noqa: E501  one table
COLOUR = re.compile(rf"\x1b\[{_ITEM}(?:;{_ITEM})*m")
"""Colours and weights (ECMA-48, SGR), without 8, which hides."""
_BEGUN = re.compile(r"(?:\x1b(?:\[[\d;:]{0,64})?|\r+)\Z")
"""What may become a colour, or the end of a line, with the next piece."""
RESET = "\x1b[0m"


def harmless(text: str) -> str:
    """Show what would command a terminal as escapes; tabs and line ends stay."""
    return re.sub(r"\r+\n", "\n", text).translate(SHOWN)


def harmless_json(text: str) -> str:
    """Write the same characters as JSON escapes, so that it stays the same JSON."""
    return text.translate(IN_JSON)


class Passer:
    """Passes on pieces of what was printed; bytes that are no UTF-8 are replaced."""

    def __init__(self, *, colours: bool) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._colours, self._coloured, self._held = colours, False, ""

    def __call__(self, data: bytes, *, last: bool = False) -> str:
        """Take the next piece; the last one ends with the colours that the terminal had before."""
        text = self._held + self._decoder.decode(data, last)
        begun = None if last else _BEGUN.search(text)
        self._held = "" if begun is None else begun.group()
        shown = self._shown(text.removesuffix(self._held))
        return shown + (RESET if last and self._coloured else "")

    def _shown(self, text: str) -> str:
        if not self._colours:
            return harmless(text)
        parts, start = [], 0
        for found in COLOUR.finditer(text):
            parts += [harmless(text[start : found.start()]), found.group()]
            start = found.end()
        self._coloured = self._coloured or bool(parts)
        return "".join([*parts, harmless(text[start:])])

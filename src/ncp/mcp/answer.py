"""What a tool has answered, as a task prints and keeps it.

Text is printed. What is no text goes into files, each named in a line of its own; text that is
too long to be printed whole goes into one as well.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ncp.mcp.exchange import Result

MOST_PRINTED = 1024 * 1024
"""How many bytes of one text are printed; a longer one is in a file as a whole."""
ENDINGS = {"text/plain": ".txt", "audio/wav": ".wav", "image/jpeg": ".jpg", "image/webp": ".webp"}
"""Where the system's table is silent or has several."""


class Answer:
    """Gives a result away: printed by `write`, files into `folder` (made when the first comes).

    Without a folder nothing is kept. `lost` says why something could not be.
    """

    def __init__(self, write: Callable[[bytes], None], folder: str = "") -> None:
        self._write, self._folder = write, folder
        self._count = 0
        self.lost = ""

    def give(self, result: Result) -> None:
        """Print and keep all of it."""
        for block in result.content:
            GIVEN.get(str(block.get("type")), Answer._unknown)(self, block)
        if result.structured is not None:
            data = json.dumps(result.structured, ensure_ascii=False, indent=2).encode(
                errors="backslashreplace"
            )
            self._keep("structured.json", data + b"\n")
            if not result.content:
                self._print(data)

    def _text(self, block: Mapping[str, Any]) -> None:
        data = str(block["text"]).encode(errors="backslashreplace")
        if len(data) <= MOST_PRINTED:
            self._print(data)
            return
        self._print(data[:MOST_PRINTED])
        self._file("text/plain", data)

    def _media(self, block: Mapping[str, Any]) -> None:
        self._encoded(str(block.get("mimeType", "")), str(block["data"]))

    def _resource(self, block: Mapping[str, Any]) -> None:
        found = block["resource"]
        kind, about = str(found.get("mimeType") or ""), str(found.get("uri", ""))
        if "blob" in found:
            self._encoded(kind, str(found["blob"]), about)
        else:
            data = str(found.get("text", "")).encode(errors="backslashreplace")
            self._file(kind or "text/plain", data, about)

    def _link(self, block: Mapping[str, Any]) -> None:
        self._print(f"[{block.get('name', 'link')}: {block.get('uri', '')}]".encode())

    def _unknown(self, block: Mapping[str, Any]) -> None:
        self._print(json.dumps(block).encode())

    def _encoded(self, kind: str, text: str, about: str = "") -> None:
        try:
            data = b64decode(text)
        except ValueError:
            self._print(f"[{kind or about}: it is not the base64 that it should be]".encode())
        else:
            self._file(kind, data, about)

    def _file(self, kind: str, data: bytes, about: str = "") -> None:
        """Keep a piece as a file of its own, and say where."""
        self._count += 1
        kept = self._keep(f"{self._count}{_ending(kind, about)}", data)
        words = ", ".join(filter(None, (about, kind, f"{len(data)} bytes")))
        self._print(f"[{words}: {kept}]".encode(errors="backslashreplace"))

    def _keep(self, name: str, data: bytes) -> str:
        if not self._folder:
            return "not kept"
        path = f"{self._folder}/{name}"
        try:
            os.makedirs(self._folder, 0o700, exist_ok=True)  # noqa: PTH103  it may be no text
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(file, "wb") as out:  # noqa: PTH123  same
                out.write(data)
        except OSError as error:
            self.lost = error.strerror or str(error)
            return f"not kept ({self.lost})"
        return path

    def _print(self, data: bytes) -> None:
        self._write(data if data.endswith(b"\n") else data + b"\n")


def _ending(kind: str, about: str) -> str:
    """Choose how the name of a file ends: as its address does, else by its kind."""
    suffix = os.path.splitext(about.partition("?")[0])[1]  # noqa: PTH122  it is an address
    if 1 < len(suffix) <= 10 and suffix[1:].isalnum():
        return suffix
    if kind in ENDINGS:
        return ENDINGS[kind]
    from mimetypes import guess_extension  # noqa: PLC0415  few answers have files

    return guess_extension(kind) or ".bin"


GIVEN: dict[str, Callable[[Answer, Mapping[str, Any]], None]] = {
    "text": Answer._text,  # noqa: SLF001  its own table
    "image": Answer._media,  # noqa: SLF001  same
    "audio": Answer._media,  # noqa: SLF001  same
    "resource": Answer._resource,  # noqa: SLF001  same
    "resource_link": Answer._link,  # noqa: SLF001  same
}

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from ledgers import FIRE, once, rows, save, shell
from ncp.api import printed
from ncp.runner import kept
from ncp.runner.kept import Kept

MEBIBYTE = 1024 * 1024
PEAK = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
print(os.wait4(pid, 0)[2].ru_maxrss)
"""
"""Runs a program and prints its peak memory: from a small process, whose own would count too."""


def of_stream(path: Path, stream: str) -> bytes:
    return b"".join(data for whose, data in printed.pieces(path) if whose == stream)


def keep(path: Path, limit: int, *pieces: tuple[str, bytes]) -> int:
    file = Kept(str(path), limit)
    for stream, data in pieces:
        file.write(stream, data)
    return file.close()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", b""),
        (b"a", b"1+a\n"),
        (b"a\n", b"1 a\n"),
        (b"\n\n", b"1 \n1 \n"),
        (b"a\nb\0\xff", b"1 a\n1+b\0\xff\n"),
    ],
)
def test_each_line_says_whose_it_is(data: bytes, text: bytes) -> None:
    assert kept.encoded("STDOUT", data) == text


@pytest.mark.parametrize("seed", range(20))
def test_what_is_kept_is_the_start_and_the_end_of_what_came(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    words = [b"a", b"\n", b"bc\n", b"\xff\0", b"1+", b"\n2+"]
    pieces = [
        (dice.choice(["STDOUT", "STDERR"]), b"".join(dice.choices(words, k=dice.randrange(1, 200))))
        for _ in range(dice.randrange(1, 60))
    ]
    path, limit = tmp_path / "x" / "y", dice.choice([1024, 4096, 16384])
    dropped = keep(path, limit, *pieces)
    total = 0
    for stream, whole in (("stdout", "STDOUT"), ("stderr", "STDERR")):
        came = b"".join(data for name, data in pieces if name == whole)
        got = of_stream(path, stream)
        total += len(came) - len(got)
        same = next((n for n in range(len(got)) if got[n] != came[n]), len(got))
        assert came.endswith(got[same:])
    assert dropped == total
    assert (b"dropped" in of_stream(path, "ncp")) == (dropped > 0)
    assert path.stat().st_size < 3 * limit + 64


def test_one_endless_line_is_cut_in_its_middle(tmp_path: Path) -> None:
    pieces = [("STDOUT", bytes([65 + n % 26]) * 100) for n in range(300)]
    dropped = keep(tmp_path / "x" / "y", 2048, *pieces)
    got = of_stream(tmp_path / "x" / "y", "stdout")
    assert len(got) + dropped == 30_000
    assert got.startswith(b"A" * 100) and got.endswith(b"N" * 100)  # noqa: PT018  one fact


def test_a_piece_larger_than_the_tail_leaves_its_end(tmp_path: Path) -> None:
    lines = b"".join(b"%06d\n" % n for n in range(20_000))
    keep(tmp_path / "x" / "y", 2048, ("STDOUT", lines[:65536]), ("STDOUT", lines[65536:]))
    assert of_stream(tmp_path / "x" / "y", "stdout").endswith(b"019998\n019999\n")


def test_the_broken_lines_of_a_killed_runner_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"1 a\nrest of a line\n\n2 b\n")
    assert list(printed.pieces(tmp_path / "x")) == [("stdout", b"a\n"), ("stderr", b"b\n")]
    assert list(printed.pieces(tmp_path / "nowhere")) == []


def test_a_quarter_of_a_gibibyte_needs_little_memory_and_leaves_little(tmp_path: Path) -> None:
    size = 256 * MEBIBYTE
    book = save(tmp_path, once(), shell("x", f"head -c {size} /dev/zero; echo; echo end"))
    words = [*FIRE, str(tmp_path), "t"]
    done = subprocess.run([*FIRE[:-1], "-c", PEAK, *words], capture_output=True, check=True)
    (row,) = rows(book, "x")
    assert row["status"] == "success"
    assert of_stream(Path(str(row["outputPath"])), "stdout").endswith(b"\0\nend\n")
    assert Path(str(row["outputPath"])).stat().st_size < 11 * MEBIBYTE
    assert int(done.stdout) < 64 * 1024  # KiB

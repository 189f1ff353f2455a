"""What the launcher runs for `_timing-run`: `python -I -S fire.py HOME TIMING-ID`."""

import gc
import os
import sys


def import_sqlite() -> None:
    """Import `_sqlite3` without `functools`, of which it takes only `lru_cache`.

    That is a function in C behind a wrapper in Python, whose module brings
    `collections` and more along: a sixth of the time that one task takes.
    """
    if "functools" in sys.modules:
        return
    try:
        from _functools import _lru_cache_wrapper as cached  # type: ignore[import-not-found]  # noqa: PLC0415  what `functools` does
    except ImportError:
        return
    stand_in = type(sys)("functools")
    vars(stand_in)["lru_cache"] = lambda size: lambda call: cached(call, size, False, tuple)  # noqa: FBT003  as `functools` writes it
    sys.modules["functools"] = stand_in
    try:
        import _sqlite3  # noqa: F401, PLC0415  only now
    finally:
        del sys.modules["functools"]


if __name__ == "__main__":
    sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    gc.disable()  # what is imported stays: nothing of it is worth looking through
    import_sqlite()
    from ncp.runner import fire

    gc.freeze()
    gc.enable()
    fire(sys.argv[1], sys.argv[2])

"""What SQLite says of a damaged or locked ledger, as an error of ncp's: for callers in Python."""

from __future__ import annotations

from _sqlite3 import DatabaseError, ProgrammingError
from functools import wraps
from inspect import isfunction
from typing import TYPE_CHECKING, TypeVar

from ncp.ledger.schema import told

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Concatenate, ParamSpec, Protocol

    from ncp.applying.site import Site

    class Opened(Protocol):
        """Something with an opened home."""

        site: Site

    P = ParamSpec("P")
    R = TypeVar("R")
    S = TypeVar("S", bound=Opened)
    C = TypeVar("C", bound=type[Opened])


def in_words(cls: C) -> C:
    """Have the public methods and properties of a class raise NcpError for its ledger."""
    known: dict[object, object] = {}  # a method may have two names
    for name, made in list(vars(cls).items()):
        if isfunction(made) and not name.startswith("_"):
            setattr(cls, name, known.setdefault(made, _worded(made)))
        elif isinstance(made, property) and made.fget is not None:
            setattr(cls, name, property(_worded(made.fget)))
    return cls


def _worded(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    @wraps(method)
    def worded(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(self, *args, **kwargs)
        except ProgrammingError:  # a defect, or a connection of another thread
            raise
        except DatabaseError as error:
            raise told(error, str(self.site.home.ledger)) from error

    return worded

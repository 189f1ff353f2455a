"""Templates to text. The only module that knows jinja2 and where templates live."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def templates_folder() -> Path:
    """Find the templates: inside the package (a wheel) or beside `src` (a checkout)."""
    package = Path(__file__).parent
    shipped = package / "templates"
    return shipped if shipped.is_dir() else package.parent.parent / "templates"


@cache
def _environment() -> Environment:
    from jinja2 import (  # noqa: PLC0415  11 ms, and most commands render nothing
        Environment,
        FileSystemLoader,
        StrictUndefined,
    )

    return Environment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        auto_reload=False,  # else each text looks at its template's file first
        autoescape=False,  # noqa: S701  each target escapes for its own format
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def prepare() -> None:
    """Load what `render` needs, where the time for it is better spent now."""
    _environment()


def render(template: str, **values: object) -> str:
    """Render the template of that file name; a missing value is an error."""
    return _environment().get_template(template).render(**values)

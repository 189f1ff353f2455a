"""`--tag` of the commands that take TASK|TIMING: it becomes a word `tag:X` in that place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.core import TyperOption

from ncp.cli import completing
from ncp.cli.options import TAG_HELP
from ncp.errors import InputError

if TYPE_CHECKING:
    import click
    from typer.core import TyperArgument


class Tagged(TyperOption):
    """The option beside an argument; it is read first, and the command knows nothing of it."""

    def __init__(self, argument: TyperArgument) -> None:
        self.argument = argument
        super().__init__(
            param_decls=["--tag"],
            metavar="WORD",
            multiple=True,
            expose_value=False,
            is_eager=True,
            help=TAG_HELP,
            autocompletion=_completed,
        )

    def handle_parse_result(
        self, ctx: click.Context, opts: Any, args: list[str]
    ) -> tuple[Any, list[str]]:
        """Put what was typed into the place of the argument, which is read after it."""
        words = opts.get(self.name or "") or ()
        name, several = self.argument.name or "", self.argument.nargs == -1
        before = opts.get(name) if isinstance(opts.get(name), str | tuple | list) else None
        if words and several:
            opts[name] = (*(before or ()), *(f"tag:{word}" for word in words))
        elif words:
            if before:
                raise InputError(
                    "It takes a task, a timing or a tag, not two of them.",
                    where=ctx.command_path,
                    next_step=f"Leave out {before}, or --tag.",
                )
            opts[name] = f"tag:{','.join(words)}"
        return super().handle_parse_result(ctx, opts, args)


def _completed(_: click.Context, __: list[str], incomplete: str) -> list[str]:
    """Complete a tag: typer gives an option that is made like this all that it knows."""
    return completing.tags(incomplete)

"""The command line: parsing, printing and exit codes; every deed is in the layers above."""

from ncp.cli.main import main

__all__ = ["main"]

"""The three standard streams of this process."""

from ncp.process import fill_streams as fill

__all__ = ["fill"]

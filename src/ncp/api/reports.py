"""What became of each item of an import, an apply or a migration: as rows, JSON and counts."""

from ncp.intake.items import OUTCOMES
from ncp.intake.reporting import HEADINGS, counts, reason, remarks, rows, tree

__all__ = ["HEADINGS", "OUTCOMES", "counts", "reason", "remarks", "rows", "tree"]

"""The language of schedules: expressions, calendar, names, phrases."""

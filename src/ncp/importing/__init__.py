"""Schedules that were made elsewhere: read, shown, and taken into a home.

`opening` gets the text, a reader of `readers` turns it into items without any
effect, `taking` puts those into the home, `reporting` says what became of each.
"""

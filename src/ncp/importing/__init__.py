"""Schedules that were made elsewhere: read, shown, and taken into a home.

A reader of `readers` turns a text into items without any effect, `deed` takes those
into the home, `commenting_out` stops the lines of a crontab that came over.
"""

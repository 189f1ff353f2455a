"""What importing, applying a file and migrating share: from something named to a report.

`opening` gets the text, `items` are what was found in it, `joining` finds the timing of
each, `reporting` says what became of each.
"""

"""Who gets how much of a round, and who pays which part of what it cost.

Values in, values out, in whole numbers throughout: no Django, no clock, no I/O.
"""

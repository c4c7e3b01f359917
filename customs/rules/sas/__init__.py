"""The messages of the bonded zone (INV and SAS): bonded lists, passes, and what customs answers.

No schema of them is public. The fields are those of systems that are at work with them, compared
with real answers of 2019 and 2024; where zones differ, a field may be left out. ``tables`` says
which there are, ``documents`` reads and writes, ``remarks`` holds what would come back.
"""

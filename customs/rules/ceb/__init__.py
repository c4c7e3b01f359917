"""The messages of cross-border e-commerce import (CEB), edition 2022-05.

``tables`` says which fields a message has, ``fields`` what may stand in one, ``reading`` takes
bytes apart and names every fault with its line, ``messages`` are the values that were read or are
to be written, ``remarks`` holds what the notes ask for beyond the form, and ``envelope`` is what a
message travels in. Nothing here opens a file or asks a database.
"""

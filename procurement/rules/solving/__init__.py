"""The plan of a round: what is ordered from whom, in how many packs, and how it is shipped.

Pure functions of frozen terms whose numbers are whole numbers: money in fen (or the minor
unit of an offer's currency), goods in units, packs, grams and cubic centimetres, rates in
millionths (``ppm``). A solver may use floats inside; whatever it answers is rounded and
evaluated again here in whole numbers, and that evaluation is what counts.
"""

"""What the authority answers: taken out of its messages, ranked, and put into words.

``told`` says what stands in a receipt and what it is about, ``standing`` how far the document is
when several receipts came in any order and any number of times, ``words`` what a code means to a
person, ``billing`` how a tax bill differs from what we worked out, ``parking`` what is wrong with a
file that is laid aside.
"""

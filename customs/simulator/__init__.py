"""An authority to practise with: it takes what a gateway sends, holds it against the official
rules, and answers as customs would, late, twice and out of order if it is told to.

It is not the product. It knows the product's files by their form only, keeps a small book of its
own beside the gateway's folders, and nothing of the product imports it.
"""

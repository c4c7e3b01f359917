"""What pooling is worth on real demand: rounds of past quarters, run by the rules of the house.

Nothing here touches the database. The demand is real or made up, and the report says which;
suppliers, packs, prices and freight are always made up, by ``mapping.toml``.
"""

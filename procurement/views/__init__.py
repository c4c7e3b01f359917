"""Procurement's pages: a seller's, an operator's, and those of the orders."""

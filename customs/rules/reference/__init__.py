"""Dated reference data: how files of it are read, and what they change of what is kept."""

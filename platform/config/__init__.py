"""Wires everything together and is imported by no one."""

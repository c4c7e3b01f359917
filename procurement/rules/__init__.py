"""What may be forecast, how a pool is ordered and who carries which part of it.

Values in, a decision or a DomainError out: no Django, no clock, no I/O.
"""

"""Reading what procurement knows; writes nothing."""

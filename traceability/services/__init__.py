"""What traceability does for the other apps."""

from traceability.services.recording import record

__all__ = ["record"]

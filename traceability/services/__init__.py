"""What traceability does for the other apps."""

from traceability.services.labelling import issue_identities, issue_labels, print_next_label_sheet
from traceability.services.recording import record, record_last
from traceability.services.scanning import ScanHistory, count_scan, scan_history

__all__ = [
    "ScanHistory",
    "count_scan",
    "issue_identities",
    "issue_labels",
    "print_next_label_sheet",
    "record",
    "record_last",
    "scan_history",
]

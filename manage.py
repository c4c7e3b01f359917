#!/usr/bin/env python
"""The management commands from a bare checkout: ``platform/`` is put on the path by hand."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
for folder in (ROOT / "platform", ROOT):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from config.cli import main  # noqa: E402  (the path comes first)

if __name__ == "__main__":
    sys.exit(main())

"""Only `make test-engines` runs these: it installs the engines, which nobody else needs."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("HAETAE_ENGINES") else ["test_*.py"]

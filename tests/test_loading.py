"""Libraries loaded quickly do what they did before, and what was put aside meanwhile is back."""

from __future__ import annotations

import subprocess
import sys

from assessments.process_limits import ROOT

LOADED = """
import ctypes.util, ssl, sys
from exports import loading
before = ctypes.util.find_library, ssl.create_default_context
with loading.quickly():
    import exports.document
    import exports.inspection
assert (ctypes.util.find_library, ssl.create_default_context) == before
from weasyprint.pdf import fonts
assert type(fonts.subset) is loading._Later and "fontTools.subset.cff" not in sys.modules
options = fonts.subset.Options(drop_tables=["GSUB"])
assert options.drop_tables == ["GSUB"] and type(sys.modules["fontTools.subset"]) is not loading._Later
try:
    fonts.instantiateVariableFont(None, {})
except TypeError as error:
    assert "NoneType" in str(error), error
"""


def test_what_is_seldom_used_is_read_when_it_is_used() -> None:
    ran = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr

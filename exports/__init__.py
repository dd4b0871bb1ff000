"""A record in, bytes out. The PDF library keeps its remarks to itself: what matters is raised, or told as a fact."""

import logging

for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

"""The sealed report that an archive copy is made of, as the copy names it: SealedOriginal."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.model import Json


@dataclass(frozen=True)
class SealedOriginal:
    sha256: str
    """Of the sealed file, to the byte."""
    fingerprint: str
    """SHA-256 of the certificate that sealed it."""
    sealed_at: str
    """As `record.stamp` writes it."""

    def to_json(self) -> Json:
        return {"sha256": self.sha256, "fingerprint": self.fingerprint, "sealed_at": self.sealed_at}

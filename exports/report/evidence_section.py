"""Evidence as the report lists it, with what the committee found of each piece: rows, ReviewedEvidence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from assessments.model import Assessment, Evidence, EvidenceMark, EvidenceReview


@dataclass(frozen=True)
class ReviewedEvidence:
    evidence: Evidence
    review: EvidenceReview | None
    """None: nobody marked it."""
    same_file: int
    """For how many items this very file is named."""

    @property
    def mark(self) -> EvidenceMark:
        return self.review.mark if self.review else EvidenceMark.NOT_LOOKED_AT


def rows(assessment: Assessment) -> tuple[ReviewedEvidence, ...]:
    """In the order of the record."""
    often = Counter(evidence.sha256 for evidence in assessment.evidence)
    marks = {review.evidence: review for review in assessment.evidence_reviews}
    return tuple(
        ReviewedEvidence(evidence, marks.get(evidence.id), often[evidence.sha256]) for evidence in assessment.evidence
    )

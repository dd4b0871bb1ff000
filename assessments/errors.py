"""The tree of errors; a class of its own only where a caller acts differently. Each says where, what and what to do."""

from __future__ import annotations

from questionnaires.texts import Told


class AssessmentError(Exception):
    """Something that was asked for cannot be done; its text is fit for a screen, in both languages."""

    def __init__(self, message: Told) -> None:
        """message: of a catalogue (texts.yaml)."""
        self.what = message.what
        self.remedy = message.remedy
        self.text = message.text
        super().__init__(self.text.en)


class NotAllowedError(AssessmentError):
    """This actor may not do this, or not to this object."""


class WrongStatusError(AssessmentError):
    """The step is not possible in this status."""


class IncompleteError(AssessmentError):
    """Something required is missing."""


class InvalidAnswerError(AssessmentError):
    """A value is not an answer to its question, or a text cannot be kept."""

    def __init__(self, message: Told, *, where: str = "") -> None:
        """where: the field by its name in a file, which no screen shows."""
        self.where = where
        super().__init__(message)


class StaleAssessmentError(AssessmentError):
    """Somebody else changed it in the meantime; nothing was written."""


class NotSavedError(AssessmentError):
    """Nothing could be saved now, though nothing is wrong with what was to be saved: full, busy, read-only, damaged."""


class NotFoundError(AssessmentError):
    """There is no such thing, or it is not this actor's to see."""


class AlteredFileError(AssessmentError):
    """A kept file no longer has its digest."""


class QuestionnaireChangedError(AssessmentError):
    """A pinned edition's file no longer has the pinned digest."""


class NewerDatabaseError(AssessmentError):
    """The database was written by a newer program."""


class EvidenceRefusedError(AssessmentError):
    """A file is too large, of a type that is not accepted, or over the quota."""


class RefusedError(AssessmentError):
    """A task in a process of its own says itself why it cannot be done."""


class RenderError(AssessmentError):
    """The report could not be rendered within its limits."""


class RecordFileError(AssessmentError):
    """A file holds no record that can be read."""


class RedactionError(AssessmentError):
    """A redacted copy cannot be made of this record."""


class KeyFileError(AssessmentError):
    """The signing key or certificate is missing or cannot be read."""


class SealRefusedError(AssessmentError):
    """The seal cannot be made at the level that the settings ask for."""

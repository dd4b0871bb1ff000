"""The error hierarchy; a separate class only where a caller acts differently. Each says where, what and what to do."""

from __future__ import annotations

from questionnaires.texts import Told


class AssessmentError(Exception):
    """A request cannot be carried out; its text can be shown on screen, in both languages."""

    def __init__(self, message: Told) -> None:
        """message: from a texts.yaml."""
        self.what = message.what
        self.remedy = message.remedy
        self.text = message.text
        super().__init__(self.text.en)


class NotAllowedError(AssessmentError):
    """The actor lacks permission, in general or for this object."""


class WrongStatusError(AssessmentError):
    """The step is not possible in this status."""


class IncompleteError(AssessmentError):
    """Something required is missing."""


class InvalidAnswerError(AssessmentError):
    """A value is not a valid answer to its question, or a text cannot be stored."""

    def __init__(self, message: Told, *, where: str = "") -> None:
        """where: the field's name in a file; not shown on screen."""
        self.where = where
        super().__init__(message)


class StaleAssessmentError(AssessmentError):
    """Somebody else changed it in the meantime; nothing was written."""


class AlreadyDoneError(AssessmentError):
    """The same was done before, by the same press."""


class NotSavedError(AssessmentError):
    """Saving failed although the input is valid: the storage is full, busy, read-only or damaged."""


class AwayError(NotSavedError):
    """The database is busy or cannot be reached; the same may be done a little later."""


class NotFoundError(AssessmentError):
    """The object does not exist, or the actor may not see it."""


class AlteredFileError(AssessmentError):
    """A stored file no longer matches its digest."""


class QuestionnaireChangedError(AssessmentError):
    """A pinned edition's file no longer matches the pinned digest."""


class NewerDatabaseError(AssessmentError):
    """The database was written by a newer version of the program."""


class EvidenceRefusedError(AssessmentError):
    """A file is too large, of a type that is not accepted, or over the quota."""


class RefusedError(AssessmentError):
    """A task in a separate process refused its input and says why."""


class RenderError(AssessmentError):
    """The report could not be rendered within its limits."""


class RecordFileError(AssessmentError):
    """A file contains no readable record."""


class RedactionError(AssessmentError):
    """A redacted copy cannot be made of this record."""


class KeyFileError(AssessmentError):
    """The signing key or certificate is missing or cannot be read."""


class SealRefusedError(AssessmentError):
    """The seal cannot be made at the level required by the settings."""

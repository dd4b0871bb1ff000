"""Decision logs that wait to be looked into or counted: hand_over, for the server; read, for whoever does it."""

from __future__ import annotations

from assessments.decision_log.intake import counting
from assessments.decision_log.intake.counting import Reading
from jobs import asking, places
from jobs.kinds import ReadLog
from jobs.work import Work


def hand_over(reading: Reading) -> None:
    """A run becomes a job, which lives through the end of its worker. Raises: AssessmentError."""
    parts = (reading.number, reading.assessment_id, reading.revision, reading.stage, reading.run)
    asking.ask(ReadLog(*parts, reading.request), None)


def read(work: Work, request: ReadLog) -> None:
    """What goes wrong with the log is told in its own row, as where it is read without a job."""
    work.tell("log")
    reading = Reading(
        request.number, request.assessment_id, request.revision, request.stage, request.run, request.request
    )
    counting.read(reading, work.goes_on, takes_turns=not places.is_elsewhere())
    work.end()

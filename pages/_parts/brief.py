"""What a committee wants to know before it reads: how much changed, is open, is asked for, and how the vote stands; each leads there."""

from __future__ import annotations

from assessments.derived import Findings
from assessments.model import OF_ONE, Actor, Assessment
from assessments.rules import voting
from assessments.rules.workflow import Standing
from pages._frame import shared
from pages._frame.shared import _
from pages._parts import differences, discussion, findings
from pages._parts.discussion import Talk


def show(assessment: Assessment, results: Findings, talk: Talk, actor: Actor) -> None:
    """In one line, so that it stands with the results at the head of the screen."""
    changes = differences.count(assessment, actor)
    settings = assessment.committee or OF_ONE
    named = assessment.decision.conditions if assessment.decision else voting.conditions(assessment.votes, settings, "")
    cells = [
        (_("Changes"), "–" if changes is None else str(changes), "#changes"),
        (_("Open comments"), str(discussion.open_count(talk)), "#open"),
        (findings.word("s_gaps"), str(len(results.gaps)), "#open"),
        (findings.word("conditions"), str(len(named)), "#votes" if assessment.votes else "#decision"),
    ]
    if Standing.of(assessment).is_voted_on:
        count = len(voting.counted(assessment.votes, settings))
        cells.append((findings.word("votes"), f"{count}/{settings.quorum}", "#votes"))
    shared.draw("parts/brief.html.j2", cells=cells)

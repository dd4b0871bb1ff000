"""What changed between two contents, each thing with both sides: show, since_submission."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from functools import partial
from itertools import takewhile
from typing import Any

from markupsafe import Markup

from assessments import viewing
from assessments.content.canonical import content, digest
from assessments.content.changes import ContentChange, Subject, compare
from assessments.details import details
from assessments.model import Actor, AISystem, Assessment, Json, Operator
from assessments.rules.findings import IMPACT
from assessments.storage.entries import Submission
from pages._frame import database, markup, screens, shared
from pages._frame.shared import _
from pages._parts import events, findings, gaps, impacts
from questionnaires import wording
from questionnaires.load import Edition
from questionnaires.schema import Questionnaire

AT_FIRST = 20
"""Number of changes shown before the rest is folded."""
LITTLE = 0.4
"""Share of words in common below which marking them would confuse."""
MOST_PAIRS = 1_000_000
"""Words of one side times words of the other, up to which they are compared one by one: 1,000 on each side."""
_WORDS = re.compile(r"\s*\S+|\s+")
"""Each with the space before it."""
_GROUPS = ("affected_direct", "affected_indirect", "affected_unintended")


def since_submission(
    assessment: Assessment,
    pinned: Mapping[str, Edition],
    actor: Actor,
    restored_at: Callable[[str, str], str] | None = None,
) -> None:
    """What is otherwise than when it was submitted last, or that nothing is; where nothing was submitted before, so it says.

    restored_at: name of the submission, place → address where its answer is put back.
    """
    earlier = None
    with shared.problems_shown(), database.reading() as session:
        earlier = viewing.submitted_before(session, actor, assessment)
    markup.show(markup.h2(_("What changed since it was last submitted"), id="changes"))
    if earlier is None:
        markup.show(markup.quiet(_("Nothing was submitted before: this is the first time.")))
        return
    link = markup.link(
        shared.address("revisions", assessment=assessment.id, old=address_of(earlier), new="now"),
        _("Compare revisions"),
    )
    markup.show(markup.joined((markup.quiet(named(earlier)), markup.paragraph(link))))
    at = partial(restored_at, address_of(earlier)) if restored_at else None
    show(compare(earlier.content, content(assessment)), assessment, pinned, at)


def count(assessment: Assessment, actor: Actor) -> int | None:
    """How many things are otherwise than when it was submitted last. None: nothing was submitted before, or it cannot be read."""
    with shared.problems_shown(), database.reading() as session:
        earlier = viewing.submitted_before(session, actor, assessment)
        return None if earlier is None else len(compare(earlier.content, content(assessment)))
    return None


def named(submission: Submission) -> str:
    """Which submission, by whom and when."""
    which = _("Revision {number}, submission {round}", number=submission.revision, round=max(submission.round, 1))
    who = f"{submission.by.name} · {shared.moment(submission.at)}" if submission.by else ""
    return " · ".join(part for part in (which, who) if part)


def address_of(submission: Submission) -> str:
    """How an address names a submission: `2.1`."""
    return f"{submission.revision}.{submission.round}"


def show(
    changes: Sequence[ContentChange],
    assessment: Assessment,
    pinned: Mapping[str, Edition],
    restored_at: Callable[[str], str] | None = None,
    *,
    sides: tuple[str, str] | None = None,
) -> None:
    """A row for each change, or that both are the same. restored_at: place → address where its old answer is put back.

    sides: names of two assessments that are compared; None: of one, before and after.
    """
    if not changes:
        same = _("Nothing changed: the content is the same, to the digest.")
        markup.show(markup.notice("good", _("There is no difference in what is compared.") if sides else same))
        return
    count = len(changes)
    changed = shared.many("{count} change", "{count} changes", count)
    apart = shared.many("{count} difference", "{count} differences", count)
    markup.show(markup.paragraph(apart if sides else changed))
    sides = sides or (_("before"), _("after"))
    rows = []
    for change in changes:
        what = _what(change, assessment, pinned)
        if restored_at is not None and change.subject is Subject.ANSWER:
            link = markup.link(restored_at(change.where), _("Restore the old answer"))
            what += markup.paragraph(link, "h-comment")
        rows.append((what, *_sides(change, assessment, pinned)))
    markup.show(_table(rows[:AT_FIRST], sides))
    if rest := rows[AT_FIRST:]:
        head = shared.many("{count} further change", "{count} further changes", len(rest))
        markup.show(markup.folded(head, _table(rest, sides)))


def _table(rows: Sequence[tuple[Markup, Markup, Markup]], sides: tuple[str, str]) -> Markup:
    return markup.table((_("What"), *sides), rows, kind="h-changes")


def _what(change: ContentChange, assessment: Assessment, pinned: Mapping[str, Edition]) -> Markup:
    """What it is about, as a link to its place where it has one."""
    name, where = change.where.partition("#")[0], ""
    match change.subject:
        case Subject.ANSWER:
            text, where = gaps.name_of(change.where, pinned) or change.where, change.where
        case Subject.OPERATOR | Subject.SYSTEM:
            detail = details(Operator if change.subject is Subject.OPERATOR else AISystem).get(name)
            label = findings.word(detail.label) if detail else _("Number of people kept apart")
            text = f"{findings.word(change.subject)}: {label}"
        case Subject.SCENARIO | Subject.MEASURE:
            side = change.after or change.before
            word = "scenario" if change.subject is Subject.SCENARIO else "measure"
            text, where = f"{findings.word(word)}: {_beginning(str(side['text']))}", change.subject
        case Subject.EVIDENCE:
            text = f"{findings.word('document')}: {(change.after or change.before)['title']}"
        case Subject.EXPLANATION:
            text = f"{_('Contradiction explained')}: {events.contradiction(name, pinned)}"
        case Subject.WITHHELD:
            text = _("Values marked for redacted copies")
        case Subject.EDITION:
            text = pinned[name].questionnaire.title[shared.language()] if name in pinned else name
        case Subject.LOG:
            text, where = screens.title_of("log", shared.language()), "log"
        case Subject.ORDER:
            text = f"{_('Order')}: {_list_name(name)}"
        case Subject.DOMAIN:
            text = findings.word("domain")
        case Subject.DAY:
            text = findings.word("assessed_on")
    address = gaps.place_of(where, assessment, pinned) if where and not change.is_gone else ""
    return markup.link(address, text) if address else markup.lines((text,))


def _list_name(name: str) -> str:
    return {
        "scenarios": _("Scenarios"),
        "measures": _("Measures"),
        "evidence": findings.word("s_evidence"),
    }.get(name, name)


def _beginning(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"


def _sides(change: ContentChange, assessment: Assessment, pinned: Mapping[str, Edition]) -> tuple[Markup, Markup]:
    """Both sides as text; of something with several parts those that differ."""
    if change.subject is Subject.ANSWER:
        question = events.question_of(change.where, pinned)
        old, new = (events.response_text(question, side) or _("no answer") for side in (change.before, change.after))
        return marked(old, new)
    before, after = (
        dict(_lines(change, side, assessment, pinned)) if side is not None else None
        for side in (change.before, change.after)
    )
    return _side(before, after), _side(after, before)


def _side(own: Mapping[str, str] | None, other: Mapping[str, str] | None) -> Markup:
    """The lines of one side that the other does not have."""
    if own is None:
        return markup.aside(_("not there"))
    lines = [(label, text) for label, text in own.items() if text and (other is None or other.get(label) != text)]
    if not lines:
        return markup.aside("–")
    if len(lines) == 1 and not lines[0][0]:
        return markup.free_text(lines[0][1])
    return markup.definitions(((label, markup.free_text(text)) for label, text in lines), "h-values")


def marked(old: str, new: str) -> tuple[Markup, Markup]:
    """Both texts whole, with the words marked that only one of them has; unmarked where they have little in common."""
    left, right = (_WORDS.findall(text) for text in (old, new))
    head = _same_at_first(left, right)
    tail = _same_at_first(left[head:][::-1], right[head:][::-1])
    inner_left, inner_right = (words[head : len(words) - tail] for words in (left, right))
    if len(inner_left) * len(inner_right) <= MOST_PAIRS:
        steps = SequenceMatcher(a=inner_left, b=inner_right, autojunk=False).get_opcodes()
    else:
        steps = [("replace", 0, len(inner_left), 0, len(inner_right))]
    in_common = head + tail + sum(j - i for what, i, j, _k, _m in steps if what == "equal")
    if in_common < LITTLE * max(len(left), len(right)):
        return markup.free_text(old), markup.free_text(new)
    begin, end = ("", "".join(left[:head])), ("", "".join(left[len(left) - tail :]))
    gone = [("" if what == "equal" else "del", "".join(inner_left[i:j])) for what, i, j, _k, _m in steps]
    came = [("" if what == "equal" else "ins", "".join(inner_right[k:m])) for what, _i, _j, k, m in steps]
    sides = ([begin, *gone, end], [begin, *came, end])
    before, after = (shared.render("parts/marked.html.j2", parts=parts) for parts in sides)
    return before, after


def _same_at_first(left: Sequence[str], right: Sequence[str]) -> int:
    return sum(1 for _both in takewhile(lambda both: both[0] == both[1], zip(left, right, strict=False)))


def _lines(
    change: ContentChange, side: Any, assessment: Assessment, pinned: Mapping[str, Edition]
) -> Iterator[tuple[str, str]]:
    """Label and text of each part of one side; one line without a label where it has no parts."""
    word, language = findings.word, shared.language()
    match change.subject:
        case Subject.SCENARIO:
            yield word("scenario"), side["text"]
            yield from ((word(name), side[name]) for name in _GROUPS)
            questionnaire = pinned[IMPACT].questionnaire if IMPACT in pinned else None
            for impact in side["impacts"]:
                yield impacts.right_name(questionnaire, impact["right"]), _impact(impact, questionnaire)
        case Subject.MEASURE:
            yield word("measure"), side["text"]
            yield word("kind"), word(f"kind_{side['kind']}")
            yield word("owner"), side["owner"]
            yield word("due"), wording.day(date.fromisoformat(side["due"]), language) if side["due"] else ""
            yield word("status"), word("measure_in_place" if side["is_in_place"] else "measure_planned")
            yield _("Scenarios it is for"), "\n".join(_scenario(assessment, name) for name in side["scenarios"])
        case Subject.EVIDENCE:
            yield word("document"), f"{side['title']} ({side['file_name']})"
            yield _("For"), gaps.name_of(side["question"] or f"claim.{side['part']}", pinned) or word("for_whole")
            yield "SHA-256", side["sha256"]
            for name, label in (("on", "dated"), ("expires_on", "expires")):
                yield word(label), wording.day(date.fromisoformat(side[name]), language) if side[name] else ""
        case Subject.EXPLANATION:
            yield "", side["text"]
        case Subject.WITHHELD:
            yield _("Reason"), side["reason"]
        case Subject.EDITION:
            yield "", side["version"]
        case Subject.LOG:
            source = side["analysis"]["source"]
            yield _("File"), source["name"]
            yield "SHA-256", source["sha256"]
            yield _("Rows counted"), f"{source['used']:,} / {source['total']:,}"
            yield findings.word("content_sha256"), digest(side)  # settings, figures and triggers, whichever differ
        case Subject.ORDER:
            yield "", "\n".join(f"{place}. {_entry(name, assessment)}" for place, name in enumerate(side, start=1))
        case Subject.DAY:
            yield "", wording.day(date.fromisoformat(side), language)
        case _:
            yield "", str(side)


def _entry(name: str, assessment: Assessment) -> str:
    """An entry of a list whose order changed, by what it says; its id where it is there no longer or has no words of its own."""
    texts = {scenario.id: scenario.text for scenario in assessment.scenarios}
    texts |= {measure.id: measure.text for measure in assessment.measures}
    texts |= {evidence.id: evidence.title for evidence in assessment.evidence}
    return _beginning(texts.get(name, name))


def _scenario(assessment: Assessment, name: str) -> str:
    """As the cards call it; of one that is there no longer its word alone."""
    is_there = any(scenario.id == name for scenario in assessment.scenarios)
    return impacts.named_scenario(assessment, name) if is_there else findings.word("scenario")


def _impact(impact: Json, questionnaire: Questionnaire | None) -> str:
    """Effect and the three judgments, one a line."""
    scales = questionnaire.method.impacts if questionnaire and questionnaire.method else None
    lines = [impact["effect"]]
    for name in ("before", "in_place", "target"):
        if (grading := impact[name]) and any(grading.values()) and scales:
            labels = (impacts.label(getattr(scales, scale), value) for scale, value in grading.items())
            lines.append(f"{findings.word(name)}: {' · '.join(labels)}")
    return "\n".join([*(line for line in lines if line), *([impact["reason"]] if impact["reason"] else [])])

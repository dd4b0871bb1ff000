"""Workbook and Markdown hold every fact of the record: each leaf of it is looked for in both, outside of what made them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from python_calamine import CalamineWorkbook

from assessments.decision_log.kept_log import KeptLog, Withdrawal
from assessments.decision_log.reading import account, naming
from assessments.decision_log.triggers import KINDS, Figure, Trigger, Triggers
from assessments.file import assessment_file
from assessments.model import EvidenceMark, EvidenceReview, Person, Response
from exports.forms import markdown, xlsx
from exports.forms.parts import parts as all_parts
from exports.record import record, redaction
from exports.record.record import NamedSeal, Record
from exports.report import reading
from exports.report.report import Report
from exports.words.labels import day, labels, moment
from questionnaires import wording
from questionnaires.named import DECREE
from questionnaires.schema import Question, QuestionType
from questionnaires.wording import SEOUL
from tests import report_samples as samples
from tests import test_second_scale_report
from tests.test_log_report import analysed

Path = tuple[str, ...]
LANGUAGES = ("ko", "en")


# --- what a form holds --------------------------------------------------------------------------------------------


@dataclass
class Held:
    """Everything that stands in one form. Columns and names of facts by their headings, all tables together."""

    is_book: bool
    texts: list[str]
    values: Counter[Any]
    columns: dict[str, Counter[Any]]

    @cached_property
    def all_text(self) -> str:
        return "\n".join(self.texts)


def plain(text: str) -> str:
    return " ".join(text.split())


def of_workbook(made: bytes) -> Held:
    book = CalamineWorkbook.from_filelike(BytesIO(made))
    texts: list[str] = []
    values: Counter[Any] = Counter()
    columns: dict[str, Counter[Any]] = defaultdict(Counter)
    for name in book.sheet_names:
        head, *rows = book.get_sheet_by_name(name).to_python()
        for row in rows:
            facts = row[:2] if len(head) == 2 else None
            for title, cell in zip(head, row, strict=True):
                value = plain(cell) if isinstance(cell, str) else cell
                columns[str(title)][value] += 1
                values[type(value).__name__, value] += 1
                if isinstance(value, str):
                    texts.append(value)
            if facts:
                columns[str(facts[0])][plain(facts[1]) if isinstance(facts[1], str) else facts[1]] += 1
    return Held(True, texts, values, columns)


def words(token: Token) -> str:
    return plain("".join("\n" if child.type == "html_inline" else child.content for child in token.children or ()))


def of_markdown(text: str) -> Held:
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text)
    texts: list[str] = []
    columns: dict[str, Counter[Any]] = defaultdict(Counter)
    head: list[str] = []
    place = 0
    for before, token in pairwise(tokens):
        if token.type == "inline":
            texts.append(words(token))
            if before.type == "th_open":
                head.append(words(token))
            elif before.type == "td_open":
                columns[head[place]][words(token)] += 1
                place += 1
            elif before.type == "paragraph_open" and token.content.startswith("**"):
                name, _, value = words(token).partition(": ")
                columns[name][value] += 1
        elif token.type == "table_open":
            head = []
        elif token.type == "tr_open":
            place = 0
    return Held(False, texts, Counter(("str", text) for text in texts), columns)


# --- what a leaf of the record looks like there ----------------------------------------------------------------------


@dataclass
class Recount:
    """One record in one language, looked for in one form."""

    made_from: Record
    language: str
    held: Held

    def __post_init__(self) -> None:
        self.questionnaires = record.questionnaires_of(self.made_from)
        self.report = Report(self.made_from, record.recompute(self.made_from), (self.language,))
        self.wanted: Counter[tuple[str, Any]] = Counter()
        self.missing: list[str] = []

    def label(self, key: str) -> str:
        return plain(labels()[key][self.language])

    def has_text(self, text: str) -> bool:
        return plain(text) in self.held.all_text

    def day(self, text: str) -> Any:
        on = date.fromisoformat(text)
        return on if self.held.is_book else plain(day(on, self.language))

    def moment(self, text: str) -> Any:
        at = record.time(text)
        if not self.held.is_book:
            return plain(moment(at, self.language))
        # a spreadsheet shows minutes; the cell holds the seconds
        return at.astimezone(SEOUL).replace(tzinfo=None)

    def number(self, value: float) -> Any:
        return float(value) if self.held.is_book else f"{value:,}"

    def has_number(self, value: float) -> bool:
        if self.held.is_book:
            return ("float", float(value)) in self.held.values
        return re.search(rf"(?<![\d.,]){re.escape(f'{value:,}')}(?![\d,]|\.\d)", self.held.all_text) is not None

    def check(self, is_there: bool, path: Path, value: Any) -> None:
        if not is_there:
            self.missing.append(f"{'.'.join(path)}: {value!r}")

    def counted(self, path: Path, heading: str, value: Any) -> None:
        """In a column of that heading, as many times as in the record."""
        key = (heading, value)
        self.wanted[key] += 1
        there = self.held.columns.get(heading, Counter())
        number = there[value] if type(next((cell for cell in there if cell == value), None)) is type(value) else 0
        self.check(number >= self.wanted[key], path, (heading, value))

    def truth(self, value: bool) -> Any:
        return (
            value
            if self.held.is_book
            else ("예" if value else "아니요")
            if self.language == "ko"
            else ("yes" if value else "no")
        )


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from walk(inner, (*path, str(number)))
    else:
        yield path, value


EXCEPTIONS = {
    r"questionnaires\.\d+\.file": "the questionnaire itself; its questions, options chosen, routes and sources stand as words",
    r"content\.editions\..*|results\.editions\..*": "the same editions as under questionnaires, which are looked for there",
    r"results\.content_sha256|decision\.content_sha256|results\.engine": "the same as content_sha256 and engine",
    r"content\.operator\.is_example": "the same as document.is_example",
    r"content\.domain": "the id of a questionnaire whose title stands there",
    r"content\.withheld\.\d+\.salt": "random digits that a redacted copy needs, and nobody reads",
    r"document\.appearance\..*": "the look of the printed report",
    r"content\.answers\.\w+\.\w+\.answer\.\d+\.\w+|content\.answers\.\w+\.\w+\.answer(\.\d+)?": "looked for by `answers`",
    r".*\.(ko|en)": "looked for by `both`",
    r"content\.log\..*": "looked for by `log`",
    r"results\.gaps\.\d+\.(where|check)|results\.duties\.\d+\.places\.\d+|content\.evidence\.\d+\.question": (
        "names by which programs find a question; its number or its words stand there"
    ),
    r"content\.withheld\.\d+\.path|content\.explanations\.\d+\.check|committee\.votes\.\d+\.points\.\d+\.where": "as above",
    r"evidence_reviews\.\d+\.evidence|content\.evidence\.\d+\.part|results\.log\.\d+\.(part|figures\.\d+)": "as above",
    r"results\.(second_scale\.(questionnaire|total|band|by_points|principles|items|floor)|risk\.floors\.\d+\.question).*": (
        "keys of a scale; band, points and questions are looked for by `scale`"
    ),
    r"results\..*\.source": "a source by its id; its title is looked for by `both`",
    r"results\.duties\.\d+\.(duty|evidence\.\d+)|content\.measures\.\d+\.scenarios\.\d+|results\.risk\.dimensions\..*": (
        "keys; the duty's title, the evidence and the dimension's figures are looked for by `tables`"
    ),
    r"results\.(coverage|claim)\..*": "by key; items and parts are looked for by `tables`",
    r"results\.role\.(contested|roles\.\d+)|results\.determination(\.without_claim)?\.(outcome|contested)": "looked for by `both`",
}
"""Path → why its leaf is not looked for as it stands."""

Look = Callable[[Recount, Path, Any], None]


def text(recount: Recount, path: Path, value: Any) -> None:
    recount.check(recount.has_text(value), path, value)


def number(recount: Recount, path: Path, value: Any) -> None:
    recount.check(recount.has_number(value), path, value)


def on(heading: str) -> Look:
    return lambda recount, path, value: recount.counted(path, recount.label(heading), recount.day(value))


def some_day(recount: Recount, path: Path, value: Any) -> None:
    there = any(recount.day(value) in column for column in recount.held.columns.values())
    recount.check(there, path, value)


def some_moment(recount: Recount, path: Path, value: Any) -> None:
    wanted = recount.moment(value)
    there = any(
        cell == wanted or (isinstance(cell, datetime) and abs(cell - wanted) < timedelta(seconds=1))
        for column in recount.held.columns.values()
        for cell in column
        if isinstance(cell, datetime) == isinstance(wanted, datetime)
    )
    recount.check(there, path, value)


def truth(heading: str) -> Look:
    return lambda recount, path, value: recount.counted(path, recount.label(heading), recount.truth(value))


def own_truth(ko: str, en: str) -> Look:
    return lambda recount, path, value: recount.counted(
        path, ko if recount.language == "ko" else en, recount.truth(value)
    )


def labelled(prefix: str, heading: str = "") -> Look:
    def look(recount: Recount, path: Path, value: Any) -> None:
        word = recount.label(prefix + str(value))
        if heading:
            recount.counted(path, recount.label(heading), word)
        else:
            recount.check(recount.has_text(word), path, word)

    return look


def judged(recount: Recount, path: Path, value: Any) -> None:
    """A step of one of the guideline's scales, by its words."""
    scale = path[-1]
    impact = recount.questionnaires.get("impact")
    method = impact.method.impacts if impact and impact.method else None
    steps = {step.value: step.label[recount.language] for step in getattr(method, scale)} if method else {}
    recount.counted(path, recount.label(scale), steps.get(value) or recount.label(f"{scale}_{value}"))


def right(recount: Recount, path: Path, value: Any) -> None:
    recount.check(recount.has_text(recount.report.name_of(value)[recount.language]), path, value)


LOOKS: dict[str, Look] = {
    r"document\.status": labelled("status_", "status"),
    r"document\.(at)|authors.*\.at|(decision|sign_off|history_checkpoint)\.at|.*\.at": some_moment,
    r"document\.(on|retention_until|reassess_on)|judged_on|content\.on|(decision|sign_off)\.on": some_day,
    r"document\.is_example": own_truth("가상의 예시", "Example, not real"),
    r"content\.evidence\.\d+\.on": on("dated"),
    r"content\.evidence\.\d+\.expires_on": on("expires"),
    r"content\.measures\.\d+\.due|decision\.condition_terms\.\d+\.due|committee\..*\.due": on("due"),
    r"results\.duties\.\d+\.until": on("duty_until"),
    r"results\.log\.\d+\.since": some_day,
    r"content\.measures\.\d+\.is_in_place": truth("measure_in_place"),
    r"content\.measures\.\d+\.kind": labelled("kind_", "kind"),
    r"content\.scenarios\.\d+\.impacts\.\d+\.(before|in_place|target)\.\w+": judged,
    r"content\.scenarios\.\d+\.impacts\.\d+\.right": right,
    r"questionnaires\.\d+\.is_released": truth("released"),
    r"results\.determination\.outcome": labelled("outcome_"),
    r"results\.risk\.level|results\.risk\.floors\.\d+\.level": labelled("level_", "risk_level"),
    r"results\.risk\.floors\.\d+\.certain": truth("certain"),
    r"results\.risk\.provisional": truth("provisional"),
    r"results\.duties\.\d+\.state": labelled("duty_", "status"),
    r"results\.duties\.\d+\.force": labelled("force_", "force"),
    r"results\.gaps\.\d+\.is_explained|results\.gaps\.\d+\.severity": lambda *_: None,
    r"results\.log\.\d+\.finding": labelled("finding_", "finding"),
    r"decision\.ruling": labelled("ruling_", "ruling"),
    r"decision_origin": labelled("origin_", "decision_origin"),
    r"sign_off\.statements\.\d+": labelled("statement_", "statements"),
    r"committee\.votes\.\d+\.ballot": labelled("ballot_", "ballot"),
    r"committee\.votes\.\d+\.as_chair": truth("as_chair"),
    r"committee\.votes\.\d+\.closes": truth("closed_by_chair"),
    r"committee\.chair_votes": own_truth("위원장도 다른 위원과 같이 표결", "The chair votes like any member"),
    r"evidence_reviews\.\d+\.mark": labelled("mark_", "committee_mark"),
    r"content\.withheld\.\d+\.kind": labelled("withheld_", "kind"),
    r"is_draft_copy": labelled("draft_copy_explained"),
}
"""Path → how its leaf is looked for. All others: a text as a text, a number as a number."""


def look(recount: Recount, path: Path, value: Any) -> None:
    if value is None or value == "":
        return
    name = ".".join(path)
    if any(re.fullmatch(pattern, name) for pattern in EXCEPTIONS):
        return
    for pattern, how in LOOKS.items():
        if re.fullmatch(pattern, name):
            # the last row of the risk figures has no label of its own
            how(recount, path, value)
            return
    assert not isinstance(value, bool), f"{name}: say in LOOKS how a yes is looked for."
    (number if isinstance(value, int | float) else text)(recount, path, value)


# --- what a program names by keys ---------------------------------------------------------------------------------


def both(recount: Recount) -> None:
    """Bilingual texts in the language, and what stands beside them; outcomes with whether they are contested."""
    language, results = recount.language, recount.made_from.data["results"]
    for path, value in walk(results, ("results",)):
        if path[-1] == language and value:
            recount.check(recount.has_text(value), path, value)
        elif path[-1] == "source":
            titles = {q.sources[value].title[language] for q in recount.questionnaires.values() if value in q.sources}
            recount.check(any(map(recount.has_text, titles)), path, value)
    for determination in (results["determination"], results["determination"]["without_claim"]):
        word = recount.label(f"outcome_{determination['outcome']}")
        word += f" ({recount.label('contested')})" if determination["contested"] else ""
        there = Counter(cell for column in recount.held.columns.values() for cell in column.elements())
        recount.check(there[word] > 0, ("results", "determination"), word)
    for role in (results["role"] or {"roles": ()})["roles"]:
        recount.check(recount.has_text(recount.label(f"role_{role}")), ("results", "role"), role)


def answers(recount: Recount) -> None:
    """Every answer by the words of its options, as a number, as a day."""
    for name, responses in recount.made_from.data["content"]["answers"].items():
        questionnaire = recount.questionnaires[name]
        scale_left_out = questionnaire.id not in recount.report.questionnaires
        for question_id, response in responses.items():
            if response["answer"] is not None and not scale_left_out:
                answer(recount, questionnaire.question(question_id), response["answer"], (name, question_id))


def answer(recount: Recount, question: Question, value: Any, path: Path) -> None:
    match question.type:
        case QuestionType.CHOICE | QuestionType.CHOICES:
            for each in value if isinstance(value, list) else [value]:
                option = question.option(each)
                assert option is not None
                text(recount, path, option.label[recount.language])
        case QuestionType.DATE:
            some_day(recount, path, value)
        case QuestionType.NUMBER | QuestionType.DECIMAL if recount.held.is_book:
            number(recount, path, float(value))
        case QuestionType.NUMBER:
            text(recount, path, f"{value:,}")
        case QuestionType.GROUP:
            columns = {column.id: column for column in question.questions}
            for row in value:
                for key, cell in row.items():
                    answer(recount, columns[key], cell, (*path, key))
        case _:
            text(recount, path, value)


def tables(recount: Recount) -> None:
    """What results name by key: duties, dimensions, items of the Decree, parts of the claim."""
    results, language = recount.made_from.data["results"], recount.language
    for questionnaire in recount.questionnaires.values():
        rule = questionnaire.duties
        titles = {duty.id: duty.title[language] for duty in (rule.items if rule else ())}
        for duty in results.get("duties", ()):
            if duty["duty"] in titles:
                recount.counted(("duties",), recount.label("duty"), plain(titles[duty["duty"]]))
        claim = questionnaire.claim
        for part in claim.parts if claim and results["claim"] else ():
            finding = results["claim"]["parts"].get(part.id)
            if finding:
                recount.counted(("claim", part.id), recount.label("finding"), recount.label(f"finding_{finding}"))
                text(recount, ("claim", part.id), part.title[language])
        for matrix in questionnaire.coverage:
            for item in matrix.items:
                state = (results["coverage"] or {}).get(item.item) if matrix.id == DECREE else None
                if state:
                    recount.counted(("coverage",), recount.label("documented"), recount.truth(state == "documented"))
    domain = recount.questionnaires[recount.made_from.data["content"]["domain"]]
    for dimension in domain.method.dimensions if domain.method else ():
        figures = results["risk"]["dimensions"][dimension.id]
        text(recount, ("dimensions",), dimension.title[language])
        ends = ("최소", "최대") if language == "ko" else ("lowest", "highest")
        for key in ("inherent", "residual"):
            low, high = figures[key]["low"], figures[key]["high"]
            if recount.held.is_book:
                for end, figure in zip(ends, (low, high), strict=True):
                    recount.counted(("dimensions", key), f"{recount.label(key)} ({end})", float(figure))
            else:
                figure = str(low) if low == high else f"{low}–{high}"
                recount.counted(("dimensions", key), recount.label(key), figure)


def scale(recount: Recount) -> None:
    """Somebody else's scale: its band, and the points of every item and principle."""
    rated = recount.made_from.data["results"].get("second_scale")
    if not rated:
        return
    declared = recount.questionnaires[rated["questionnaire"]].scale
    assert declared is not None
    for ends in (rated["band"], rated["by_points"]):
        for band in ends.values():
            text(recount, ("second_scale",), declared.band(band).title[recount.language])
    heading = recount.label("second_scale_residual")
    for figures in (*rated["items"].values(), *rated["principles"].values(), rated["total"]):
        low, high = figures["low"], figures["high"]
        spoken = low if low == high else f"{low}–{high}"
        recount.counted(("second_scale",), heading, float(low) if recount.held.is_book and low == high else spoken)
    for item in declared.items():
        text(recount, ("second_scale",), item.title[recount.language])


WORKBOOK_ONLY = (r".*\.times\.below\..*", r"analysis\.funnel\.\d+\..*")
"""The points of a distribution and of the limits, which the report draws and no text reads out."""
LOG_EXCEPTIONS = {
    r".*\.(correction|method)": "how an interval was made; methods stand as words",
    r"analysis\.source\.(columns\..*|bad\..*|first_bad\..*)|analysis\.reading\.aside\..*": "by key; looked for in `log`",
    r"analysis\.reading\.(columns|joined|missing|assumed|not_computed|asked|sheets)\..*": "sentences, looked for in `log`",
    r"analysis\.reading\.(encoding|delimiter)|analysis\.source\.(delimiter|kind)": "the source's own, in words of one sign",
    r"analysis\.breakdowns\.\d+\.by|analysis\.patterns\.\d+\.by|analysis\.changes\.\d+\.measure|analysis\.left_out\.\d+": "a key",
    r"analysis\.reviewers\.\d+\.5": "a key; the words are inside, fewer, more",
    r"mapping\..*": "looked for in `log`",
    r"triggers\.triggers\.\d+\.figure": "a key",
    r".*(is_small|run_is_long|is_made|is_raw_kept|is_to_the_minute)": "a yes or no, looked for in `log`",
    r"analysis\.reviewers\.\d+\.9": "as above",
}


def log(recount: Recount) -> None:
    """Every figure of the decision log."""
    kept = recount.made_from.data["content"].get("log")
    if not kept:
        return
    language, is_book = recount.language, recount.held.is_book
    for path, value in walk(kept):
        name = ".".join(path)
        if value in (None, "") or any(re.fullmatch(pattern, name) for pattern in LOG_EXCEPTIONS):
            continue
        if not is_book and any(re.fullmatch(pattern, name) for pattern in WORKBOOK_ONLY):
            continue
        log_leaf(recount, path, name, value)
    recount.check(is_marked(recount, kept["analysis"]["source"]["is_made"]), ("is_made",), "")
    for path, value in walk(kept["mapping"]):
        if value not in (None, "") and not isinstance(value, bool):
            text(recount, ("mapping", *path), str(value))
    reading_of = recount.report.assessment.log
    assert reading_of is not None
    for sentence in account.sentences(reading_of.analysis.reading) if reading_of.analysis.reading else ():
        text(recount, ("reading",), sentence.what[language])
    for fault, count in kept["analysis"]["source"]["bad"].items():
        number(recount, ("bad", fault), count)
    for trigger in kept["triggers"]["triggers"]:
        text(recount, ("triggers",), KINDS[Figure(trigger["figure"])].title[language])
    small = sum(path[-1] == "is_small" and value for path, value in walk(kept["analysis"]))
    cells = recount.held.columns[recount.label("log_small")]
    recount.check(cells[recount.truth(True)] >= small > 0 or small == 0, ("is_small",), small)


def is_marked(recount: Recount, is_made: bool) -> bool:
    return recount.has_text(recount.label("log_made")) is is_made


SHARES = ("low", "high", "low_corrected", "high_corrected")


def spoken_words(recount: Recount, path: Path, value: str) -> Iterator[str]:
    """As the log writes it, or as readers call it."""
    yield value
    yield wording.month(value, recount.language)
    yield naming.outcome_title(value)[recount.language]
    yield naming.group_title(value)[recount.language]
    for group in ("age_band", "sex", "gender"):
        yield naming.member_title(value, group)[recount.language]


def log_leaf(recount: Recount, path: Path, name: str, value: Any) -> None:
    if isinstance(value, str):
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            some_day(recount, path, value)
        elif re.fullmatch(r"triggers\.triggers\.\d+\.(at_least|at_most)", name):
            number(recount, path, float(value) if recount.held.is_book else int(float(value)))
        else:
            recount.check(any(map(recount.has_text, spoken_words(recount, path, value))), path, value)
        return
    if recount.held.is_book:
        number(recount, path, value)
        return
    spoken = [f"{value:,}"] if isinstance(value, int) else []
    share = wording.share(value).removesuffix("%")
    spoken += [share, f"{value:.2f}", f"{value:.2g}", wording.chance(value), f"{value:g}"]
    spoken += [f"{100 * value:+.1f}".replace("-", "−")]
    duration = wording.duration(value)[recount.language]
    # of an interval, whose unit stands behind its end
    spoken += [duration, duration.split(" ")[0].rstrip("분초시간") + "–", f"{value:.1f}"]
    recount.check(any(map(recount.has_text, spoken)), path, value)


CHECKS = (both, answers, tables, scale, log)


def missing(made_from: Record, language: str, held: Held) -> list[str]:
    recount = Recount(made_from, language, held)
    for path, value in walk(made_from.data):
        look(recount, path, value)
    for check in CHECKS:
        check(recount)
    return recount.missing


# --- records --------------------------------------------------------------------------------------------------------


def with_log() -> Record:
    """With a log that changed and is withdrawn, measured by an own trigger."""
    used = samples.editions()
    analysis, mapping = analysed("drifting")
    trigger = Trigger(figure=Figure.DIVERGENCE_RATE, at_least=3, on=date(2026, 6, 1), reason="지난 분기의 값입니다.")  # type: ignore[arg-type]
    withdrawn = Withdrawal(date(2026, 11, 2), "다른 시스템의 기록이 섞였습니다.")
    kept = KeptLog(analysis, mapping, Triggers(triggers=(trigger,)), withdrawn=withdrawn)
    return record.build(replace(samples.assessment(used), log=kept), used, at=samples.AT, document_id="HT-1")


def reviewed() -> Record:
    """With marks of the committee and a kept answer that is explained."""
    used = samples.editions()
    plain_one = samples.assessment(used)
    review = EvidenceReview("ev1", EvidenceMark.NOT_SUFFICIENT, Person("lee", "이두리"), samples.AT, "서명이 없습니다.")
    note = Response("hours", "2.5", "하루 기준입니다.")
    responses = {**plain_one.responses, "impact": {**plain_one.responses["impact"], "hours": note}}
    given = replace(plain_one, evidence_reviews=(review,), responses=responses)
    return record.build(samples.signed_off(given), used, at=samples.AT, document_id="HT-1")


def open_draft() -> Record:
    """Half answered: ranges, open questions, gaps."""
    used = samples.editions()
    given = samples.assessment(used, {"hiring": {"applicants": 4200}, "involvement": {}, "impact": {}})
    return record.build(given, used, at=samples.AT, document_id="HT-1")


def redacted() -> Record:
    from tests import test_redaction

    full = test_redaction.full()
    return redaction.redact(full, record.questionnaires_of(full))


def half_rated() -> Record:
    """With somebody else's scale, of which an item is not rated."""
    rated = assessment_file.read_file(test_second_scale_report.EXAMPLE).assessment.responses["finance"]
    left_out = next(name for name, response in rated.items() if response.answer is not None)
    return test_second_scale_report.made({name: each for name, each in rated.items() if name != left_out})


@cache
def records() -> dict[str, Record]:
    examples = {name: samples.example(name) for name in ("credit", "hiring", "medical")}
    return examples | {
        "sealed": samples.sealed_record().name_seal(NamedSeal("다온인사 봉인", "cd" * 32, "주식회사 다온인사")),
        "open draft": open_draft(),
        "log": with_log(),
        "reviewed": reviewed(),
        "redacted": redacted(),
        "second scale": half_rated(),
    }


NAMES = ("credit", "hiring", "medical", "sealed", "open draft", "log", "reviewed", "redacted", "second scale")


@pytest.mark.slow
def test_the_records_are_those_of_the_list() -> None:
    assert tuple(records()) == NAMES


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_fact_of_a_record_stands_in_workbook_and_markdown(name: str, language: str) -> None:
    made_from = records()[name]
    assert missing(made_from, language, of_workbook(xlsx.workbook(made_from, language))) == []
    assert missing(made_from, language, of_markdown(markdown.text(made_from, language))) == []


WITHOUT_FACTS = {
    "law_parts.parts": "sources, open questions and limits: they stand in no record, or beside what cites them"
}


@pytest.mark.slow
@pytest.mark.parametrize("at", range(len(all_parts._IN_ORDER)))
def test_what_is_left_out_is_noticed(at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever part of the tables is not written, the recount of one of the records finds something missing."""
    left_out = all_parts._IN_ORDER[at]
    name = f"{left_out.__module__.rpartition('.')[2]}.{left_out.__name__}"
    others = tuple(make for make in all_parts._IN_ORDER if make is not left_out)
    monkeypatch.setattr(all_parts, "_IN_ORDER", others)
    of = "log" if name == "log_parts.parts" else "hiring" if "risk" in name or "conclusion" in name else "reviewed"
    made_from = records()[of]
    noticed = (
        missing(made_from, "ko", of_workbook(xlsx.workbook(made_from, "ko"))),
        missing(made_from, "ko", of_markdown(markdown.text(made_from, "ko"))),
    )
    assert all(noticed) is (name not in WITHOUT_FACTS), noticed


SECTIONS_ELSEWHERE = {
    "impact": "the official form: system, role, answers of its questionnaire and scenarios, each a part of its own",
    "verification": "how to verify the printed file; what it states, digests and editions, stands in a part of its own",
}


def test_every_section_of_the_report_is_a_part_of_the_tables() -> None:
    titles = {
        part.title
        for made_from in (records()["hiring"], records()["second scale"])
        for part in all_parts.parts(made_from, "ko")
    }
    titles |= {title.partition(":")[0] for title in titles}
    lacking = {name for name in reading._SECTIONS if labels()[f"s_{name}"]["ko"] not in titles}
    assert lacking == set(SECTIONS_ELSEWHERE)

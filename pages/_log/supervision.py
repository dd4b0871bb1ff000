"""The supervision record of Act Art. 34(1)4, shown beside the human-involvement claim and apart from it: show."""

from __future__ import annotations

from collections.abc import Mapping

from assessments.derived import Findings, SupervisionState
from pages._frame import markup, shared
from pages._frame.shared import _
from pages._log import tables
from pages._parts import questions
from questionnaires.load import Edition

_KINDS = {
    SupervisionState.DOCUMENTED: "good",
    SupervisionState.PLANNED: "cannot",
    SupervisionState.GAP: "bad",
    SupervisionState.NOT_OWED: "plain",
    SupervisionState.OPEN: "open",
    SupervisionState.NOT_ASKED: "plain",
}


def show(findings: Findings, pinned: Mapping[str, Edition]) -> None:
    """Item by item, with where it comes from."""
    names = {
        SupervisionState.DOCUMENTED: _("documented"),
        SupervisionState.PLANNED: _("planned"),
        SupervisionState.GAP: _("gap"),
        SupervisionState.NOT_OWED: _("not in place, no must for this role"),
        SupervisionState.OPEN: _("open"),
        SupervisionState.NOT_ASKED: _("not asked in this edition"),
    }
    language, rows = shared.language(), []
    sources = {name: source for edition in pinned.values() for name, source in edition.questionnaire.sources.items()}
    for item in findings.supervision:
        source = sources.get(item.source)
        source_line = questions.source(source, language, briefly=True) if source else ""
        to_do = markup.quiet(item.to_do[language]) if item.to_do else ""
        rows.append((item.title[language], markup.tag(names[item.state], _KINDS[item.state]) + to_do, source_line))
    table = tables.table((_("item"), _("as it stands"), _("source")), rows)
    shared.draw("parts/supervision.html.j2", table=table)

"""The words of the product: each term with its word in the other language, its meaning and its source."""

from __future__ import annotations

from pages._frame import frame, markup, screens, shared
from pages._frame.shared import _
from questionnaires.glossary import glossary

actor = shared.acting()
language = shared.language()
other, other_name = ("en", _("English")) if language == "ko" else ("ko", _("Korean"))
frame.heading(
    screens.title_of("glossary", language), _("Each thing has one word, on every screen and in every report.")
)
rows = [
    (
        markup.bold(term.term[language]),
        markup.foreign(term.term[other], other),
        term.meaning[language],
        term.source[language],
    )
    for term in glossary().sorted(language)
]
markup.show(markup.table((_("Term"), other_name, _("Meaning"), _("Source")), rows))

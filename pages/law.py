"""What no text could settle, the notices that were not found, and the official files of the guidelines."""

from __future__ import annotations

from pages._frame import frame, markup, screens, shared
from pages._parts import findings
from questionnaires import wording
from questionnaires.law import law

actor = shared.acting()
language, word = shared.language(), findings.word
frame.heading(screens.title_of("law", language), word("open_intro"))
for question in law().open:
    when = ""
    if question.looked_for_on:
        when = f"{word('looked_for_on')} {wording.day(question.looked_for_on, language)}"
    shared.draw("screens/open_question.html.j2", question=question, kind=word(f"open_{question.kind}"), when=when)
markup.show(markup.h2(word("official_files")) + markup.paragraph(law().files_told_by[language]))
for file in law().files:
    copy = f" · {word('copy_read')} {file.copy_begins}…" if file.copy_begins else ""
    facts = f"{word('edition')} {wording.day(file.edition, language)} · {file.pages}{word('pages_unit')}"
    shared.draw("screens/official_file.html.j2", file=file, facts=facts, copy=copy)

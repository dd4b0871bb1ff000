"""What the law provides where a duty is not met: routes, amounts, cuts and raises, the announced grace period. Nothing is forecast."""

from __future__ import annotations

from pages._frame import frame, markup, screens, shared
from pages._parts import enforcement as part
from pages._parts import findings
from questionnaires import wording
from questionnaires.enforcement import enforcement

actor = shared.acting()
language, word, law = shared.language(), findings.word, enforcement()
frame.heading(screens.title_of("enforcement", language), word("enforcement_intro"))
part.show_grace(law, wording.seoul_day(shared.now()))
part.show_routes(law)
markup.show(markup.h2(word("enforcement_counted"), "amounts"))
part.show_adjustments(law)
markup.show(markup.h2(word("enforcement_elsewhere"), "elsewhere"))
rows = [markup.joined((markup.bold(other.title[language]), other.text[language]), ": ") for other in law.elsewhere]
markup.show(markup.items(rows, "h-reasons"))
stood = (
    f"{word('edition')} {wording.day(law.edition, language)} · {word('read_on')} {wording.day(law.read_on, language)}"
)
markup.show(markup.quiet(stood))

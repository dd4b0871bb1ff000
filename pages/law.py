"""What no text could settle, the notices that were not found, and the official files of the guidelines."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages._frame import frame, screens, shared, translation
from pages._parts import findings
from questionnaires.law import law

actor = shared.current_actor()
language, word = shared.language(), findings.word
frame.heading(screens.title_of("law", language), word("open_intro"))
for one in law().open:
    when = ""
    if one.looked_for_on:
        when = f"{word('looked_for_on')} {translation.day(one.looked_for_on, language)}"
    st.html(
        f'<section class="h-card" id="{escape(one.id)}"><h2>{escape(one.title[language])}</h2>'
        f'<p>{shared.tag(word(f"open_{one.kind}"), "open")} <span class="h-quiet">{escape(when)}</span></p>'
        f'<p>{escape(one.text[language])}</p><p class="h-source">{escape(one.source[language])}</p></section>'
    )
st.html(f"<h2>{escape(word('official_files'))}</h2><p>{escape(law().files_told_by[language])}</p>")
for file in law().files:
    copy = f" · {word('copy_read')} {file.copy_begins}…" if file.copy_begins else ""
    facts = f"{word('edition')} {translation.day(file.edition, language)} · {file.pages}{word('pages_unit')}"
    st.html(
        f'<section class="h-card"><p><b>{escape(file.title[language])}</b> <span class="h-quiet">{escape(facts)}</span></p>'
        f'<p>SHA-256 <code style="overflow-wrap:anywhere">{escape(file.fingerprint)}</code>{escape(copy)}</p>'
        f'<p class="h-quiet">{escape(file.note[language])}</p></section>'
    )

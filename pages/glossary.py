"""The words of the product: each term with its word in the other language, its meaning and its source."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._frame import frame, screens, shared
from pages._frame.shared import _
from questionnaires.glossary import glossary

actor = shared.current_actor()
language = shared.language()
other, other_name = ("en", _("English")) if language == "ko" else ("ko", _("Korean"))
frame.heading(
    screens.title_of("glossary", language), _("Each thing has one word, on every screen and in every report.")
)
rows = [
    {
        _("Term"): term.term[language],
        other_name: term.term[other],
        _("Meaning"): term.meaning[language],
        _("Source"): term.source[language],
    }
    for term in glossary().sorted(language)
]
st.table(pd.DataFrame(rows).set_index(_("Term")))

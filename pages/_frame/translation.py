"""Interface texts in Korean and English: translate, translate_many, the language of a request.

Message ids are the English texts. Catalogues are read from `locale/*/LC_MESSAGES/haetae.po` when they are
first needed; there is no build step. Questionnaire texts are not here, they live in the YAML.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pages._frame.cookies import LANGUAGE, value
from questionnaires import filling

LANGUAGES = ("ko", "en")
CATALOGUES = Path(__file__).parent / "locale"


def language_of(cookies: Mapping[str, str]) -> str:
    """The chosen language; Korean by default."""
    chosen = value(cookies, LANGUAGE)
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def translate(message: str, language: str, **values: object) -> str:
    """The translated text with {names} filled in, days in words, thousands set apart; the message itself if there is no translation."""
    text = _catalogue(language).gettext(message)
    return text.format(**_worded(values, language)) if values else text


def translate_many(singular: str, many: str, count: int, language: str, **values: object) -> str:
    """The plural form for a count, available as {count}."""
    text = _catalogue(language).ngettext(singular, many, count)
    return text.format(**_worded({**values, "count": count}, language))


def _worded(values: Mapping[str, object], language: str) -> dict[str, object]:
    return {name: filling.filled_in(name, value, language) for name, value in values.items()}


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    packed = io.BytesIO()
    with (CATALOGUES / language / "LC_MESSAGES" / "haetae.po").open("rb") as file:
        write_mo(packed, read_po(file, locale=language))
    packed.seek(0)
    return gettext.GNUTranslations(packed)

"""The component that draws every field: assets/field.js, registered with Streamlit under NAME.

Its script is a file that the page loads once, so that the content policy lets it through; all of its folder is served. The
script is the same for each kind: `answer` (pages/_parts/questions.py), `form` (forms.py) and `keeper` (pages/_parts/unsaved.py).
What all fields of a page share, such as their words, stands in the shell: words.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

ASSETS = Path(__file__).parent / "assets"
PACKAGE, FIELD = "haetae", "field"
NAME = f"{PACKAGE}.{FIELD}"


def mount(key: str, content: Mapping[str, Any], **on_change: Any) -> dict[str, Any]:
    """Draw one field and return what the browser last said of it; empty if nothing yet.

    on_change: `on_<state>_change`, called at the beginning of a run if the browser says something new.
    """
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(NAME) is None:
        # Streamlit finds the files of a component by itself only if an installed package brings them.
        manifest = ComponentManifest(PACKAGE, "", [ComponentConfig(FIELD, ASSETS.name)])
        manager.register_from_manifest(manifest, ASSETS.parent)
    # in a list, for Streamlit asks of every value of a mapping whether it is a table, which takes as long as the rest of the drawing
    return dict(_renderer()(key=key, data=[dict(content)], **on_change))


@cache
def _renderer() -> ComponentRenderer:
    return st.components.v2.component(NAME, js="field.js", isolate_styles=False)

"""The schema of a questionnaire file for editors: text; `python -m questionnaires.json_schema` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path

from questionnaires.schema import Questionnaire

FILE = Path(__file__).parent / "questionnaire.schema.json"


def text() -> str:
    """JSON Schema, generated from the models."""
    schema = Questionnaire.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")

"""Five logs in the shape of well-known public data sets, recounted with pandas alone: every share is the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assessments.decision_log.reading.columns import LogMapping
from tests.logs.tables import analysed


@dataclass(frozen=True)
class Shape:
    """A data set as far as a log needs it: what its columns are called and how its values are written."""

    case: str
    output: str
    decision: str
    yes: str
    no: str
    groups: dict[str, tuple[str, dict[str, float]]]
    """Name of the group → (header, label → share)."""
    kind: str = "csv"
    delimiter: str = ","
    scores: bool = False
    """The output is a number from 1 to 10 and becomes a label by a cutoff."""


SHAPES = {
    "German credit": Shape(
        "Id",
        "model_class",
        "Risk",
        "good",
        "bad",
        {"sex": ("Personal_status_sex", {"A91": 0.05, "A92": 0.31, "A93": 0.55, "A94": 0.09})},
        "csv",
        ";",
    ),
    "COMPAS": Shape(
        "id",
        "decile_score",
        "release",
        "yes",
        "no",
        {
            "race": (
                "race",
                {"African-American": 0.51, "Caucasian": 0.34, "Hispanic": 0.09, "Other": 0.05, "Native American": 0.01},
            ),
            "sex": ("sex", {"Male": 0.81, "Female": 0.19}),
        },
        scores=True,
    ),
    "UCI credit card": Shape(
        "ID",
        "default.payment.next.month",
        "granted",
        "0",
        "1",
        {"education": ("EDUCATION", {"1": 0.35, "2": 0.47, "3": 0.16, "4": 0.02})},
        "parquet",
    ),
    "HR promotion": Shape(
        "employee_id",
        "recommended",
        "is_promoted",
        "Yes",
        "No",
        {"region": ("region", {f"region_{n}": 1 / 12 for n in range(12)}), "sex": ("gender", {"m": 0.7, "f": 0.3})},
    ),
    "Adult income": Shape(
        "row",
        "predicted",
        "income",
        ">50K",
        "<=50K",
        {"education": ("education", {"HS-grad": 0.5, "Bachelors": 0.35, "Some-college": 0.15})},
        "csv",
        "\t",
    ),
}


def made(shape: Shape, size: int = 2_000) -> pd.DataFrame:
    """Outputs, decisions that follow them by nineteen in twenty, groups, and the spelling errors that such files have."""
    draw = np.random.default_rng(sum(map(ord, shape.case)))
    favoured = draw.random(size) < 0.62
    follows = draw.random(size) < 0.95
    output = np.where(favoured, shape.yes, shape.no).astype(object)
    if shape.scores:
        output = np.where(favoured, draw.integers(1, 5, size), draw.integers(5, 11, size)).astype(str).astype(object)
    decision = np.where(favoured == follows, shape.yes, shape.no).astype(object)
    odd = draw.random(size) < 0.1
    decision[odd] = [f" {value.upper()}" for value in decision[odd]]
    decision[draw.random(size) < 0.02] = "NULL"
    data = {shape.case: [f"{n}" for n in range(size)], shape.output: output, shape.decision: decision}
    for header, labels in shape.groups.values():
        data[header] = draw.choice(list(labels), size, p=np.array(list(labels.values())) / sum(labels.values()))
    return pd.DataFrame(data)


@pytest.mark.first_in_check
@pytest.mark.parametrize("name", SHAPES)
def test_shares_are_those_that_pandas_counts(tmp_path: Path, name: str) -> None:
    shape = SHAPES[name]
    data = made(shape)
    path = tmp_path / f"a.{shape.kind}"
    data.to_parquet(path) if shape.kind == "parquet" else data.to_csv(path, index=False, sep=shape.delimiter)
    mapping = LogMapping.model_validate(
        {
            "columns": {"case": shape.case, "ai_output": shape.output, "decision": shape.decision},
            "groups": {group: header for group, (header, _) in shape.groups.items()},
            "favourable": [shape.yes],
            "cutoff": {"at_least": "5", "then": shape.no, "otherwise": shape.yes} if shape.scores else None,
        }
    )
    found = analysed(path, **mapping.model_dump())

    known = data[data[shape.decision].str.strip() != "NULL"]
    final = known[shape.decision].str.strip().str.lower() == shape.yes.lower()
    ai = known[shape.output].astype(int) < 5 if shape.scores else known[shape.output] == shape.yes
    assert found.source.bad == {"missing": len(data) - len(known)} and found.source.used == len(known)
    assert (found.whole.divergence.count, found.whole.divergence.n) == (int((ai != final).sum()), len(known))
    for selection in found.disparities:
        header = shape.groups[selection.group][0]
        table = pd.DataFrame({"group": known[header], "ai": ai, "final": final}).groupby("group").agg(["sum", "count"])
        assert {row.label: (row.ai.count, row.final.count, row.ai.n) for row in selection.rows} == {
            str(label): (int(row["ai", "sum"]), int(row["final", "sum"]), int(row["ai", "count"]))
            for label, row in table.iterrows()
        }
        large = table[table["ai", "count"] >= max(10, 0.02 * len(known))]
        assert selection.reference == str((large["ai", "sum"] / large["ai", "count"]).idxmax())
    assert len(found.disparities) == len(shape.groups)

"""Selection rates by group, according to the AI and in the final decisions: disparity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assessments.decision_log.method import number, whole
from assessments.decision_log.reading.choices import Remark
from assessments.decision_log.statistics.analysis_model import Disparity, Ratio, Selection
from assessments.decision_log.statistics.one_share import Z
from assessments.decision_log.statistics.proportions import Floats, by_cluster, t_quantile
from assessments.decision_log.statistics.rates import Clusters, independent, rates, rounded

LEAST_REFERENCE, LEAST_SHARE = whole("least_reference_cases"), number("least_reference_share")
"""Cases, and share of all, that a group must have to be compared with (cf. 29 CFR 1607.4 D and Q&A 26 on small groups)."""


def disparity(
    group: str,
    codes: npt.NDArray[Any],
    labels: Sequence[str],
    ai: npt.NDArray[np.bool_],
    final: npt.NDArray[np.bool_],
    clusters: Clusters,
) -> Disparity | None:
    """ai, final: whether the outcome is favourable, row by row. None: there are not two groups, or none is large enough to compare with.

    Rows without a group are left out. The AI's outputs count as independent, final decisions by reviewer.
    """
    size = len(labels)
    by_ai, n = clusters.both(ai, codes, size)
    by_people, _ = clusters.both(final, codes, size)
    cases = n.sum(axis=1)
    present = [int(cell) for cell in np.flatnonzero(cases)]
    large = _large(cases)
    if len(present) < 2 or not large:
        return None
    share = by_ai.sum(axis=1) / np.maximum(cases, 1)
    reference = max(large, key=lambda cell: (float(share[cell]), -cell))
    ai_rates = [independent(int(by_ai[cell].sum()), int(cases[cell]), labels[cell]) for cell in range(size)]
    final_rates = rates(by_people, n, labels)
    effective = by_cluster(by_people, n).effective_n
    few = int((n.sum(axis=0) > 0).sum())
    rows = []
    for cell in present:
        ai_ratio = final_ratio = shift = None
        if cell != reference:
            pair = np.array([cell, reference])
            ai_ratio = _ratio(by_ai[pair].sum(axis=1), cases[pair], Z)
            quantile = float(t_quantile(few)) if few > 1 else Z
            final_ratio = _ratio(
                by_people[pair].sum(axis=1),
                effective[pair],
                quantile,
                cases[pair],
            )
            shift = _shift(by_ai[pair], by_people[pair], n[pair])
        rows.append(Selection(labels[cell], ai_rates[cell], final_rates[cell], ai_ratio, final_ratio, shift))
    return Disparity(group, labels[reference], tuple(rows))


def remarks(
    group: str, codes: npt.NDArray[Any], labels: Sequence[str], rows: npt.NDArray[np.int64] | None = None
) -> list[Remark]:
    """Remarks on why groups are not compared, or why some cannot be the reference.

    rows: how many decisions each row stands for; None: one."""
    known = codes >= 0
    cases = np.bincount(codes[known], None if rows is None else rows[known], len(labels))
    large = _large(cases)
    small = [f"{label} ({int(cases[cell]):,})" for cell, label in enumerate(labels) if cell not in large]
    values: dict[str, str | int] = {"column": group, "labels": ", ".join(small[:10]) or "–", "least": LEAST_REFERENCE}
    if np.count_nonzero(cases) < 2 or not large:
        everybody = ", ".join(f"{label} ({int(cases[cell]):,})" for cell, label in enumerate(labels[:10]))
        return [Remark("rates_few_groups", values | {"labels": everybody or "–"})]
    return [Remark("small_reference", values)] if small else []


def _large(cases: npt.NDArray[Any]) -> list[int]:
    least = max(LEAST_REFERENCE, LEAST_SHARE * float(cases.sum()))
    return [int(cell) for cell in np.flatnonzero(cases >= least)]


def _ratio(count: Floats, effective: Floats, quantile: float, cases: Floats | None = None) -> Ratio | None:
    """First share divided by the second, with Katz's interval on the log scale and effective case counts."""
    share = count / (effective if cases is None else cases)
    if share[1] == 0:
        return None
    value = float(share[0] / share[1])
    if share[0] == 0:
        return Ratio(0.0, 0.0, None)
    spread = quantile * np.sqrt(((1 - share) / (np.maximum(effective, 1) * share)).sum())
    return Ratio(rounded(value), rounded(value * np.exp(-spread)), rounded(value * np.exp(spread)))


def _shift(ai: npt.NDArray[Any], final: npt.NDArray[Any], n: npt.NDArray[Any]) -> Ratio | None:
    """(final ratio) / (AI ratio): both on the same cases, so its spread is the jackknife of the whole by reviewer."""
    total_ai, total_final = ai.sum(axis=1), final.sum(axis=1)
    if not (total_ai.all() and total_final.all()):
        return None
    value = float(total_final[0] / total_final[1] * total_ai[1] / total_ai[0])
    has = n.sum(axis=0) > 0
    rest_ai, rest_final = total_ai[:, None] - ai[:, has], total_final[:, None] - final[:, has]
    few = int(has.sum())
    if few < 2 or not (rest_ai.all() and rest_final.all()):
        return Ratio(rounded(value), None, None)
    logs = np.log(rest_final[0] / rest_final[1] * rest_ai[1] / rest_ai[0])
    deviation = np.sqrt((few - 1) / few * np.square(logs - logs.mean()).sum())
    spread = float(t_quantile(few)) * deviation
    return Ratio(rounded(value), rounded(value * np.exp(-spread)), rounded(value * np.exp(spread)))

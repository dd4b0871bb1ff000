"""How often, where and in which direction people departed from the AI: by_label, months, flows, directions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assessments.decision_log.reading.log import DecisionLog
from assessments.decision_log.reading.times import day_codes
from assessments.decision_log.statistics.analysis_model import Breakdown, Direction, Flow
from assessments.decision_log.statistics.rates import Clusters, rates

_MOST_FLOWS = 60
_MOST_MONTHS = 120


def by_label(
    by: str, codes: npt.NDArray[Any], labels: Sequence[str], departs: npt.NDArray[np.bool_], clusters: Clusters
) -> Breakdown:
    """Departure rate per label; rows without a label come under the empty label."""
    names = list(labels)
    if (codes < 0).any():
        codes, names = np.where(codes < 0, len(names), codes), [*names, ""]
    count, n = clusters.both(departs, codes, len(names))
    rows = zip(rates(count, n, names), n.sum(axis=1), strict=True)
    return Breakdown(by, tuple(row for row, cases in rows if cases))


def by_month(days: npt.NDArray[np.int64], departs: npt.NDArray[np.bool_], clusters: Clusters) -> Breakdown:
    """Departure rate per calendar month (YYYY-MM), for the last ten years at most."""
    found_days, places = day_codes(days)
    values, codes = np.unique(found_days.astype("M8[D]").astype("M8[M]"), return_inverse=True)
    whole = by_label("month", codes[places], [str(month) for month in values], departs, clusters)
    return Breakdown("month", whole.rows[-_MOST_MONTHS:])


def flows(log: DecisionLog) -> tuple[Flow, ...]:
    """Counts from AI output to final decision by label, the sixty largest."""
    return _flows(log, _ways(log, Clusters(log.output, 0, log.cases)))


def _ways(log: DecisionLog, clusters: Clusters) -> npt.NDArray[np.int64]:
    """Cases by AI output, final decision and reviewer."""
    size = len(log.outcomes)
    ways = np.multiply(log.output, size, dtype=np.int16)  # there are few outcomes
    ways += log.decision.astype(np.int16)
    return clusters.table(ways, size * size).reshape(size, size, clusters.width)


def _flows(log: DecisionLog, ways: npt.NDArray[np.int64]) -> tuple[Flow, ...]:
    counts = ways.sum(axis=2)
    cells = [(log.outcomes[a], log.outcomes[b], int(counts[a, b])) for a, b in zip(*np.nonzero(counts), strict=True)]
    largest = sorted(cells, key=lambda cell: (-cell[2], cell))[:_MOST_FLOWS]
    return tuple(Flow(*cell) for cell in sorted(largest))


def directions(log: DecisionLog, clusters: Clusters) -> tuple[Direction, ...]:
    """Departures by direction, each as a share of the cases with that AI output."""
    found_directions = []
    ways = _ways(log, clusters)
    outputs = ways.sum(axis=1)
    for flow in _flows(log, ways):
        if flow.output == flow.decision:
            continue
        output, decision = log.outcomes.index(flow.output), log.outcomes.index(flow.decision)
        rate = rates(ways[output, decision : decision + 1], outputs[output : output + 1], [""])[0]
        found_directions.append(Direction(flow.output, flow.decision, rate))
    return tuple(found_directions)

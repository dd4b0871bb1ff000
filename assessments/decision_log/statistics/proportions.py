"""Shares and their 95 % intervals: wilson, by_cluster, t_quantile.

Two intervals, and each figure says which it carries:

*Wilson* for cases that are independent of each other: one reviewer's share, or a log without reviewers.

*By reviewer* for shares pooled over several reviewers, whose habits differ: Wilson's interval on the effective number
of cases. The variance is the leave-one-reviewer-out jackknife of the pooled share (it needs no model of how reviewers
differ and holds for unequal loads; with few reviewers the usual sandwich is too small); the quantile is Student's with
one degree of freedom less than there are reviewers. With two or three reviewers the interval is never narrower than the
plain one, for so few can agree by chance.

Source: Wilson 1927; Korn and Graubard 1998 (effective sample size with t quantile); Bell and McCaffrey 2002 on
jackknife variances with few clusters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from assessments.decision_log.method import whole
from assessments.decision_log.statistics.one_share import UPPER_TAIL, Z

FEW_CLUSTERS = whole("few_reviewers")

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Interval:
    """Lower and upper ends, one a cell."""

    low: Floats
    high: Floats
    clusters: Ints
    """Reviewers that the interval allows for; 0 or 1: plain Wilson."""
    effective_n: Floats


def wilson(count: Any, n: Any, quantile: Any = Z) -> tuple[Floats, Floats]:
    """Lower and upper end; 0 and 1 where n is 0. `n` need not be whole. `one_share.wilson` is the same for one cell."""
    count, n = np.asarray(count, np.float64), np.asarray(n, np.float64)
    square = np.square(quantile)
    share = count / np.where(n > 0, n, 1.0)
    centre = (count + square / 2) / (n + square)
    half = quantile * np.sqrt(n * share * (1 - share) + square / 4) / (n + square)
    low = np.where((n > 0) & (share > 0), np.maximum(0.0, centre - half), 0.0)
    high = np.where((n > 0) & (share < 1), np.minimum(1.0, centre + half), 1.0)
    return low, high


def t_quantile(clusters: Any) -> Floats:
    """Two-sided 95 %, with one degree of freedom less than clusters."""
    return np.asarray(special.stdtrit(np.maximum(np.asarray(clusters) - 1, 1), UPPER_TAIL))


def by_cluster(count: npt.NDArray[Any], n: npt.NDArray[Any]) -> Interval:
    """Intervals of shares pooled over the last axis (reviewers): count and n have shape (cells, reviewers)."""
    count, n = np.asarray(count, np.float64), np.asarray(n, np.float64)
    total, cases = count.sum(axis=-1), n.sum(axis=-1)
    clusters = (n > 0).sum(axis=-1)
    variance = jackknife_variance(count, n)
    share = total / np.maximum(cases, 1)
    binomial = share * (1 - share) / np.maximum(cases, 1)
    effect = np.where(variance > 0, variance / np.maximum(binomial, 1e-300), 0.0)
    effective = cases / np.maximum(effect, 1e-12)
    low, high = wilson(total, cases)
    usable = (clusters > 1) & (variance > 0)
    wide_low, wide_high = wilson(share * effective, effective, t_quantile(clusters))
    few = usable & (clusters < FEW_CLUSTERS)
    return Interval(
        np.where(few, np.minimum(low, wide_low), np.where(usable, wide_low, low)),
        np.where(few, np.maximum(high, wide_high), np.where(usable, wide_high, high)),
        np.where(clusters > 1, clusters, 0),
        np.where(usable, effective, cases),
    )


def jackknife_variance(count: Floats, n: Floats) -> Floats:
    """Of the pooled share, leaving out one reviewer (last axis) at a time; reviewers without cases count for nothing."""
    total, cases = count.sum(axis=-1, keepdims=True), n.sum(axis=-1, keepdims=True)
    has = n > 0
    clusters = has.sum(axis=-1)
    rest = np.where(has & (cases > n), (total - count) / np.maximum(cases - n, 1), 0.0)
    mean = rest.sum(axis=-1) / np.maximum(clusters, 1)
    squares = np.where(has, np.square(rest - mean[..., None]), 0.0).sum(axis=-1)
    return np.asarray(np.where(clusters > 1, (clusters - 1) / np.maximum(clusters, 1) * squares, 0.0))

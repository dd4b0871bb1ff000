"""Chunks before their rows are judged: with_ids, without_blank."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assessments.decision_log.reading import cleaning
from assessments.decision_log.reading.chunks import Chunk
from assessments.decision_log.reading.numbering import as_text, numbers_of


def with_ids(chunk: Chunk, header: str, missing: cleaning.Missing) -> Chunk:
    """The chunk with a number for each case, if all ids are plain and there. It depends on no other chunk."""
    if header not in chunk.columns:
        return chunk
    texts = as_text(chunk.columns[header])
    if not cleaning.are_plain(texts) or missing.are_in(texts):
        return chunk
    numbers = numbers_of(texts)
    return chunk if (numbers == 0).any() else replace(chunk, plain_ids=numbers)


def without_blank(chunk: Chunk) -> Chunk:
    """Lines that hold nothing at all in the wanted columns are no rows."""
    blank = np.ones(len(chunk.records), np.bool_)
    if chunk.plain_ids is not None:
        return chunk
    for column in chunk.columns.values():
        if not blank.any():
            return chunk
        blank &= np.asarray(pc.equal(as_text(column), ""))
    if not blank.any():
        return chunk
    stay = pa.array(~blank)
    return Chunk(
        chunk.records[~blank],
        {name: values.filter(stay) for name, values in chunk.columns.items()},
        share=chunk.share,
        cases=None if chunk.cases is None else chunk.cases[~blank],
    )

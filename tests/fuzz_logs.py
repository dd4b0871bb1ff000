"""Any bytes are a decision log or are refused: fuzzed with an eye on which lines run. `python -m tests.fuzz_logs 600`.

Run by `make torture`; needs atheris, which has no wheels for every Python and machine.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

_LONGEST = 20_000
"""Bytes of one file."""


def main(seconds: int) -> None:
    """Ends the process, not with 0 where a file ended in a traceback or lost a row."""
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write("atheris is not installed for this Python, so logs are not fuzzed.\n")
        return
    import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

    with atheris.instrument_imports(include=["assessments.decision_log"]):
        from assessments.decision_log.reading import account, streaming
        from assessments.decision_log.statistics import analysis, analysis_model
        from assessments.errors import AssessmentError
        from tests.logs import AT, KEY

    kept = Path(gettempdir()) / "haetae-fuzz-"
    with TemporaryDirectory() as folder:
        log, corpus = Path(folder) / "log", Path(folder) / "corpus"
        corpus.mkdir()
        _seeds(corpus)

        def one(data: bytes) -> None:
            log.write_bytes(data)
            try:
                read = streaming.read_log(log, key=KEY, at=AT)
            except AssessmentError:
                return
            rows = read.rows
            assert rows.total == rows.used + sum(rows.bad.values()) and len(read.log) == rows.used
            found = analysis.analyse(read)
            assert analysis_model.from_json(analysis_model.to_json(found)) == found
            assert found.reading is not None and all(said.text.ko for said in account.sentences(found.reading))

        atheris.Setup(
            [
                sys.argv[0],
                f"-max_total_time={seconds}",
                f"-max_len={_LONGEST}",
                f"-artifact_prefix={kept}",
                str(corpus),
            ],
            one,
        )
        atheris.Fuzz()


def _seeds(folder: Path) -> None:
    """Small logs of every kind to begin with."""
    from tests.logs.tables import HEADER, as_csv, as_parquet, as_workbook, columns_of, table

    rows = table(6)
    for place, (encoding, delimiter) in enumerate(
        (("utf-8", ","), ("cp949", ";"), ("utf-8-sig", "\t"), ("utf-16", "\t"), ("utf-16-le", "|"))
    ):
        as_csv(folder / f"{place}.csv", rows, encoding=encoding, delimiter=delimiter, end="\r\n")
    as_csv(folder / "titles.csv", [*rows, ("합계", *[""] * (len(HEADER) - 1))], before="결정 기록\n\nsep=,\n")
    as_parquet(folder / "a.parquet", columns_of(rows))
    as_workbook(folder / "a.xlsx", {"1월": [HEADER, *rows], "2월": [("합계",), HEADER, *rows]})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)

"""A log read where it lies: counted, from the table of an engine to ImportedLog and the counts of its figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
from ibis import deferred as _

from assessments.decision_log.engines import cells as made
from assessments.decision_log.engines.connecting import opened
from assessments.decision_log.engines.counting import TableCounts, answered, reason_key
from assessments.decision_log.engines.engine import Engine, Place
from assessments.decision_log.engines.relation import NO_YES, UNKNOWN, USUAL, Maker, Relation
from assessments.decision_log.reading.choices import Aside, ColumnReading, How, MissingWord, Reading
from assessments.decision_log.reading.chunks import Chunk
from assessments.decision_log.reading.collecting import Collected
from assessments.decision_log.reading.columns import REQUIRED, Column, LogMapping, says_header, suggest
from assessments.decision_log.reading.faults import REMEDY, Fault, LogRefusedError, refused
from assessments.decision_log.reading.gathering import MOST_REVIEWERS
from assessments.decision_log.reading.log import ImportedLog, LogFile, RowCount
from assessments.decision_log.reading.meaning import check_labels, is_count
from assessments.decision_log.reading.numbering import DIGEST_SIGNS
from assessments.decision_log.reading.pseudonyms import Pseudonyms
from assessments.decision_log.reading.source import EngineTable
from assessments.decision_log.reading.streaming import nothing_usable
from assessments.decision_log.texts import TEXTS

MOST_NUMBERED = 1 << 16
"""Different reasons, up to which rows hold a number in place of the text."""
MOST_CELLS = 4_000_000
"""Kinds of rows that are told apart; more would be no counts any more but rows."""


_REMEDY = {fault: TEXTS.text(f"engine_remedy_{fault.value}") for fault in (Fault.ROUNDED_ID, Fault.FORMULA)}
"""What is done of another kind in a table than in a file."""


@contextmanager
def counted(
    place: Place, mapping: LogMapping, *, key: bytes, at: datetime
) -> Iterator[tuple[ImportedLog, TableCounts]]:
    """The log, whose figures can be reckoned as long as the engine is open.

    mapping: names the columns. key: the organisation's, for the reviewers' pseudonyms. at: aware; later decisions are bad rows.
    Raises: LogRefusedError.
    """
    with opened(place) as engine:
        yield _Counting(engine, mapping, key, at).counted()


class _Counting:
    def __init__(self, engine: Engine, mapping: LogMapping, key: bytes, at: datetime) -> None:
        self.engine, self.mapping, self.key, self.at = engine, mapping, key, at
        self.shown = f"{engine.place.shown} · {engine.place.table}"
        self._check_columns()
        self.maker = Maker(engine, mapping, at, Pseudonyms(key).salt)
        self.statements: list[str] = []
        self.stored: Any | None = None
        """The rows that are used, stored narrow. None: the engine does not, or not before all is known."""
        self.reasons: Any | None = None
        """The different texts of reasons, numbered, where there are few of them."""

    def _check_columns(self) -> None:
        """Raises: LogRefusedError if the table has not the columns that the mapping names."""
        name, headers = self.engine.place.table, list(self.engine.table.columns)
        mapped = [*self.mapping.columns.values(), *self.mapping.groups.values()]
        absent = [column for column in REQUIRED if column not in self.mapping.columns]
        if absent:
            known = suggest(headers)
            likely = ", ".join(known.columns[column] for column in absent if column in known.columns) or "–"
            shown = ", ".join(column.value for column in absent)
            raise refused("engine_columns", table=name, columns=shown, likely=likely)
        for header in mapped:
            if header not in headers:
                raise refused("engine_no_column", table=name, header=header, headers=", ".join(headers[:30]))
            if mapped.count(header) > 1:
                raise refused("mapped_twice", name=name, header=header)

    def counted(self) -> tuple[ImportedLog, TableCounts]:
        self.relation = self.maker.relation()
        names = self._names(self.relation)
        self.cells = self._counted_cells()
        if self._may_hold_no_decisions():
            self.relation = self.maker.relation(self.relation.names, is_close=True)
            self.cells = self._counted_cells()
        self.cases = np.array(self.cells["n"], np.int64)
        self.names = names
        self._check_names()
        if not len(self.cases):
            raise refused("engine_empty", table=self.engine.place.table)
        if set(self.cells["is_case"]) == {USUAL} and not self.engine.is_ready_made:
            self.relation = self.maker.relation(self.relation.names, are_usual=True)
        collector = made.CellCollector(
            self.mapping, self.key, self.at, guessed=frozenset(), names=names, repeated=self._repeated
        )
        self._add(collector)
        collected = collector.finish(lambda records, total: {})
        if not collected.rows.used:
            raise self._nothing_usable(collected)
        check_labels(self.shown, collected.log)
        rows = self._people(collector, collected)
        codes = self._codes(collector, collected)
        counts = TableCounts(self.maker, rows, collected.log, codes, self.reasons)
        return self._imported(collector, collected), counts

    def _nothing_usable(self, collected: Collected) -> LogRefusedError:
        if not collected.rows.total:
            return refused("engine_blank", table=self.engine.place.table, n=f"{collected.blank_rows:,}")
        return nothing_usable(self.shown, collected.rows, {**REMEDY, **_REMEDY})

    def _counted_cells(self) -> dict[str, list[Any]]:
        """Column → what it holds in each kind of row, and how many rows there are of each."""
        rows = self.relation.rows
        if not self.relation.is_mostly_usual:
            return self._cells_of(rows)
        # Of nearly all rows the kind of case id is one and the same: to group by it would cost a fifth of the question.
        cells = self._cells_of(rows.filter(_.is_case == USUAL), case=USUAL)
        if sum(cells["n"]) == self.engine.whole_number(self.engine.table.count()):
            return cells
        others = self._cells_of(rows.filter(_.is_case != USUAL))
        cells = {name: values + others[name] for name, values in cells.items()}
        self._check_size(len(cells["n"]))
        return cells

    def _cells_of(self, rows: Any, case: str | None = None) -> dict[str, list[Any]]:
        """case: the kind of all their case ids. None: they are of several."""
        words, packed_kinds = self.relation.words, ibis.literal(0).cast("int64")
        for name, kinds in words.items():
            place = rows[name].ifelse(1, 0) if kinds == NO_YES else rows[name]
            packed_kinds = packed_kinds * len(kinds) + place.cast("int64")
        alike = set(words) if case is None else {*words, "is_case"}
        texts = [name for name in self.relation.cells if name not in alike]
        question = rows.mutate(packed=packed_kinds).group_by(*texts, "packed").agg(n=_.count())
        question = question.limit(MOST_CELLS + 1)
        self.statements.append(self._sql(question))
        table = self.engine.answer(question)
        self._check_size(table.num_rows)
        numbers = table["packed"].to_numpy()
        cells: dict[str, list[Any]] = {"is_case": [case] * table.num_rows}
        for name, kinds in reversed([*words.items()]):
            numbers, places = np.divmod(numbers, len(kinds))
            cells[name] = (places.astype(np.bool_) if kinds == NO_YES else places).tolist()
        held = {name: table[name].to_pylist() if name in texts else cells[name] for name in self.relation.cells}
        return held | {"n": table["n"].to_pylist()}

    def _check_size(self, cells: int) -> None:
        if cells > MOST_CELLS:
            raise refused("engine_cells", table=self.engine.place.table, most=f"{MOST_CELLS:,}")

    def _may_hold_no_decisions(self) -> bool:
        """Whether rows with usual case ids may be repeated headers or lines of totals: only then their ids are looked at closely."""
        mapping, missing = self.mapping, self.maker.missing
        names = {"is_output": Column.OUTPUT, "is_decision": Column.DECISION}
        pairs = zip(self.cells["is_case"], *(self.cells[name] for name in names), strict=True)
        usual = {(output, decision) for case, output, decision in pairs if case == USUAL}
        if any(
            says_header(output, mapping, Column.OUTPUT) and says_header(decision, mapping, Column.DECISION)
            for output, decision in usual
        ):
            return True
        counts = [[text for text in pair if is_count(text) or missing.is_missing(text)] for pair in usual]
        if not any(len(pair) == len(names) for pair in counts):
            return False
        rows = self.relation.rows.filter(_.is_case == USUAL, self.maker.is_total(_.case_text))
        return bool(self.engine.whole_number(rows.count()))

    # --- names and cells -----------------------------------------------------------------------------------------

    def _names(self, relation: Relation) -> made.Names | None:
        if relation.names is None:
            return None
        named = relation.names.drop("raw")
        self.statements.append(self._sql(named))
        table = self.engine.answer(named.order_by(_.n.desc(), "name").limit(20 * MOST_REVIEWERS))
        names = made.Names(table)
        header = self.mapping.columns[Column.REVIEWER]
        unknown = sum(kind == UNKNOWN for kind in names.kinds)
        if unknown:
            raise refused("engine_odd", header=header, n=f"{unknown:,}")
        if len(set(names.digests)) > MOST_REVIEWERS or table.num_rows == 20 * MOST_REVIEWERS:
            raise refused("too_many_values", header=header, most=f"{MOST_REVIEWERS:,}")
        return names

    def _check_names(self) -> None:
        """Raises: LogRefusedError where rows came or went since the names were counted: those of a new name would be missing."""
        if self.names is None:
            return
        counted = dict.fromkeys(self.names.numbers, 0)
        for name, n in zip(self.cells["name"], self.cells["n"], strict=True):
            counted[name] = counted.get(name, 0) + n
        if counted != dict(zip(self.names.numbers, self.names.rows, strict=True)):
            raise refused("engine_changed", table=self.engine.place.table)

    def _add(self, collector: made.CellCollector) -> None:
        headers = made.columns_of(self.cells, self.relation.words, self.mapping, self.names)
        if not len(self.cases):
            return
        records = np.arange(len(self.cases), dtype=np.int64) + made.FIRST_RECORD
        collector.add(Chunk(records, headers, share=1.0, cases=self.cases))
        if Column.REASON in self.mapping.columns:
            self._note_reasons(collector)

    def _note_reasons(self, collector: made.CellCollector) -> None:
        """Words that stand for no reason, texts saved as constants; and whether the engine can compare what was written."""
        texts = self.maker.texts
        reasons = self.maker.reasons(self.relation)
        reasons = reasons.mutate(**self._reason_kinds(reasons.reason_text))
        if self.engine.narrow:
            number = ibis.row_number().over(order_by="reason_text").cast("int32")
            reasons = self.engine.keep(reasons.mutate(reason=reason_key(texts, reasons.reason_text), number=number))
            if self.engine.whole_number(reasons.count()) <= MOST_NUMBERED:
                self.reasons = reasons.select("reason_text", "reason", "number")
        self._note(collector, reasons, 1)
        if len(collector.passed_over):
            among = np.ones(len(self.cases), np.bool_)
            decisions = among.copy()
            decisions[collector.passed_over] = False
            rows = self.relation.rows.filter(made.unwanted(self.relation.rows, self.cells, among, decisions))
            rows = rows.group_by("reason_text").agg(n=_.count())
            self._note(collector, rows.mutate(**self._reason_kinds(rows.reason_text)), -1)
            for counts in (collector.noted, collector.missing.counts):
                for key in [key for key, n in counts.items() if not n]:
                    del counts[key]

    def _reason_kinds(self, text: Any) -> dict[str, Any]:
        texts = self.maker.texts
        missing = ibis.literal("m:") + texts.plain(texts.constant(text))
        kind = ibis.cases(
            (~texts.known(text), UNKNOWN), (text == "", ""), (reason_key(texts, text) == "", missing), else_=""
        )
        return {"kind": kind, "is_constant": text != texts.constant(text)}

    def _note(self, collector: made.CellCollector, reasons: Any, sign: int) -> None:
        """sign: 1 to count them, -1 to count them no more."""
        noted = reasons.group_by("kind", "is_constant").agg(n=_.n.sum())
        for held in self.engine.answer(noted).to_pylist():
            if held["kind"] == UNKNOWN and sign > 0:
                header = self.mapping.columns[Column.REASON]
                raise refused("engine_odd", header=header, n=f"{int(held['n']):,}")
            if held["is_constant"]:
                collector.noted["text_constants", Column.REASON.value] += sign * int(held["n"])
            if held["kind"].startswith("m:"):
                collector.missing.count(Column.REASON, held["kind"][2:], sign * int(held["n"]))

    # --- rows that say the same thing twice ----------------------------------------------------------------------

    def _repeated(
        self, collector: made.CellCollector, columns: dict[str, npt.NDArray[Any]]
    ) -> Mapping[Fault, npt.NDArray[np.int64]]:
        """Per cell that is left: how many of its rows repeat another one, or were replaced by a later decision."""
        place = columns["record"] - made.FIRST_RECORD
        self.used_rows = self._used(place)
        self.ordered = {name: np.full(len(self.cases), -1, np.int64) for name in ("output", "decision")}
        for name, codes in self.ordered.items():
            codes[place] = columns[name]
        keyed = self._keyed(columns, place)
        key = ["case_text", "stage_code", "who", "automatic"]
        short, narrow = self.engine.words.short, self.engine.narrow
        if short and narrow:
            grouped = ["together"]
            keyed = keyed.mutate(together=short(*(keyed[name] for name in key)))
            self.stored = self.engine.store(self._narrow(keyed, "together"))
            again = narrow.repeated(self.stored, "together")
        else:
            grouped = key
            again = self.engine.keep(keyed.group_by(*key).agg(n=_.count()).filter(_.n > 1).drop("n"))
            again = again if self.engine.whole_number(again.count()) else None
        if again is None:
            self.used_rows = keyed
            return {}
        others = again.rename({f"its_{name}": name for name in grouped})
        same = [keyed[name] == others[f"its_{name}"] for name in grouped]
        among = keyed.semi_join(others, same)
        settled = self.engine.keep(self._settled(among, columns, key))
        aside = settled.filter(_.rank > 0).group_by(*self.relation.cells, "is_equal").agg(n=_.count())
        held = answered(self.engine, aside)
        kinds = [name for name in self.cells if name != "n"]
        index = {tuple(self.cells[name][cell] for name in kinds): row for row, cell in enumerate(place.tolist())}
        out = {fault: np.zeros(len(place), np.int64) for fault in (Fault.DUPLICATE, Fault.REPLACED)}
        lists = {name: values.tolist() for name, values in held.items()}
        for row, n in enumerate(lists["n"]):
            fault = Fault.DUPLICATE if lists["is_equal"][row] else Fault.REPLACED
            out[fault][index[tuple(lists[name][row] for name in kinds)]] += int(n)
        stays = settled.filter(_.rank == 0)
        if narrow:
            narrow.replace(self.stored, again, "together", self._narrow(stays, "together"))
        else:
            self.used_rows = keyed.anti_join(others, same).union(stays.select(*keyed.columns), distinct=False)
        return out

    def _narrow(self, rows: Any, *names: str) -> Any:
        """Of keyed rows what figures are reckoned from, in few bytes."""
        names += tuple(name for name in rows.columns if name.startswith("number_"))
        if self.reasons is not None:
            numbers = self.reasons.select(reason="number", its_text="reason_text")
            rows = rows.join(numbers, rows.reason_text == numbers.its_text)
        names += ("reason",) if self.reasons is not None else ("reason_text",) if "reason_text" in rows.columns else ()
        types = {"person": "int32", "output_code": "int16", "decision_code": "int16"}
        rows = rows.select(
            "micros", "review_ms", "automatic", *names, **{name: rows[name].cast(kind) for name, kind in types.items()}
        )
        return rows.mutate(departs=rows.output_code != rows.decision_code)

    def _used(self, place: npt.NDArray[np.int64]) -> Any:
        among = np.ones(len(self.cases), np.bool_)
        wanted = np.zeros(len(self.cases), np.bool_)
        wanted[place] = True
        unwanted = made.unwanted(self.relation.rows, self.cells, among, wanted)
        return self.relation.rows if unwanted is None else self.relation.rows.filter(~unwanted)

    def _keyed(self, columns: dict[str, npt.NDArray[Any]], place: npt.NDArray[np.int64]) -> Any:
        """The rows with what they are compared by; codes are in the order of labels, whatever the order of rows."""
        rows = self.used_rows
        automatic = columns["automatic"].astype(np.bool_)
        among = np.zeros(len(self.cases), np.bool_)
        by_people = among.copy()
        among[place], by_people[place] = True, ~automatic
        unwanted = made.unwanted(rows, self.cells, among, by_people)
        is_automatic = ibis.literal(False) if unwanted is None else unwanted
        has_people = (columns["reviewer"] >= 0).any()
        who = rows.person.cast("int64") if has_people else ibis.literal(-1).cast("int64")
        rows = rows.mutate(automatic=is_automatic)
        codes = {"output": "is_output", "decision": "is_decision"}
        codes |= {"later": "is_later"} if "is_later" in self.cells else {}
        codes |= {f"group.{name}": f"is_group_{number}" for number, name in enumerate(self.mapping.groups)}
        made_columns = {
            f"{name}_code".replace("group.", "group_"): made.coded(
                rows[kind], self._by_text(kind, columns[name], place)
            )
            for name, kind in codes.items()
        }
        stage = self._by_text("is_stage", columns["stage"], place) if "is_stage" in self.cells else {}
        made_columns["stage_code"] = made.coded(rows.is_stage, stage) if stage else ibis.literal(-1).cast("int64")
        rows = rows.mutate(who=rows.automatic.ifelse(ibis.literal(-1).cast("int64"), who), **made_columns)
        return self.engine.hold(rows)

    def _by_text(self, kind: str, codes: npt.NDArray[Any], place: npt.NDArray[np.int64]) -> dict[str, int]:
        held = self.cells[kind]
        return {held[cell]: int(code) for cell, code in zip(place.tolist(), codes.tolist(), strict=True)}

    def _settled(self, among: Any, columns: dict[str, npt.NDArray[Any]], key: list[str]) -> Any:
        """As `duplicates.find_repeated`: the last decision stays, of equally late ones the one that agrees with the AI."""
        none = ibis.literal(np.iinfo(np.int64).min).cast("int64")
        reason: Any = ibis.literal("")
        if Column.REASON in self.mapping.columns:
            text = reason_key(self.maker.texts, among.reason_text)
            digest = self.engine.words.sha256(text).substr(0, DIGEST_SIGNS)
            reason = (text == "").ifelse("", digest)
        among = among.mutate(
            late=among.micros.fill_null(none), agrees=among.output_code == among.decision_code, digest=reason
        )
        fields = {"decision": "decision_code", "output": "output_code", "review_ms": "review_ms", "reason": "digest"}
        fields |= {"later": "later_code"} if "later" in columns else {}
        fields |= {name: name.replace("group.", "group_") + "_code" for name in columns if name.startswith("group.")}
        fields |= {name: name.replace("number.", "number_") for name in columns if name.startswith("number.")}
        ordered = ["late", "agrees", *(fields[name] for name in sorted(fields, reverse=True))]
        window = ibis.window(group_by=key, order_by=[among[name].desc() for name in ordered])
        among = among.mutate(rank=ibis.row_number().over(window))
        firsts = {f"first_{name}": among[name].first().over(window) for name in ordered if name != "agrees"}
        among = among.mutate(**firsts)
        equal = [among[name] == among[f"first_{name}"] for name in ordered if name != "agrees"]
        return among.mutate(is_equal=made.all_of(equal))

    # --- what is made of it --------------------------------------------------------------------------------------

    def _people(self, collector: made.CellCollector, collected: Collected) -> Any:
        """Rows of decisions by people, with the codes of the finished log."""
        log, place = collected.log, collector.used_cells
        rows = self._narrow(self.used_rows) if self.stored is None else self.stored
        rows = rows.filter(~rows.automatic) if log.automatic.any() else rows
        codes = {
            "output": made.renumbered(rows.output_code, self.ordered["output"][place], log.output),
            "decision": made.renumbered(rows.decision_code, self.ordered["decision"][place], log.decision),
        }
        rows = rows.mutate(**codes).drop("automatic", "output_code", "decision_code")
        return rows if self.stored is not None else self.engine.store(rows)

    def _codes(self, collector: made.CellCollector, collected: Collected) -> dict[int, int]:
        if self.names is None:
            return {}
        persons = dict(zip(self.names.numbers, self.names.persons, strict=True))
        cells = self.cells["name"]
        pairs = zip(collector.used_cells.tolist(), collected.log.reviewer.tolist(), strict=True)
        return {persons[cells[cell]]: code for cell, code in pairs if code >= 0}

    def _sql(self, question: Any) -> str:
        return str(ibis.to_sql(question))

    def _imported(self, collector: made.CellCollector, collected: Collected) -> ImportedLog:
        used = collected.mapping
        total = collected.rows.total
        statements = hashlib.sha256("\n".join(self.statements).replace(self.maker.salt, "").encode()).hexdigest()
        place = self.engine.place
        origin = EngineTable(self.engine.version, place.shown, place.table, self.at, total, statements)
        identity = {
            "engine": origin.engine,
            "where": origin.where,
            "table": origin.table,
            "at": origin.at.isoformat(),
            "rows": origin.rows,
            "statements": origin.statements_sha256,
        }
        digest = hashlib.sha256(json.dumps(identity, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        file = LogFile(place.table, digest, 0, place.kind, is_made=collector.is_made, origin=origin)
        mapped = {**{column.value: header for column, header in used.columns.items()}, **used.groups}
        rows = RowCount(total, collected.rows.used, collected.rows.bad, (), 0, 0)
        return ImportedLog(collected.log, file, rows, mapped, used, self._reading(collected, mapped))

    def _reading(self, collected: Collected, mapped: Mapping[str, str]) -> Reading:
        return Reading(
            columns=tuple(ColumnReading(name, header, How.SAID) for name, header in mapped.items()),
            joined=collected.joined,
            missing=tuple(MissingWord(*where, cells) for where, cells in sorted(collected.missing.items())),
            aside=tuple(Aside(fault.value, count, ()) for fault, count in collected.rows.bad.items()),
            assumed=collected.assumed,
            not_computed=collected.not_computed,
            asked=collected.asked,
            blank_rows=collected.blank_rows,
        )

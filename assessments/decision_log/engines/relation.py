"""The rows of a table as an engine sees them: what each column is made of before it is counted. Relation, related.

A row is told apart only as far as the reading of a file would tell it apart: labels by their text, everything else by its
kind, a few signs for what the value is (empty, a missing word, a time before all times …). So what is counted is small, and
what leaves the engine holds no case, no time, no reason and no name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache, reduce
from typing import Any
from zoneinfo import ZoneInfo

import ibis
from ibis import literal as value

from assessments.decision_log.engines import signs
from assessments.decision_log.engines.engine import Engine, Words
from assessments.decision_log.reading import cleaning, meaning
from assessments.decision_log.reading import columns as column_words
from assessments.decision_log.reading.columns import NUMBERS, Column, LogMapping
from assessments.decision_log.reading.faults import refused
from assessments.decision_log.reading.spelling import CONSTANT, key_of

_EARLIEST = 631_152_000_000_000
_DAY = 86_400_000_000
_PUNCTUATION = "_-.,:;*#'\"()[]{}<>/|" + "".join(map(chr, range(0x2010, 0x2016))) + "\u30fb\u00b7"
"""What `columns.without_punctuation` leaves out."""
_ROUNDED = r"^[+-]?([0-9]([.][0-9]+)?[eE][+][0-9]{2,3}|[0-9][.][0-9]+[eE][0-9]{1,3})$"
_WHOLE = r"^([+-]?[0-9]+)[.]0+$"
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$"
_YEAR_LAST = r"^[0-9]{1,2} *[-./] *[0-9]{1,2} *[-./] *[0-9]{4}.*$"
_NUMBER = r"^[0-9]{1,15}([.][0-9]{0,9})?$"
_BESIDE = r"^[0-9]{1,12}([.][0-9]+)?$"
_THOUSANDS = r"^[1-9][0-9]{0,2}(,[0-9]{3})+([.][0-9]+)?$"
_MOST_MS = 1e12
_LETTERS = "A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff\u3041-\u30fe\u4e00-\u9fff\uac00-\ud7a3"
_PLAIN = "plain of "
_BARE = "bare of "
_PARTS = (("year", 0, 4), ("month", 5, 2), ("day", 8, 2), ("hour", 11, 2), ("minute", 14, 2))
"""Of a text of a time: where each begins, and how many figures it has."""
_TIME_KINDS = ("m", "e", "l", "k1", "k0")
NO_YES = (False, True)
USUAL = " U"
"""Kind of a case id that cannot be anything else."""
UNKNOWN = "u"
"""Kind of a value that this engine cannot compare as a file's reading would."""


def apart(table: Any) -> Any:
    """The same table as a statement of its own: else each use of a column would be written out anew, many times over.

    Ibis puts selections into one another unless the inner one holds something that must not be reckoned twice.
    """
    return table.mutate(apart=ibis.random())


class Texts:
    """What is done to texts, in the words of one engine."""

    def __init__(self, words: Words, missing: cleaning.Missing) -> None:
        self.words, self.missing = words, missing

    def flat(self, text: Any) -> Any:
        """Of usual width, with one kind of blank, without what cannot be seen."""
        return self.words.composed(text).replace("…", "...").translate(*signs.flat())

    def known(self, text: Any) -> Any:
        """Whether the engine can compare it."""
        return self.words.composed(text).replace("…", "").re_search(f"^[{signs.known()}]*$")

    def plain(self, text: Any) -> Any:
        return self.flat(text).re_replace(" +", " ").strip()

    def key(self, text: Any) -> Any:
        """As `spelling.key_of`."""
        bare = self.flat(text).replace(" ", "").translate(*signs.fold())
        return bare.re_replace(_WHOLE, self.words.first)

    def bare(self, key: Any) -> Any:
        """As `columns.without_punctuation`, of a key."""
        return _without(key, _PUNCTUATION)

    def constant(self, text: Any) -> Any:
        return text.re_search(CONSTANT).ifelse(text.re_extract(CONSTANT, 1).replace('""', '"'), text)

    def is_missing(self, key: Any) -> Any:
        """As `cleaning.Missing.is_missing`, of a key that is not empty."""
        word = key.isin(sorted(self.missing.keys))
        return word | (_without(key, signs.punctuation()) == "") if self.missing.takes_signs else word


def _without(text: Any, characters: str) -> Any:
    """Without these characters. The first of them stands for itself and goes last, for a table may not be empty."""
    return text.translate(characters[0] + characters[1:], characters[0]).replace(characters[0], "")


def text_of(words: Words, column: Any, name: str, header: str) -> Any:
    """As `numbering.as_text`. Raises: LogRefusedError where no text can be made of the column."""
    kind = column.type()
    if kind.is_string():
        return column.fill_null("")
    if kind.is_floating():
        number = column.cast("float64")
        is_whole = (number == number.floor()) & (number.abs() < float(2**53))
        text = is_whole.ifelse(is_whole.ifelse(number, 0.0).cast("int64").cast("string"), words.number_text(number))
        return number.isnan().ifelse("nan", text).fill_null("")
    if (
        kind.is_integer()
        or kind.is_boolean()
        or kind.is_decimal()
        or kind.is_date()
        or kind.is_null()
        or kind.is_uuid()
    ):
        return column.cast("string").fill_null("")
    raise refused("engine_column_type", table=name, header=header, kind=str(kind)[:60])


def is_null(column: Any) -> Any:
    """Of a number too; that one is no number is another thing, which Ibis takes for nothing in Spark."""
    return (column.cast("string") if column.type().is_floating() else column).isnull()


def _is_empty(column: Any) -> Any:
    return is_null(column) | (column == "") if column.type().is_string() else is_null(column)


@dataclass(frozen=True)
class Relation:
    """The rows, ready to be grouped."""

    rows: Any
    """Ibis table with the columns of `cells`, `person`, `micros`, `review_ms`, `case_text`, `reason_text` and `number_…`."""
    cells: tuple[str, ...]
    """Columns by which rows are told apart."""
    names: Any
    """The different names of reviewers with what is known of each. None: there is no such column."""
    words: Mapping[str, tuple[Any, ...]]
    """Those of `cells` that hold numbers, with what each of these stands for: such are grouped and read as one number."""
    is_mostly_usual: bool = False
    """Whether the engine tells usual case ids cheaply, so that rows with others are counted apart."""


class Maker:
    """Makes the relation of one table."""

    def __init__(self, engine: Engine, mapping: LogMapping, at: datetime, salt: str) -> None:
        self.engine, self.mapping, self.salt = engine, mapping, salt
        headers = dict.fromkeys((*mapping.columns.values(), *mapping.groups.values()))
        self.places = {header: f"column_{number}" for number, header in enumerate(headers)}
        """Header → its name in every statement: none that stands for something else, and none too long for the engine."""
        self.table = engine.table.select(**{place: engine.table[header] for header, place in self.places.items()})
        self.name = engine.place.table
        self.latest = int(at.timestamp() * 1_000_000)
        self.zone = ZoneInfo(mapping.time_zone)
        self.missing = meaning.missing(mapping)
        self.texts = Texts(engine.words, self.missing)
        self._words: dict[str, tuple[Any, ...]] = {}

    def relation(self, names: Any = None, *, are_usual: bool = False, is_close: bool = False) -> Relation:
        """names: of a relation made before. are_usual: so are all case ids, so that none needs a closer look.
        is_close: no case id is taken for a usual one by its signs alone.
        """
        columns: dict[str, Any] = {}
        cells: list[str] = []
        self._words = {}
        for column in (Column.OUTPUT, Column.DECISION, Column.STAGE, Column.AUTOMATIC, Column.LATER):
            if column in self.mapping.columns:
                columns[f"is_{column.name.lower()}"] = self._output() if column is Column.OUTPUT else self._text(column)
        for place, header in enumerate(self.mapping.groups.values()):
            columns[f"is_group_{place}"] = text_of(self.engine.words, self._held(header), self.name, header)
        cells += columns
        self._case(columns, are_usual=are_usual, is_close=is_close)
        cells.append("is_case")
        table, self.table = self.table, self._with_times(apart(self._written(columns)))
        columns = {name: self.table[name] for name in columns}
        columns |= self._times(cells)
        for column in NUMBERS:
            if column in self.mapping.columns:
                columns[f"is_{column.name.lower()}"], columns[f"number_{column.value}"] = self._beside(column)
                cells.append(f"is_{column.name.lower()}")
        if Column.REASON in self.mapping.columns:
            columns["reason_text"] = self._text(Column.REASON)
        if Column.REVIEWER in self.mapping.columns:
            columns["name_text"] = self._text(Column.REVIEWER)
            names = self.engine.keep(self._names(table)) if names is None else names
        columns["is_blank"] = self._is_blank(are_usual=are_usual)
        cells.append("is_blank")
        self._words["is_blank"] = NO_YES
        rows = self.engine.hold(apart(self._case_kind(self.table.select(**columns))))
        self.table = table
        if names is None:
            rows = rows.mutate(name=value(-1).cast("int64"), person=value(-1).cast("int64"))
        else:
            numbers = names.select(name="name", person="person", other_text="raw")
            rows = rows.join(numbers, rows.name_text == numbers.other_text).drop("name_text", "other_text")
        is_mostly_usual = bool(self.engine.words.is_usual) and "is_usual" in columns and not is_close
        return Relation(rows, (*cells, "name"), names, self._words, is_mostly_usual)

    def _is_blank(self, *, are_usual: bool) -> Any:
        """Whether a row is empty in every column that is read. Only of a row without a case id the others are looked at."""
        if are_usual:
            return value(False)
        case = self._held(self.mapping.columns[Column.CASE])
        empty = [_is_empty(self.table[place]) for place in self.places.values()]
        every = reduce(lambda left, right: left & right, empty).fill_null(False)
        return _is_empty(case).fill_null(False).ifelse(every, False)

    def _written(self, columns: dict[str, Any]) -> Any:
        """The table with those columns, and texts of times and numbers made plain."""
        plain = {}
        for column in (Column.DECIDED, Column.SHOWN, Column.SECONDS, Column.MINUTES, *NUMBERS):
            place = self._place(column)
            if place and self.table[place].type().is_string():
                plain[f"{_PLAIN}{place}"] = self.texts.plain(self.table[place].fill_null(""))
        return self.table.mutate(**columns, **plain)

    def _with_times(self, written: Any) -> Any:
        """With what is read of texts of times, and of numbers with commas."""
        made = {}
        for column in (Column.DECIDED, Column.SHOWN):
            place = self._place(column)
            if f"{_PLAIN}{place}" in written.columns:
                written = self._with_written_time(written, place)
            elif place:
                made[f"micros of {place}"] = self._micros(written[place], self.mapping.columns[column])
        for column in (Column.SECONDS, Column.MINUTES, *NUMBERS):
            place = self._place(column)
            if f"{_PLAIN}{place}" in written.columns:
                text = written[f"{_PLAIN}{place}"]
                made[f"{_BARE}{place}"] = text.re_search(_THOUSANDS).ifelse(text.replace(",", ""), text)
        return apart(written.mutate(**made)) if made else written

    def _text(self, column: Column) -> Any:
        header = self.mapping.columns[column]
        return text_of(self.engine.words, self._held(header), self.name, header)

    def _held(self, header: str) -> Any:
        return self.table[self.places[header]]

    def _place(self, column: Column) -> str:
        """Empty: the log has no such column."""
        return self.places.get(self.mapping.columns.get(column, ""), "")

    def _output(self) -> Any:
        header, cutoff = self.mapping.columns[Column.OUTPUT], self.mapping.cutoff
        column = self._held(header)
        if cutoff is None or not column.type().is_numeric():
            return self._text(Column.OUTPUT)
        least = Decimal(cutoff.at_least)
        number = column.cast("float64") if column.type().is_floating() else column
        mark = float(least) if column.type().is_floating() else least
        below = str(least - 1)
        shown = (number >= value(mark)).ifelse(cutoff.at_least, below)
        if column.type().is_floating():
            shown = number.isnan().ifelse("nan", number.isinf().ifelse("inf", shown))
        return is_null(column).ifelse("", shown)

    # --- case ids ------------------------------------------------------------------------------------------------

    def _case(self, columns: dict[str, Any], *, are_usual: bool, is_close: bool) -> None:
        """The text by which cases are compared, and what its kind is told by."""
        header = self.mapping.columns[Column.CASE]
        raw = text_of(self.engine.words, self._held(header), self.name, header)
        columns["case_raw"] = raw
        if are_usual:
            columns["case_text"], columns["is_case"] = raw, value(USUAL)
            return
        if self._held(header).type().is_integer():
            columns["case_text"] = raw
            return
        is_usual = value(False)
        # A colon is no plain sign to DuckDB, an E none to the pattern: err:502 is taken for usual by neither.
        words = (key for key in self.missing.keys if not {"e", ":"} <= set(key))
        if not is_close and not any(key[-1:].isdigit() for key in words):
            # What ends in a digit and is of plain signs needs no closer look; a long table is nearly all of such.
            by_signs = self.engine.words.is_usual
            pattern = f"^[!-<>-DF-LN-df-~][!-<>-DF-df-~]*[0-9]{self.engine.words.end}"
            is_usual = by_signs(raw) if by_signs else raw.re_search(pattern)
        columns["is_usual"] = is_usual
        columns["case_text"] = is_usual.ifelse(raw, self.texts.plain(self.texts.constant(raw)))

    def _case_kind(self, rows: Any) -> Any:
        """rows: with what `_case` made. Returns them with the text and its kind."""
        if "is_case" in rows.columns:
            return rows.drop("case_raw")
        if "is_usual" not in rows.columns:
            return rows.mutate(is_case=(rows.case_raw == "").ifelse("m", " k")).drop("case_raw")
        raw, plain, texts = rows.case_raw, rows.case_text, self.texts
        held = column_words.words()
        lower = plain.replace(" ", "").translate(*signs.fold())
        own = [key_of(self.mapping.columns[Column.CASE]), *held["fields"][Column.CASE.value]]
        says_header = texts.bare(lower).isin(sorted({*own, *map(column_words.without_punctuation, own)}))
        for name, column in (("is_output", Column.OUTPUT), ("is_decision", Column.DECISION)):
            known = sorted({key_of(self.mapping.columns[column]), *held["fields"][column.value]})
            bare = texts.bare(rows[name].replace(" ", "").lower())
            says_header &= bare.isin(sorted({*known, *map(column_words.without_punctuation, known)}))
        pattern = "|".join(map(re.escape, self._totals()))
        counts = [
            (rows[name] == "") | rows[name].re_search("[0-9]") | texts.is_missing(texts.key(rows[name]))
            for name in ("is_output", "is_decision")
        ]
        kind = ibis.cases(
            (~texts.known(raw), UNKNOWN),
            (plain == "", "m"),
            (says_header, value("t:") + plain),
            (counts[0] & counts[1] & lower.re_search(pattern) if pattern else value(False), value("t:") + plain),
            (plain.startswith("="), "f"),
            (plain.re_search(_ROUNDED), "r"),
            (texts.is_missing(lower), value("m:") + plain),
            (plain.startswith("MADE-"), "M"),
            else_="k",
        )
        is_constant = raw.re_search(CONSTANT)
        kind = is_constant.ifelse("c", " ") + kind
        return rows.mutate(is_case=rows.is_usual.ifelse(USUAL, kind)).drop("case_raw", "is_usual")

    def _totals(self) -> list[str]:
        held = column_words.words()["totals"]
        return sorted(held if self.mapping.totals is None else map(key_of, self.mapping.totals))

    def is_total(self, case: Any) -> Any:
        """Whether a usual case id holds a word for totals."""
        lower = case.lower()
        return reduce(
            lambda left, right: left | right, (lower.contains(word) for word in self._totals() if word), value(False)
        )

    # --- times ---------------------------------------------------------------------------------------------------

    def _times(self, cells: list[str]) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        none = value(None).cast("int64")
        moments: dict[Column, Any] = {}
        for column in (Column.DECIDED, Column.SHOWN):
            if column not in self.mapping.columns:
                continue
            place = self._place(column)
            held, micros = self.table[place].type(), self.table[f"micros of {place}"]
            if held.is_string():
                kind, clock = self.table[f"kind of {place}"], self.table[f"clock of {place}"]
                clock = clock & ~self._is_midnight(micros)
                read = clock.ifelse(self._time_kind(micros, ""), self._time_kind(micros, "d"))
                kind, micros = (kind != "").ifelse(kind, read), (kind == "").ifelse(micros, none)
            else:
                clock = value(False) if held.is_date() else ~self._is_midnight(micros)
                kind = self._time_number(micros, clock)
                self._words[f"is_{column.name.lower()}"] = self._time_words("") + self._time_words("d")
            columns[f"is_{column.name.lower()}"] = kind
            cells.append(f"is_{column.name.lower()}")
            moments[column] = micros, clock
        decided = moments[Column.DECIDED][0] if Column.DECIDED in moments else none
        review = none
        if len(moments) > 1:
            shown = moments[Column.SHOWN][0]
            clocks = moments[Column.DECIDED][1] & moments[Column.SHOWN][1]
            review = clocks.ifelse((decided - shown).floordiv(1000), none).cast("int64")
            columns["is_before"] = (clocks & (decided < shown)).fill_null(False)
            cells.append("is_before")
            self._words["is_before"] = NO_YES
        for column, unit in ((Column.SECONDS, 1000.0), (Column.MINUTES, 60_000.0)):
            if column in self.mapping.columns:
                kind, stated = self._duration(column, unit)
                columns[f"is_{column.name.lower()}"] = kind
                cells.append(f"is_{column.name.lower()}")
                review = review.fill_null(stated)
        columns["micros"], columns["review_ms"] = decided, review.fill_null(-1)
        return columns

    def _is_midnight(self, micros: Any) -> Any:
        """As `times.are_midnights`: a day that was saved as a time."""
        return ((micros + self._offset(micros, is_local=False)) % _DAY == 0).fill_null(False)

    def _time_kind(self, micros: Any, prefix: str) -> Any:
        """A word for every kind: put together from parts it would be made anew in every row."""
        *words, last = self._time_words(prefix)
        return ibis.cases(*zip(self._time_tests(micros), words, strict=True), else_=last)

    def _time_words(self, prefix: str) -> tuple[str, ...]:
        return tuple(word if word == "m" else f"{prefix}{word}" for word in _TIME_KINDS)

    def _time_number(self, micros: Any, clock: Any) -> Any:
        """The place of its kind in `_TIME_KINDS`; of a day, which has no clock, as many places on."""
        tests = self._time_tests(micros)
        place = ibis.cases(*((test, place) for place, test in enumerate(tests)), else_=len(tests))
        return (place + clock.ifelse(0, len(_TIME_KINDS))).cast("int16")

    def _time_tests(self, micros: Any) -> list[Any]:
        return [micros.isnull(), micros < _EARLIEST, micros > self.latest, micros % 60_000_000 != 0]

    def _micros(self, held: Any, header: str) -> Any:
        """In UTC, of a column of days or moments. Raises: LogRefusedError where it is neither."""
        kind = held.type()
        if not (kind.is_date() or kind.is_timestamp()):
            raise refused("engine_time", header=header, kind=str(kind)[:60])
        local = self.engine.words.micros(held.cast("timestamp") if kind.is_date() else held)
        has_zone = kind.is_timestamp() and kind.timezone is not None
        return local if has_zone else local - self._offset(local, is_local=True)

    def _with_written_time(self, table: Any, place: str) -> Any:
        """With what `_times` wants to know of a text. Step by step: else the text of a statement doubles with each step."""
        plain = f"{_PLAIN}{place}"
        table = apart(table.mutate(part_is_iso=table[plain].re_search(_ISO)))
        table = apart(table.mutate(part_text=table.part_is_iso.ifelse(table[plain], "2000-01-01")))
        safe, numbers = table.part_text, {}
        for name, start, length in _PARTS:
            part = safe.substr(start, length)
            numbers[f"part_{name}"] = (part == "").ifelse("0", part).cast("int64")
        has_seconds = safe.substr(16, 1) == ":"
        second = has_seconds.ifelse(safe, "0000-00-00 00:00:00").substr(17, 2).cast("int64")
        has_clock = safe.length() > 10
        zone = has_clock.ifelse(safe, "").re_extract(r"(Z|[+-][0-9]{2}:[0-9]{2})$", 1).fill_null("")
        fraction = safe.re_extract(r"[.]([0-9]{1,6})", 1).fill_null("")
        micros = (fraction + "000000").substr(0, 6).cast("int64")
        clock = {"part_second": second, "part_micros": micros, "part_zone": zone, f"clock of {place}": has_clock}
        table = apart(table.mutate(**numbers, **clock))
        whole = (table.part_zone.length() == 6).ifelse(table.part_zone, "+00:00")
        table = apart(table.mutate(part_whole=whole, part_local=_local(table), part_is_sound=_is_sound(table)))
        own = (
            table.part_whole.substr(1, 2).cast("int64") * 60 + table.part_whole.substr(4, 2).cast("int64")
        ) * 60_000_000
        own = (table.part_whole.substr(0, 1) == "-").ifelse(-own, own)
        local, text = table.part_local, table[plain]
        utc = (table.part_zone == "").ifelse(local - self._offset(local, is_local=True), local - own)
        key = text.replace(" ", "").translate(*signs.fold())
        kind = ibis.cases(
            (text == "", "m"),
            (table.part_is_iso & table.part_is_sound, ""),
            (table.part_is_iso, "n"),
            (self.texts.is_missing(key), value("m:") + text),
            (text.re_search(_YEAR_LAST) & value(self.mapping.date_order is None), "o"),
            else_=UNKNOWN,
        )
        table = apart(table.mutate(**{f"micros of {place}": utc, f"kind of {place}": kind}))
        return table.drop(*(name for name in table.columns if name.startswith("part_")))

    def _offset(self, micros: Any, *, is_local: bool) -> Any:
        """The zone's, as `times` looks it up: an hour that the clock shows twice is the first."""
        changes = _changes(self.zone, self.latest, is_local=is_local)
        last = changes[-1][1]
        if len(changes) == 1:
            return value(last).cast("int64")
        # The latest comes first, which is that of nearly all rows: the others are then looked at no further.
        branches = [(micros >= since, offset) for since, offset in reversed(changes[1:])]
        return ibis.cases(*branches, else_=changes[0][1]).cast("int64")

    def day(self, micros: Any) -> Any:
        """Since 1970, in the log's zone."""
        return (micros + self._offset(micros, is_local=False)).floordiv(_DAY).cast("int64")

    # --- numbers -------------------------------------------------------------------------------------------------

    def _number(self, column: Column, pattern: str) -> tuple[Any, Any, Any]:
        """The number, whether it is one, and the kind of what is empty or missing (else empty)."""
        held = self._held(self.mapping.columns[column])
        kind = held.type()
        if kind.is_numeric():
            number = held.cast("float64")
            is_number = (number >= 0) & (number < 1e15) & ~(number.isnan() if kind.is_floating() else value(False))
            empty = is_null(held).ifelse("m", "")
            if kind.is_floating():
                empty = number.isnan().fill_null(False).ifelse("m:nan", empty)
            return number, is_number.fill_null(False), empty
        if not kind.is_string():
            raise refused("engine_number", header=self.mapping.columns[column], kind=str(kind)[:60])
        text, bare = (self.table[f"{kind_of}{self._place(column)}"] for kind_of in (_PLAIN, _BARE))
        is_number = bare.re_search(pattern)
        key = text.replace(" ", "").translate(*signs.fold())
        empty = ibis.cases(
            (text == "", "m"), (is_number, ""), (self.texts.is_missing(key), value("m:") + text), else_=""
        )
        return is_number.ifelse(bare, "0").cast("float64"), is_number, empty

    def _duration(self, column: Column, unit: float) -> tuple[Any, Any]:
        is_text = self._held(self.mapping.columns[column]).type().is_string()
        number, is_number, empty = self._number(column, _NUMBER)
        stated = number * unit
        is_good = is_number & (stated <= _MOST_MS)
        kind = ibis.cases(
            (empty != "", empty),
            (is_good, (stated % 60_000.0 != 0).ifelse("k1", "k0")),
            (is_number | self._is_negative(column), "b"),
            else_=UNKNOWN if is_text else "b",
        )
        return kind, is_good.ifelse(_half_even(stated), value(None).cast("int64"))

    def _is_negative(self, column: Column) -> Any:
        plain = f"{_PLAIN}{self._place(column)}"
        return self.table[plain].re_search(f"^-{_NUMBER[1:]}") if plain in self.table.columns else value(False)

    def _beside(self, column: Column) -> tuple[Any, Any]:
        number, is_number, empty = self._number(column, _BESIDE)
        is_number = is_number & (number < 1e12)
        kind = ibis.cases((empty != "", empty), (is_number, "k"), else_="x")
        return kind, is_number.ifelse(_half_even(number * 1000), value(-1).cast("int64"))

    def reasons(self, relation: Relation) -> Any:
        """The different texts of reasons, and how many rows hold each."""
        if self.engine.is_ready_made:
            return relation.rows.group_by("reason_text").agg(n=ibis.deferred.count())
        return (
            self.table.select(reason_text=self._text(Column.REASON))
            .group_by("reason_text")
            .agg(n=ibis.deferred.count())
        )

    # --- names ---------------------------------------------------------------------------------------------------

    def _names(self, table: Any) -> Any:
        """One row a name, numbered; of the name itself nothing but a salted digest, unless it is a word that everybody knows."""
        texts, mapping = self.texts, self.mapping
        header = self.mapping.columns[Column.REVIEWER]
        text = text_of(self.engine.words, table[self.places[header]], self.name, header)
        raw = table.select(raw=text).group_by("raw").agg(n=ibis.deferred.count())
        names = raw.mutate(name=ibis.row_number().over(order_by="raw"), text=texts.constant(raw.raw))
        names = apart(names.mutate(key=texts.key(names.text), label=texts.plain(names.text)))
        mapped = [
            (names.text == held, key_of(label)) for label, held_texts in self._said().items() for held in held_texts
        ]
        mapped += [
            (names.key == key_of(held), key_of(label))
            for label, held_texts in self._said().items()
            for held in (label, *held_texts)
        ]
        merged = ibis.cases(*mapped, else_=names.key) if mapped else names.key
        people = [key_of(name) for name in mapping.human_reviewers]
        if mapping.automatic_reviewers:
            nobody = names.key.isin(sorted({key_of(name) for name in mapping.automatic_reviewers} - set(people)))
        else:
            nobody = texts.bare(names.key).isin(column_words.words()["automatic_reviewers"])
            nobody = nobody & ~names.key.isin(people) if people else nobody
        is_said = names.text.isin(
            [held for texts_of_label in self._said().values() for held in texts_of_label] or [" "]
        )
        is_merged = reduce(lambda left, right: left | right, (test for test, _ in mapped), value(False))
        kind = ibis.cases(
            (~texts.known(names.raw), UNKNOWN),
            (names.key == "", nobody.ifelse("N", "m")),
            (is_merged, "k"),
            (names.key.startswith("="), "f"),
            (names.raw.re_search(f"{_ROUNDED[:-1]}{self.engine.words.end}"), "r"),
            (nobody, value("w:") + names.text),
            (texts.is_missing(names.key), value("w:") + names.text),
            else_="k",
        )
        known = sorted(column_words.words()["machines"])
        tokens = value(" ") + self._tokens(names.label) + value(" ")
        held = [f" {word} " for word in known if word.isascii()]
        held += [side for word in known if not word.isascii() for side in (f" {word}", f"{word} ")]
        suspicious = tokens.re_search("|".join(held))
        # Only of a name that holds such a word its parts are looked at, by the words that everybody knows.
        words = suspicious.ifelse(tokens, "")
        words = names.key.isin(people).ifelse("", words) if people else words
        digest = self.engine.words.sha256(value(self.salt) + merged)
        names = apart(names.mutate(kind=kind, digest=digest, tokens=words, is_said=is_said))
        words = reduce(
            lambda left, word: left + _holds_word(names.tokens, word).ifelse(word + ",", ""), known, value("")
        )
        names = names.mutate(words=words)
        return names.mutate(person=ibis.dense_rank().over(order_by="digest")).select(
            "raw", "name", "person", "n", "kind", "digest", "words", "is_said"
        )

    def _said(self) -> Mapping[str, Sequence[str]]:
        return self.mapping.names.get(Column.REVIEWER.value, {})

    def _tokens(self, label: Any) -> Any:
        parted = label
        for pattern in ("([a-z])([A-Z])", "([A-Za-z])([\uac00-\ud7a3])", "([\uac00-\ud7a3])([A-Za-z])"):
            parted = parted.re_replace(pattern, self.engine.words.parted)
        return parted.re_replace(f"[^{_LETTERS}]+", " ").translate(*signs.fold())


def _holds_word(tokens: Any, word: str) -> Any:
    if word.isascii():
        return tokens.contains(f" {word} ")
    return tokens.contains(f" {word}") | tokens.contains(f"{word} ")


def _is_sound(table: Any) -> Any:
    """Whether the parts of a text of a time are a day of the calendar and a time of the clock."""
    year, month, day = table.part_year, table.part_month, table.part_day
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    length = ibis.cases((month == 2, leap.ifelse(29, 28)), (month.isin([4, 6, 9, 11]), 30), else_=31)
    sound = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= length)
    return sound & (table.part_hour < 24) & (table.part_minute < 60) & (table.part_second < 61)


def _local(table: Any) -> Any:
    """Microseconds since 1970 on the clock, from the parts of a text of a time."""
    # Days since 1970 by the civil calendar, counted from March so that the leap day comes last.
    shifted, from_march = table.part_year - (table.part_month <= 2).ifelse(1, 0), (table.part_month + 9) % 12
    days = 365 * shifted + shifted.floordiv(4) - shifted.floordiv(100) + shifted.floordiv(400)
    days = days + (153 * from_march + 2).floordiv(5) + table.part_day - 1 - 719_468
    seconds = (table.part_hour * 60 + table.part_minute) * 60 + table.part_second
    return days.cast("int64") * _DAY + seconds * 1_000_000 + table.part_micros


def _half_even(number: Any) -> Any:
    """Rounded as numpy rounds."""
    low = number.floor()
    rest = number - low
    up = (rest > 0.5) | ((rest == 0.5) & (low % 2 != 0))
    return (low + up.ifelse(1.0, 0.0)).cast("int64")


@cache
def _changes(zone: ZoneInfo, latest: int, *, is_local: bool) -> tuple[tuple[int, int], ...]:
    """When the zone's offset changes: (from this moment in microseconds, offset in microseconds); the first holds from the beginning."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)

    def offset(quarter: int) -> int:
        moment = epoch + timedelta(minutes=15 * quarter)
        held = moment.replace(tzinfo=zone) if is_local else moment.astimezone(zone)
        known = held.utcoffset()
        return round(known.total_seconds()) * 1_000_000 if known else 0

    first, last = _EARLIEST // 900_000_000 - 96, latest // 900_000_000 + 192
    changes = [(first * 900_000_000, offset(first))]
    for week in range(first, last, 96):
        end = min(week + 96, last)
        if offset(week) == offset(end):
            continue
        for quarter in range(week + 1, end + 1):
            if offset(quarter) != changes[-1][1]:
                changes.append((quarter * 900_000_000, offset(quarter)))
    return tuple(changes)

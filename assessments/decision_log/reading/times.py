"""Dates and times as people write them, a whole column at once: Times, read_times, local_days."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assessments.decision_log.reading.columns import marks
from assessments.decision_log.reading.faults import Fault

Micros = npt.NDArray[np.int64]
NO_TIME = np.iinfo(np.int64).min
_SECOND = 1_000_000
_TENTH = 100_000
_QUARTER = 15 * 60 * _SECOND
_DAY = 24 * 60 * 60 * _SECOND
_YEARS = (1, 9999)
_MOST_DAYS = 100_000
EXCEL_1900, EXCEL_1904 = -25_569, -24_107
"""Day 0 of workbooks in days since 1970: 1899-12-30, Excel's invented 1900-02-29 included; 1904-01-01 where a workbook says so."""
_EXCEL_DAYS = (20_000.0, 80_000.0)
"""Serial numbers taken for days: 1954 to 2119."""
_PLAIN_ISO_LENGTH = 16

_MARKS = marks()
_MORNING, _AFTERNOON = _MARKS["morning"], _MARKS["afternoon"]
_MIDDAY = rf"{_MORNING}|{_AFTERNOON}|(?i:am|pm|a\.m\.|p\.m\.)"
_CLOCK = (
    rf"(?:(?:T|\s*,\s*|\s+|_)(?:(?P<half>{_MIDDAY})\s*)?"
    rf"(?P<hour>\d{{1,2}})[:{_MARKS['hour']}]\s*(?P<minute>\d{{1,2}})(?:{_MARKS['minute']})?"
    rf"(?::?\s*(?P<second>\d{{1,2}}){_MARKS['second']}?(?:[.,](?P<fraction>\d{{1,9}}))?)?\s*(?P<half_after>{_MIDDAY})?"
    r"\s*(?P<zone>\(?(?:Z|UTC|GMT|KST|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)\)?)?)?(?:\[[A-Za-z_/]{2,40}\])?"
)
_DAY_NAME = rf"{_MARKS['weekdays']}(?:{_MARKS['weekday']})?"
_WEEKDAY = rf"(?:\s*\(\s*{_DAY_NAME}\s*\)|\s+{_DAY_NAME})?"
_YEAR_FIRST = (
    rf"^(?P<year>\d{{4}})\s*[-./{_MARKS['year']}]\s*(?P<month>\d{{1,2}})\s*[-./{_MARKS['month']}]"
    rf"\s*(?P<day>\d{{1,2}})\s*[.{_MARKS['day']}]?" + _WEEKDAY + _CLOCK + r"\s*$"
)
_YEAR_LAST = r"^(?P<first>\d{1,2})\s*[-./]\s*(?P<other>\d{1,2})\s*[-./]\s*(?P<year>\d{4})" + _CLOCK + r"\s*$"
_HALF_SHAPE = b"0000-00-00 " + _MORNING[0].encode() + b"??? H:00"
_HALF = 14
"""Place in it of the second syllable, which tells morning from afternoon."""
_COMPACT = r"^(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:[T\s]*(?P<hour>\d{2}):?(?P<minute>\d{2}):?(?P<second>\d{2}))?$"
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ENGLISH_WEEKDAY = r"^(?i:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?)\b\.?,?\s*"
_HAS_WEEKDAY_OR_MONTH = r"^(?:\d{1,2}[-\s./]+)?[A-Za-z]{3,9}\b"
_CODES = {Fault.MISSING: 1, Fault.NOT_A_TIME: 2, Fault.DAY_OR_MONTH: 3}
FAULT_OF = {code: fault for fault, code in _CODES.items()}


@dataclass
class Times:
    """One column of times."""

    micros: Micros
    """Microseconds since 1970 in UTC; NO_TIME where there is none."""
    fault: npt.NDArray[np.int8]
    """0: read; else a key of FAULT_OF."""
    is_day: npt.NDArray[np.bool_]
    """Only a day was given: good for days and months, not for review time."""
    zoned: int = 0
    """How many carried a zone of their own."""


def read_times(column: Any, zone: ZoneInfo, date_order: str | None, epoch: int = EXCEL_1900) -> Times:
    """epoch: day 0 of serial numbers.

    ISO 8601, Korean and Excel's ways of writing, Excel serial numbers, Unix seconds; Arrow timestamps as they are."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        return _typed(column, zone)
    column = pc.utf8_trim_whitespace(_as_text(column))
    size = len(column)
    for own_zone in ("", "UTC"):
        fast = _plain_iso(column, own_zone)
        if fast is not None:
            micros = fast if own_zone else to_utc(fast, zone)
            return Times(micros, np.zeros(size, np.int8), np.zeros(size, np.bool_), size if own_zone else 0)
    return _slow(column, zone, date_order, epoch)


def local_days(micros: Micros, zone: ZoneInfo) -> npt.NDArray[np.int64]:
    """Days since 1970 in that zone; for real times only."""
    return np.asarray(np.floor_divide(micros + _offsets(micros, zone, from_utc=True), _DAY), np.int64)


def are_midnights(micros: Micros, zone: ZoneInfo) -> npt.NDArray[np.bool_]:
    """Which are exactly the beginning of a day in that zone: a day that was saved as a time. NO_TIME is none."""
    midnights = np.zeros(len(micros), np.bool_)
    rows = np.flatnonzero((micros % _QUARTER == 0) & (micros != NO_TIME))
    if len(rows):
        times = micros[rows]
        midnights[rows] = (times + _offsets(times, zone, from_utc=True)) % _DAY == 0
    return midnights


def to_utc(local: Micros, zone: ZoneInfo) -> Micros:
    """An hour that the zone's clock shows twice is read as the first."""
    return local - _offsets(local, zone, from_utc=False)


def day_codes(days: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The days that occur, in order, and the place of each row's day among them."""
    first = int(days.min())
    occurs = np.bincount(days - first) > 0
    return np.flatnonzero(occurs) + first, (np.cumsum(occurs) - 1)[days - first]


def _offsets(micros: Micros, zone: ZoneInfo, from_utc: bool) -> Micros:
    """Offset of the zone at each time: looked up once a day, and once a quarter of an hour on days on which it changes."""
    days = np.floor_divide(micros, _DAY)
    if not len(days):
        return days
    look = _from_utc if from_utc else _from_local
    if int(days.max()) - int(days.min()) > _MOST_DAYS:
        values, places = np.unique(days, return_inverse=True)
    else:
        values, places = day_codes(days)
    starts, ends = (np.array([look(zone, (int(day) + more) * _DAY) for day in values], np.int64) for more in (0, 1))
    offsets = starts[places]
    for place in np.flatnonzero((starts != ends)[places]):
        offsets[place] = look(zone, int(micros[place]) // _QUARTER * _QUARTER)
    return np.asarray(offsets)


@lru_cache(maxsize=100_000)
def _from_utc(zone: ZoneInfo, micros: int) -> int:
    return _whole(lambda: datetime.fromtimestamp(micros // _SECOND, zone).utcoffset())


@lru_cache(maxsize=100_000)
def _from_local(zone: ZoneInfo, micros: int) -> int:
    return _whole(lambda: datetime.fromtimestamp(micros // _SECOND, UTC).replace(tzinfo=zone).utcoffset())


def _whole(offset: Callable[[], timedelta | None]) -> int:
    """0 for times that no calendar holds; they are refused as implausible afterwards."""
    try:
        duration = offset()
    except (OverflowError, ValueError, OSError):
        return 0
    return round(duration.total_seconds()) * _SECOND if duration else 0


def _as_text(column: Any) -> Any:
    return pc.fill_null(pc.cast(column, pa.string()), "")


def _typed(column: Any, zone: ZoneInfo) -> Times:
    is_day = pa.types.is_date(column.type)
    has_zone = not is_day and column.type.tz is not None
    missing = np.asarray(pc.is_null(column))
    stamps = pc.cast(column, pa.timestamp("us", "UTC" if has_zone else None), safe=False)
    raw = np.asarray(pc.fill_null(pc.cast(stamps, pa.int64()), 0))
    micros = raw if has_zone else to_utc(raw, zone)
    micros = np.where(missing, NO_TIME, micros)
    fault = np.where(missing, _CODES[Fault.MISSING], 0).astype(np.int8)
    return Times(micros, fault, np.full(len(micros), is_day), len(micros) if has_zone else 0)


def _plain_iso(column: Any, own_zone: str) -> Micros | None:
    """Microseconds where every value is plain ISO 8601 with a clock, and all or none with a zone. None: some is not."""
    if len(column) == 0 or pc.min(pc.utf8_length(column)).as_py() < _PLAIN_ISO_LENGTH:
        return None
    try:
        pc.cast(column.slice(0, 1), pa.timestamp("us", own_zone or None))  # a long column takes long to fail
        return np.asarray(pc.cast(pc.cast(column, pa.timestamp("us", own_zone or None)), pa.int64()))
    except pa.ArrowInvalid:
        return None


def _slow(column: Any, zone: ZoneInfo, date_order: str | None, epoch: int) -> Times:
    size = len(column)
    times = Times(
        np.full(size, NO_TIME, np.int64), np.full(size, _CODES[Fault.NOT_A_TIME], np.int8), np.zeros(size, np.bool_)
    )
    _take_halves(times, column, zone)
    _take(times, column, _YEAR_FIRST, zone, None)
    _take(times, column, _COMPACT, zone, None)
    if date_order:
        _take(times, column, _YEAR_LAST, zone, date_order)
    _take_numbers(times, column, zone, epoch)
    _take_months(times, column, zone)
    rows, column = _unread(times, column)
    if len(rows):
        if not date_order:
            times.fault[rows[np.asarray(pc.match_substring_regex(column, _YEAR_LAST))]] = _CODES[Fault.DAY_OR_MONTH]
        times.fault[rows[np.asarray(pc.equal(column, ""))]] = _CODES[Fault.MISSING]
    return times


def _take_months(times: Times, column: Any, zone: ZoneInfo) -> None:
    """`02-Mar-2026 09:00`, `Mar 2, 2026 9:00 AM`, `Mon, 02 Mar 2026 09:00:00 +0900`: a month's name leaves no doubt about the order."""
    rows, column = _unread(times, column)
    named = np.flatnonzero(np.asarray(pc.match_substring_regex(column, _HAS_WEEKDAY_OR_MONTH)))
    if not len(named):
        return
    texts = pc.replace_substring_regex(column.take(pa.array(named)), _ENGLISH_WEEKDAY, "")
    for number, name in enumerate(_MONTHS, start=1):
        month = rf"(?i:{name[:3]}(?:{name[3:]})?)\.?" if name[3:] else rf"(?i:{name})"
        texts = pc.replace_substring_regex(
            texts, rf"^(\d{{1,2}})[-\s./]+{month}[-\s./,]+(\d{{4}})\b", rf"\2-{number}-\1"
        )
        texts = pc.replace_substring_regex(texts, rf"^{month}\s+(\d{{1,2}})\s*,?\s+(\d{{4}})\b", rf"\2-{number}-\1")
    size = len(named)
    own = Times(np.full(size, NO_TIME, np.int64), times.fault[rows[named]].copy(), np.zeros(size, np.bool_))
    _take(own, texts, _YEAR_FIRST, zone, None)
    read = rows[named]
    times.micros[read], times.fault[read], times.is_day[read] = own.micros, own.fault, own.is_day
    times.zoned += own.zoned


def _unread(times: Times, column: Any) -> tuple[npt.NDArray[np.int64], Any]:
    """Places and texts that no way of writing has matched yet."""
    rows = np.flatnonzero(times.fault > 0)
    return rows, column if len(rows) == len(column) else column.take(pa.array(rows))


def _take(times: Times, column: Any, pattern: str, zone: ZoneInfo, date_order: str | None) -> None:
    rows, column = _unread(times, column)
    if not len(rows):
        return
    parts = pc.extract_regex(column, pattern)
    matched = np.flatnonzero(np.asarray(pc.is_valid(parts)))
    if not len(matched):
        return
    matched_rows, parts = rows[matched], parts if len(matched) == len(rows) else parts.take(pa.array(matched))

    def text(name: str) -> Any:
        return (
            pc.struct_field(parts, name)
            if parts.type.get_field_index(name) >= 0
            else pa.array([""] * len(matched_rows))
        )

    def number(name: str) -> npt.NDArray[np.int64]:
        values = text(name)
        return np.asarray(pc.cast(pc.if_else(pc.equal(values, ""), "0", values), pa.int64()))

    first, other = ("day", "month") if date_order == "dmy" else ("month", "day")
    names = {"day": "day", "month": "month"} if date_order is None else {first: "first", other: "other"}
    year, month, day = number("year"), number(names["month"]), number(names["day"])
    hour, minute, second = number("hour"), number("minute"), number("second")
    halves = pc.utf8_upper(pc.binary_join_element_wise(text("half"), text("half_after"), ""))
    half = np.asarray(pc.replace_substring(halves, ".", "").to_pylist(), object)
    hour = np.where(((half == "PM") | (half == _AFTERNOON)) & (hour < 12), hour + 12, hour)
    hour = np.where(((half == "AM") | (half == _MORNING)) & (hour == 12), 0, hour)
    fraction = np.asarray(pc.cast(pc.utf8_slice_codeunits(pc.utf8_rpad(text("fraction"), 6, "0"), 0, 6), pa.int64()))
    sound, local = _local(year, month, day, (hour, minute, second, fraction))
    micros = to_utc(np.where(sound, local, 0), zone)
    zones = text("zone").to_pylist()
    own = np.fromiter((bool(zone) for zone in zones), np.bool_, len(zones))
    if own.any():
        offsets = {zone: _offset(zone) for zone in set(zones)}
        micros = np.where(own, local - np.fromiter((offsets[zone] for zone in zones), np.int64, len(zones)), micros)
        times.zoned += int((own & sound).sum())
    good = matched_rows[sound]
    times.micros[good], times.fault[good] = micros[sound], 0
    is_day = np.asarray(pc.equal(text("hour"), ""))
    times.is_day[good] = is_day[sound]


def _local(
    year: Micros, month: Micros, day: Micros, clock: tuple[Micros, Micros, Micros, Micros]
) -> tuple[npt.NDArray[np.bool_], Micros]:
    """Which of these are times at all, and the microseconds that a clock on the wall shows."""
    hour, minute, second, fraction = clock
    month_start = ((year - 1970) * 12 + month - 1).astype("M8[M]").astype("M8[D]")
    length = (((year - 1970) * 12 + month).astype("M8[M]").astype("M8[D]") - month_start).astype(np.int64)
    sound = (
        (year >= _YEARS[0])
        & (year <= _YEARS[1])
        & (month >= 1)
        & (month <= 12)
        & (day >= 1)
        & (day <= length)
        & (hour < 24)
        & (minute < 60)
        & (second < 61)
    )
    days = month_start.astype(np.int64) + day - 1
    return sound, days * _DAY + ((hour * 60 + minute) * 60 + second) * _SECOND + fraction


def _take_halves(times: Times, column: Any, zone: ZoneInfo) -> None:
    """`2026-03-01 PM 2:15:09` with the Korean word, as spreadsheets write it: a tenth of what a pattern takes."""
    if not len(column):
        return
    _, offsets, data = column.buffers()
    if data is None:
        return
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    characters, sizes = np.frombuffer(data, np.uint8), np.diff(ends)
    for hours, has_seconds in ((1, False), (2, False), (1, True), (2, True)):
        shape = _HALF_SHAPE.replace(b"H", b"0" * hours) + (b":00" if has_seconds else b"")
        rows = np.flatnonzero(sizes == len(shape))
        if len(rows):
            _take_shape(times, rows, characters[ends[rows][:, None] + np.arange(len(shape))], shape, zone)


def _take_shape(
    times: Times, rows: npt.NDArray[np.int64], characters: npt.NDArray[np.uint8], shape: bytes, zone: ZoneInfo
) -> None:
    """characters: a row a text. In `shape` 0 stands for a digit, - for what parts a day, ? for a byte of that syllable."""
    fits = np.ones(len(rows), np.bool_)
    is_later = (characters[:, _HALF : _HALF + 3] == np.frombuffer(_AFTERNOON[1].encode(), np.uint8)).all(axis=1)
    fits &= is_later | (characters[:, _HALF : _HALF + 3] == np.frombuffer(_MORNING[1].encode(), np.uint8)).all(axis=1)
    for place, character in enumerate(shape):
        column = characters[:, place]
        if character == ord("0"):
            fits &= (column >= ord("0")) & (column <= ord("9"))
        elif character == ord("-"):
            fits &= np.isin(column, np.frombuffer(b"-./", np.uint8))
        elif character != ord("?"):
            fits &= column == character
    values, digits = rows[fits], characters[fits].astype(np.int64) - ord("0")
    runs = [(run.start(), run.end()) for run in re.finditer(b"0+", shape)]
    year, month, day, hour, minute, *rest = (
        digits[:, start:end] @ (10 ** np.arange(end - start - 1, -1, -1)) for start, end in runs
    )
    later = is_later[fits]
    hour = np.where(later & (hour < 12), hour + 12, np.where(~later & (hour == 12), 0, hour))
    none = np.zeros(len(values), np.int64)
    sound, local = _local(year, month, day, (hour, minute, rest[0] if rest else none, none))
    good = values[sound]
    times.micros[good], times.fault[good] = to_utc(local[sound], zone), 0


def _offset(zone: str) -> int:
    bare = zone.strip("()")
    if bare == "KST":
        return 9 * 4 * _QUARTER
    bare = bare.removeprefix("UTC").removeprefix("GMT")
    if not bare.startswith(("+", "-")):
        return 0
    digits = bare[1:].replace(":", "")
    hours, rest = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")  # +09, +9, +0900
    return (-1 if bare[0] == "-" else 1) * (int(hours) * 60 + int(rest)) * 60 * _SECOND


def _take_numbers(times: Times, column: Any, zone: ZoneInfo, epoch: int) -> None:
    """Excel serial days, Unix seconds, milliseconds and microseconds."""
    rows, column = _unread(times, column)
    if not len(rows):
        return
    matched = np.flatnonzero(np.asarray(pc.match_substring_regex(column, r"^\d{5}(\.\d+)?$")))
    serial, texts = rows[matched], column.take(pa.array(matched))
    values = np.asarray(pc.cast(texts, pa.float64()))
    sound = (values >= _EXCEL_DAYS[0]) & (values <= _EXCEL_DAYS[1])
    # Excel keeps a day's fraction as a float: a tenth of a second is the most it can say.
    local = np.round((values + epoch) * (_DAY / _TENTH)).astype(np.int64) * _TENTH
    times.micros[serial[sound]] = to_utc(local[sound], zone)
    times.is_day[serial[sound]] = ~np.asarray(pc.match_substring(texts, "."))[sound]
    times.fault[serial[sound]] = 0
    for pattern, unit in ((r"^\d{10}(?:\.\d{1,9})?$", _SECOND), (r"^\d{13}$", _SECOND // 1000), (r"^\d{16}$", 1)):
        matched = np.flatnonzero(np.asarray(pc.match_substring_regex(column, pattern)))
        unix = rows[matched]
        texts = column.take(pa.array(matched))
        times.micros[unix] = np.asarray(pc.cast(pc.replace_substring_regex(texts, r"\..*$", ""), pa.int64())) * unit
        times.fault[unix] = 0
        times.zoned += len(unix)

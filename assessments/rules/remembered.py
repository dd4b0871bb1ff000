"""What a rule comes to, remembered by the very answers that it read: Remembered, Together, Reading, Left.

A rule that gets single answers gets them one after the other, and which is next follows from those before it. What it read and what came
of it are therefore a tree: at each fork a question, below it its answers as they are stored. Assessments that agree in what was read
agree in the result, whatever else they answer; which questions these are nobody has to state, and nobody can state wrongly.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

from assessments.model import Answer
from assessments.rules.rescore import Gone, is_left
from questionnaires.schema import ASSESSMENT_DAY

Made = TypeVar("Made")
Part = TypeVar("Part")
Stored = Mapping[str, Mapping[str, str]]
"""Questionnaire → question → answer as it is stored; of each that a rule may read there is something, if only nothing."""
Noted = list[tuple[str, str, str | None]]
"""Questionnaire, question and answer as it is stored, in the order in which they were read. None: there is none."""
Reads = Mapping[str, Answer]
"""Answers of which single ones are got."""
_REFUSED = "A rule whose result is remembered by what it reads gets single answers only."


class _ReadOneByOne(Mapping[str, Answer]):
    """Answers of which single ones are got. To walk through them would read them all, and is refused."""

    def __getitem__(self, question: str) -> Answer:
        answer = self.get(question)
        if answer is None:
            raise KeyError(question)
        return answer

    def __contains__(self, question: object) -> bool:
        return self.get(str(question)) is not None

    def __iter__(self) -> Iterator[str]:
        raise TypeError(_REFUSED)

    def __len__(self) -> int:
        raise TypeError(_REFUSED)


class Reading(_ReadOneByOne):
    """The answers of one questionnaire; each that is got is noted."""

    def __init__(
        self,
        name: str,
        stored: Mapping[str, str],
        read: Callable[[str, str], Answer | None],
        noted: Noted,
        on: date | None = None,
    ) -> None:
        """read: makes an answer of a question and its stored text. on: the day judged, where the rule looks at that."""
        self._name, self._stored, self._read, self._noted, self._on = name, stored, read, noted, on
        self._known: dict[str, Answer | None] = {}

    def get(self, question: str, default: Any = None) -> Any:
        if question not in self._known:
            self._known[question] = self._got(question)
        answer = self._known[question]
        return default if answer is None else answer

    def _got(self, question: str) -> Answer | None:
        if question == ASSESSMENT_DAY and self._on is not None:
            self._noted.append((ASSESSMENT_DAY, ASSESSMENT_DAY, self._on.isoformat()))
            return self._on
        text = self._stored.get(question)
        self._noted.append((self._name, question, text))
        return None if text is None else self._read(question, text)


class Left(_ReadOneByOne):
    """Those that another edition still offers."""

    def __init__(self, answers: Reading, gone: Gone) -> None:
        self._answers, self._gone = answers, gone

    def get(self, question: str, default: Any = None) -> Any:
        if question in self._gone.questions:
            return default
        answer = self._answers.get(question)
        return answer if answer is not None and is_left(question, answer, self._gone) else default


class _Fork:
    __slots__ = ("name", "question", "ways")

    def __init__(self, name: str, question: str) -> None:
        self.name, self.question = name, question
        self.ways: dict[Any, _Fork | _Leaf] = {}


class _Leaf:
    __slots__ = ("made",)

    def __init__(self, made: Any) -> None:
        self.made = made


class Remembered(Generic[Made]):
    """Results of one rule."""

    def __init__(self, most: int) -> None:
        """most: so many are remembered; then it begins anew."""
        self._most, self._roots = most, dict[Any, _Fork | _Leaf]()
        self.count = 0
        """How many different readings there are."""
        self.made = 0
        """How often the rule was asked."""

    def of(self, beside: Hashable, stored: Stored, make: Callable[[Noted], Made]) -> Made:
        """beside: all that the rule follows from beside the answers. make: asks it, and notes each answer that it gets."""
        at = self._roots.get(beside)
        name = None
        while isinstance(at, _Fork):
            if at.name is not name:  # forks of one questionnaire mostly follow one another
                name = at.name
                answer_to = stored[name].get
            at = at.ways.get(answer_to(at.question))
        if at is None:
            noted: Noted = []
            at = self._put(beside, noted, make(noted))
        made: Made = at.made
        return made

    def _put(self, beside: Hashable, noted: Noted, made: Made) -> _Leaf:
        if self.count >= self._most:
            self._roots.clear()
            self.count = 0
        ways, way = self._roots, beside
        for name, question, text in noted:
            fork = ways.get(way)
            if fork is None:
                fork = ways[way] = _Fork(name, question)
            if not isinstance(fork, _Fork) or (fork.name, fork.question) != (name, question):
                raise RuntimeError(
                    f"After equal answers something else than {name}.{question} was read: the rule hangs on more."
                )
            ways, way = fork.ways, text
        leaf = ways[way] = _Leaf(made)
        self.count, self.made = self.count + 1, self.made + 1
        return leaf


class Together(Generic[Part, Made]):
    """What the results of several rules that read one questionnaire come to together.

    First by the answers to every question that any of them ever read, which costs one look; where these are not known, rule by rule.
    A rule alone reads few answers, so that little is asked even where no two assessments are equal.
    """

    def __init__(
        self, name: str, rules: Sequence[Callable[[Reads], Part]], join: Callable[[list[Part]], Made], most: int
    ) -> None:
        """name: of the questionnaire; most: so many results are remembered; then it begins anew."""
        self._name, self._join, self._most = name, join, most
        self._rules = [(rule, Remembered[Part](most)) for rule in rules]
        self._questions: tuple[str, ...] = ()
        self._known: dict[tuple[str | None, ...], Made] = {}
        self.made = 0
        """How often results were put together."""

    def of(self, stored: Stored, read: Callable[[Noted], Reads]) -> Made:
        """read: the answers, each noted that is got."""
        answer_to = stored[self._name].get
        made = self._known.get(tuple(map(answer_to, self._questions)))
        return self._put(stored, read) if made is None else made

    def _put(self, stored: Stored, read: Callable[[Noted], Reads]) -> Made:
        parts = [self._part(rule, remembered, stored, read) for rule, remembered in self._rules]
        made = self._join(parts)
        if len(self._known) >= self._most:
            self._known.clear()
        self._known[tuple(map(stored[self._name].get, self._questions))] = made
        self.made += 1
        return made

    def _part(
        self,
        rule: Callable[[Reads], Part],
        remembered: Remembered[Part],
        stored: Stored,
        read: Callable[[Noted], Reads],
    ) -> Part:
        def make(noted: Noted) -> Part:
            made = rule(read(noted))
            if any(name != self._name for name, _, _ in noted):
                raise RuntimeError(f"Something else than {self._name} was read.")
            questions = dict.fromkeys(question for _, question, _ in noted if question not in self._questions)
            if questions:
                self._questions = (*self._questions, *questions)
                self._known.clear()
            return made

        return remembered.of(None, stored, make)

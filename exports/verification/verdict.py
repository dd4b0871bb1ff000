"""What observations of a sealed file mean: Verification, with its facts and the verdict that follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.model import Json
from assessments.registration import Standing
from assessments.release import version
from assessments.rules import ENGINE
from exports.record import record
from exports.verification.observations import Observations
from exports.verification.reprint import Pages
from exports.verification.seal_facts import seal_facts
from exports.words.facts import Fact, State, Verdict, fact
from exports.words.labels import labels
from questionnaires.schema import Text

STANDINGS = {
    "released": State.OK,
    "draft": State.NOTE,
    "earlier_draft": State.NOTE,
    "unknown": State.OPEN,
    "differs": State.OPEN,
    "called_released": State.BAD,
    "altered": State.BAD,
}
"""State of a questionnaire version in this program → what it means for a report made with that version."""


@dataclass(frozen=True)
class Verification(Observations):
    """Facts and verdict are derived from the observations, so they cannot contradict them."""

    @property
    def verdict(self) -> Verdict:
        states = {fact.state for fact in self.facts}
        if State.BAD in states:
            return Verdict.FAILED
        return Verdict.INDETERMINATE if State.OPEN in states else Verdict.PASSED

    @property
    def is_to_be_reprinted(self) -> bool:
        """Whether reprinting the record can still change the verdict."""
        is_frozen = self.committee is not None or self.official is not None
        return self.verdict is not Verdict.FAILED and (self.is_recomputed or is_frozen)

    @property
    def verdict_text(self) -> Text:
        """The verdict; for a redacted copy it says so."""
        text = self.verdict.text
        if self.redacts is None:
            return text
        more = labels("verification.yaml")["verdict_redacted"]
        return Text(ko=f"{text.ko} ({more.ko})", en=f"{text.en} ({more.en})")

    @property
    def meaning(self) -> Text:
        """What a reader may conclude, as a sentence."""
        if self.archive is not None and self.verdict is Verdict.PASSED:
            return labels("verification.yaml")["means_archive"]
        return self.verdict.meaning

    @property
    def facts(self) -> tuple[Fact, ...]:
        """In the order of a reader's questions; a fact that ends the examination comes last."""
        if self.file_sha256 is None:
            return (fact("size", State.BAD),)
        if not self.is_readable:
            return (fact("readable", State.BAD),)
        if not self.is_ours:
            return (fact("ours", State.BAD),)
        if self.archive is not None:
            return tuple(self._archive_facts(self.archive))
        if self.seals == 0:
            return (fact("sealed", State.BAD), *self._record_facts())
        if self.seals > 1 or self.certificate is None or self.sealed_at is None:
            return (fact("seals", State.BAD),)
        return (fact("sealed", State.OK), *seal_facts(self), *self._record_facts())

    def _archive_facts(self, archive: Json) -> Iterator[Fact]:
        """Of an archive copy: alone it proves nothing; beside its original, whether it is a copy of that."""
        original = self.original
        if self.seals or not self.is_stated_true:
            yield fact("archive", State.BAD)
        if original is None:
            yield fact("archive", State.OPEN, about=archive["sha256"])
            return
        yield fact("archive", State.NOTE, about=archive["sha256"])
        is_its_original = archive["sha256"] == original["sha256"]
        yield fact("archive_of", State.of(is_its_original), about="" if is_its_original else original["sha256"])
        if not is_its_original:
            return
        if (archive["fingerprint"], archive["record_sha256"]) != (original["fingerprint"], original["record_sha256"]):
            yield fact("archive_stated", State.BAD)
        states = {"passed": State.OK, "failed": State.BAD, "indeterminate": State.OPEN}
        yield fact("archive_original", states[original["verdict"]])
        of_pages: dict[Pages | None, State] = {Pages.SAME: State.OK, Pages.OTHER: State.BAD}
        # a copy has nothing but its pages: not compared, it is not shown to say what its original says
        key = "archive_pages_unlooked" if self.pages is None else ""
        yield fact("archive_pages", of_pages.get(self.pages, State.OPEN), key=key)

    def _record_facts(self) -> tuple[Fact, ...]:
        if not self.has_record:
            return (fact("record", State.BAD),)
        if self.committee is not None:
            return tuple(self._committee_facts(self.committee))
        if self.official is not None:
            return tuple(self._official_facts(self.official))
        facts = [fact("record", State.OK), fact("stated", State.of(self.is_stated_true)), *self._named_seal_facts()]
        facts += self._page_facts()
        if not self.is_recomputed:
            return (*facts, fact("recomputed", State.BAD))
        if self.redacts is None:
            facts.append(fact("content", State.of(self.content_matches)))
        else:
            is_whole = self.is_redaction_sound and self.content_matches is None
            facts.append(fact("redacted", State.NOTE if is_whole else State.BAD, about=self.redacts))
        facts.append(self._results_fact())
        if not self.questionnaires_match:
            facts.append(fact("attached", State.BAD))
        facts += _questionnaire_facts(self.questionnaires)
        if not self.is_signed_off:
            facts.append(fact("signed_off", State.BAD))
        facts += [fact("steps", State.BAD, key=f"steps_{name}") for name in self.contradictions]
        if not self.contradictions:
            facts.append(fact("steps", State.OK))
        if self.origin:
            facts.append(fact("origin", State.NOTE, key=f"origin_{self.origin}"))
        if self.is_example:
            facts.append(fact("example", State.NOTE))
        return tuple(facts)

    def _named_seal_facts(self) -> Iterator[Fact]:
        """Whether the certificate that the record names, which the page prints, is the one that sealed; none may be named."""
        named, certificate = self.document.get("seal"), self.certificate
        if not named or certificate is None:
            return
        is_so = all(certificate[part] == named.get(part, "") for part in ("fingerprint", "name", "organisation"))
        stated = ", ".join(filter(None, (named["fingerprint"], named["name"], named.get("organisation"))))
        yield fact("named_seal", State.of(is_so), about="" if is_so else stated)

    def _committee_facts(self, committee: Json) -> Iterator[Fact]:
        """Of a committee's paper or minutes: what was frozen, and that the pages say it. It holds no results to derive."""
        yield fact("frozen", State.OK, key=f"frozen_{committee['kind']}")
        yield fact("stated", State.of(self.is_stated_true), key="" if not self.is_stated_true else "stated_frozen")
        yield from self._page_facts()

    def _official_facts(self, official: Json) -> Iterator[Fact]:
        """Of an official document: what was frozen, and that the pages say it. A draft is never sealed."""
        yield fact("frozen", State.OK, key=f"frozen_{official['kind']}")
        if official["is_draft"]:
            yield fact("signed_off", State.BAD)
        yield fact("stated", State.of(self.is_stated_true), key="" if not self.is_stated_true else "stated_frozen")
        yield from self._page_facts()
        if self.is_example:
            yield fact("example", State.NOTE)

    def _page_facts(self) -> Iterator[Fact]:
        if self.seals == 1:
            named = [labels("verification.yaml")[f"structure_{deviation}"] for deviation in self.deviations or ()]
            yield fact("structure", State.of(self.deviations is not None and not named), about=named)
        yield self._compared_fact()

    def _compared_fact(self) -> Fact:
        """A registered file is byte for byte what was sealed here, so pages printed by another release need no comparison."""
        if self.pages in (Pages.FOREIGN, Pages.UNSTATED, Pages.NOT_PRINTED) and self._is_registered:
            return fact("pages", State.NOTE, key="pages_registered")
        if self.pages is Pages.UNSTATED:
            return fact("pages", State.NOTE, key="pages_unstated")
        states = {Pages.SAME: State.OK, Pages.OTHER: State.BAD, None: State.NOTE}
        key = "pages_not_printed" if self.pages is Pages.NOT_PRINTED else ""
        return fact("pages", states.get(self.pages, State.OPEN), key=key)

    @property
    def _is_registered(self) -> bool:
        return self.registration is not None and self.registration.standing is Standing.REGISTERED

    def _results_fact(self) -> Fact:
        if not self.differing:
            if not self.reworded:
                return fact("results", State.OK)
            is_ours = self.pages is Pages.SAME  # printed by this very program, which tells them otherwise
            return fact(
                "results",
                State.BAD if is_ours else State.NOTE,
                key="results_altered" if is_ours else "results_reworded",
            )
        if self.engine == ENGINE:
            return fact("results", State.BAD)
        is_newer = isinstance(self.engine, int) and self.engine > ENGINE
        return fact("results", State.OPEN, key="results_open" if is_newer else "results_older")

    def to_json(self) -> Json:
        """Content of `--json`: the verdict, all facts, and what the file states about itself."""
        return {
            "verdict": self.verdict.value,
            "verified_at": record.stamp(self.at),
            "facts": [fact.to_json() for fact in self.facts],
            "file_sha256": self.file_sha256,
            "record_sha256": self.record_sha256,
            "sealed_at": self.sealed_at,
            "certificate": self.certificate,
            "seal_level": self.seal_level,
            "time_stamp": self.stamp,
            "revocation": self.revocation,
            "register": self.registration and self.registration.standing.value,
            "is_superseded": self.registration and self.registration.is_superseded,
            "pages": self.pages and self.pages.value,
            "deviations": None if self.deviations is None else list(self.deviations),
            "document": self.document or None,
            "committee": self.committee,
            "official": self.official,
            "archive": self.archive,
            "original": self.original,
            "statement": self.statement,
            "decision_origin": self.origin,
            "is_example": self.is_example,
            "redacts": self.redacts,
            "engine": self.engine,
            "version": version(),
            "outcome": self.outcome,
            "contested": self.contested,
            "level": self.level,
            "contradictions": list(self.contradictions),
            "differing_results": list(self.differing),
            "questionnaires": [
                {"id": name, "version": version, "standing": standing}
                for name, version, standing in self.questionnaires
            ],
        }


def _questionnaire_facts(known: Sequence[Sequence[str]]) -> Iterator[Fact]:
    """One fact for all questionnaires of the same standing. known: id, version, standing of each."""
    for standing, state in STANDINGS.items():
        if named := [f"{name} {version}" for name, version, stands in known if stands == standing]:
            yield fact("questionnaire", state, key=f"questionnaire_{standing}", about=", ".join(named))

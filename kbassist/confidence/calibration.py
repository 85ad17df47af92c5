"""Which calibrator is used, and when the knowledge base's own one is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kbassist.confidence.calibrator import ANY_MODEL, Calibrator, level_of
from kbassist.confidence.calibrators import Calibrators
from kbassist.types import Confidence


@dataclass(frozen=True, slots=True)
class Calibration:
    """The calibrators of a knowledge base: `own` fitted to its questions, `bundled` come with the package.

    `answerable` gives another number, the probability that there is an answer at all, whichever was given.

    `configuration` names the model and the analysis that the signals are made with.
    """

    bundled: Calibrators
    configuration: str
    own: Calibrators | None = None
    answerable: Calibrators | None = None

    @property
    def stale(self) -> str:
        """Why its own calibrator is not used: it knows signals of another make. Empty when it is, or is none.

        The signals are of another make with another model or analysis, and when the bundled calibrator that
        it started from is no longer there: it is fitted anew whenever a signal changes.
        """
        if self.own is None:
            return ""
        own = self.own.members[0]
        if own.configuration != self.configuration:
            return f"it was fitted for {own.configuration}, and this knowledge base is {self.configuration}"
        origin = own.provenance.get("adapted_from")
        if origin not in {member.name for member in self.bundled.members}:
            return f"it was fitted to the signals of an earlier version ({origin})"
        return ""

    @property
    def in_use(self) -> Calibrators:
        return self.bundled if self.own is None or self.stale else self.own

    @property
    def name(self) -> str:
        """What `Confidence.calibration` says in any language: the calibrator, and what is wrong with it."""
        return self._told(self.calibrator(""))

    def calibrator(self, lang: str) -> Calibrator:
        """For questions in `lang`: its own while it is not stale, or else the bundled one that fits best."""
        return self.in_use.find(self.configuration, lang) or self.bundled.members[0]

    def confidence(
        self, signals: Mapping[str, float], *, lang: str, threshold: float, reasons: tuple[str, ...] = ()
    ) -> Confidence:
        """The probability with its level."""
        calibrator = self.calibrator(lang)
        probability = calibrator.probability(signals)
        return Confidence(
            probability=probability,
            level=level_of(probability),
            threshold=threshold,
            signals={**signals, **self._answerable(signals, lang)},
            calibration=self._told(calibrator),
            reasons=reasons,
        )

    def _answerable(self, signals: Mapping[str, float], lang: str) -> dict[str, float]:
        found = self.answerable.find(self.configuration, lang) if self.answerable else None
        return {"answerable": found.probability(signals)} if found else {}

    def _told(self, calibrator: Calibrator) -> str:
        told = calibrator.name
        model = calibrator.configuration.rpartition("/")[0]
        if model == ANY_MODEL:
            told += " (by words alone)"
        elif calibrator.configuration != self.configuration:
            told += f" (fitted for {calibrator.configuration})"
        if self.own is not None and self.stale:
            told += f"; {self.own.name} is stale"
        return told

"""From a source to a published generation, and the vectors that were left for later."""

from kbassist.ingest.decided import why
from kbassist.ingest.filling import fill
from kbassist.ingest.intake import Intake
from kbassist.ingest.run import Ingest
from kbassist.ingest.vectors import Vectors

__all__ = ["Ingest", "Intake", "Vectors", "fill", "why"]

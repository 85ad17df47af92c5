"""Which parts make up this knowledge base?"""

from kbassist.assembly.closed import Closed
from kbassist.assembly.engine import new_engine
from kbassist.assembly.info import Info, info_of
from kbassist.assembly.own import OwnSynonyms, keep_calibrators, own_calibrators, warn_when_stale
from kbassist.assembly.parts import MEMORY, Parts, assemble, language_model
from kbassist.assembly.writing import holding

__all__ = [
    "MEMORY",
    "Closed",
    "Info",
    "OwnSynonyms",
    "Parts",
    "assemble",
    "holding",
    "info_of",
    "keep_calibrators",
    "language_model",
    "new_engine",
    "own_calibrators",
    "warn_when_stale",
]

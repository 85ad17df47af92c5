"""Does a passage say what a sentence says?

A sentence that somebody wrote (a language model, a person) is held against the sentences of a passage.
It is supported when one of them names all that it names, with the same values, negations, permissions,
limits, conditions and roles. What cannot be seen to be the same counts as different: the price of letting
nothing false through is that some true sentences in other words are refused.
"""

from kbassist.text.verify.check import Verdict, Verifier

__all__ = ["Verdict", "Verifier"]

"""An answer in a language model's words, where there is a model and the quotes are sure enough to be
given.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from kbassist.assist.answers import Turn, decide
from kbassist.assist.injections import readable
from kbassist.reading.generate import GeneratingReader
from kbassist.types import Answer


def worded(writer: GeneratingReader | None, turn: Turn) -> Answer:
    """What `decide` gives for the turn, its quotes worded by `writer` where they are the answer."""
    stream = streamed(writer, turn)
    while True:
        try:
            next(stream)
        except StopIteration as ended:
            answer: Answer = ended.value
            return answer


def streamed(writer: GeneratingReader | None, turn: Turn) -> Generator[str, None, Answer]:
    """The sentences of the answer as they are written and checked; the value at the end is the answer.

    Nothing is written for a turn that is asked back about or handed over, nor where sources disagree: there
    the quotes are given as they are.
    """
    answer = decide(turn)
    if writer is None or answer.status != "answered" or not answer.citations or turn.conflict is not None:
        return answer
    shown = replace(turn.retrieval, hits=readable(turn.retrieval.hits))
    reading = yield from writer.stream(shown, turn.reading)
    if reading is turn.reading:
        return answer
    return decide(replace(turn, reading=reading))

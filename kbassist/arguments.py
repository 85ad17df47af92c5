"""What a caller gives, checked: a slip is named at once, with its cure, before anything is done with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, SupportsFloat, get_args

from kbassist.assist.snippets import KINDS
from kbassist.errors import InvalidArgumentError
from kbassist.governance.access import make_filter
from kbassist.types import Channel, Document, Kind, PassageFilter, Status, When

LANGUAGES = ("pl", "en")
_RIGHT = frozenset({"true", "yes", "y", "t", "1", "1.0", "tak", "right", "correct", "dobrze", "prawda", "ok"})
_LONGEST_SHOWN = 80  # characters of a wrong argument in a message
_WRONG = frozenset({"false", "no", "n", "f", "0", "0.0", "nie", "wrong", "incorrect", "źle", "fałsz"})


def as_threshold(value: SupportsFloat, name: str = "threshold") -> float:
    """0..1; a number above 1 is a percentage. What `threshold_for` gave is a threshold too."""
    try:
        share = float(value)
    except (TypeError, ValueError):
        raise InvalidArgumentError(f"{name} is {value!r}: give a number 0..1, or a percentage") from None
    if 0 <= share <= 1:
        return share
    if 1 < share <= 100:
        return share / 100
    raise InvalidArgumentError(f"{name} is {value}: give 0..1, or a percentage up to 100")


def as_seconds(value: float) -> float:
    """A time above 0."""
    if not value > 0:
        raise InvalidArgumentError(f"llm_timeout is {value}: give seconds above 0")
    return float(value)


def as_filter(
    audience: Iterable[str] | None, as_of: date | None, filters: Mapping[str, Any]
) -> PassageFilter:
    """What `audience`, `as_of` and the named `filters` of a search mean."""
    known = ("langs", "kinds", "document_ids", "statuses")
    if unknown := sorted(set(filters) - set(known)):
        raise InvalidArgumentError(f"There is no filter {unknown[0]!r}: choose from {', '.join(known)}")
    return make_filter(audience, as_of, **filters)


def one_of(name: str, value: str | None, allowed: Sequence[str]) -> None:
    """None, or one of those allowed."""
    if value is not None and value not in allowed:
        raise InvalidArgumentError(f"{name} is {value!r}: choose from {', '.join(allowed)}")


def several(name: str, values: Iterable[str]) -> Iterable[str]:
    """The values; one text where several are meant would be taken for its letters."""
    if isinstance(values, str):
        raise InvalidArgumentError(f"{name} is the single text {values!r}: give a list, [{values!r}]")
    return values


def at_least_one(name: str, value: int) -> None:
    """A number of things to give."""
    if value < 1:
        raise InvalidArgumentError(f"{name} is {value}: it must be 1 or more")


def as_snippet_kinds(kinds: Iterable[str] | None) -> frozenset[str]:
    """The kinds of snippets asked for; all of them when omitted."""
    wanted = frozenset(KINDS if kinds is None else several("kinds", kinds))
    if unknown := sorted(wanted - set(KINDS)):
        raise InvalidArgumentError(f"kinds holds {unknown[0]!r}: choose from {', '.join(KINDS)}")
    return wanted


def is_later(vectors: When) -> bool:
    """Whether the vectors are left for `embed_missing`."""
    one_of("vectors", vectors, get_args(When))
    return vectors == "later"


def as_text(name: str, value: str) -> str:
    """A text; None or bytes would fail far from where they came from."""
    if not isinstance(value, str):
        raise InvalidArgumentError(f"{name} is {_shown(value)}: give it as text")
    return value


def _shown(value: object) -> str:
    """On one line, and short whatever it is."""
    shown = repr(value)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"


def as_turns(history: Sequence[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    """The turns of a conversation, each with a `role` and a `content`."""
    if isinstance(history, str | Mapping) or not isinstance(history, Iterable):
        raise InvalidArgumentError(
            f"history is {type(history).__name__}: give a list of turns such as "
            "{'role': 'user', 'content': 'Ile kosztuje dostawa?'}"
        )
    turns = tuple(history)
    for turn in turns:
        texts = [turn.get(key) for key in ("role", "content")] if isinstance(turn, Mapping) else [None]
        if not all(isinstance(text, str) for text in texts):
            raise InvalidArgumentError(
                f"history holds {_shown(turn)}: every turn is a mapping such as "
                "{'role': 'user', 'content': 'Ile kosztuje dostawa?'}"
            )
    return turns


class Asked(NamedTuple):
    """A question with all that goes with it, in the order in which the engine takes it."""

    question: str
    history: tuple[Mapping[str, str], ...]
    where: PassageFilter
    threshold: float
    lang: str | None
    channel: Channel


def as_asked(
    question: str,
    history: Sequence[Mapping[str, str]],
    channel: Channel,
    threshold: float,
    audience: Iterable[str] | None,
    as_of: date | None,
    lang: str | None,
) -> Asked:
    """What the arguments of `answer` mean."""
    one_of("lang", lang, LANGUAGES)
    one_of("channel", channel, get_args(Channel))
    where, turns = make_filter(audience, as_of), as_turns(history)
    return Asked(as_text("question", question), turns, where, threshold, lang, channel)


class LabelledRow(NamedTuple):
    """A question, whether it was answered rightly, and the answer that was judged, where the row has it."""

    question: str
    right: bool
    answer: str | None = None


def as_labelled(rows: Iterable[Mapping[str, Any]]) -> list[LabelledRow]:
    """Rows with `question`, `correct` and perhaps `answer`; what is wrong is told with the row's number."""
    if isinstance(rows, str | Mapping):
        raise InvalidArgumentError(
            "The labelled questions are one single thing: give a list of rows such as "
            "{'question': 'Ile kosztuje dostawa?', 'correct': True}"
        )
    return [_labelled(number, row) for number, row in enumerate(rows, start=1)]


def _labelled(number: int, row: Mapping[str, Any]) -> LabelledRow:
    if not isinstance(row, Mapping) or not {"question", "correct"} <= row.keys():
        raise InvalidArgumentError(
            f"The labelled row {row!r} lacks 'question' or 'correct' (it is row {number})"
        )
    question, answer = row["question"], row.get("answer")
    if not isinstance(question, str) or not question.strip():
        raise InvalidArgumentError(f"The question of labelled row {number} is {question!r}: give its text")
    if answer is not None and not isinstance(answer, str):
        raise InvalidArgumentError(
            f"The answer of labelled row {number} ({question!r}) is a {type(answer).__name__}: give the text "
            "that was judged, or leave it out"
        )
    try:
        return LabelledRow(question, as_truth(row["correct"]), answer if answer and answer.strip() else None)
    except InvalidArgumentError as error:
        raise InvalidArgumentError(f"Labelled row {number} ({question!r}): {error}") from None


def as_truth(value: Any) -> bool:
    """Right or wrong, as people write it: True, 1, "yes", "tak", "wrong", …"""
    written = str(value).strip().casefold()
    if isinstance(value, bool | int | float | str) and written in _RIGHT | _WRONG:
        return written in _RIGHT
    raise InvalidArgumentError(f"'correct' is {value!r}: write yes or no, true or false, 1 or 0")


def as_documents(documents: Iterable[Document]) -> Iterator[Document]:
    """The documents one by one, each as the types say; what is not could not be stored, or never be found."""
    if isinstance(documents, Document | str):
        raise InvalidArgumentError(
            "add() takes a list of Documents, and got a single thing: put it into a list"
        )
    for document in documents:
        if not isinstance(document, Document):
            raise InvalidArgumentError(f"add() takes Documents, and got {type(document).__name__}")
        if fault := _fault(document):
            raise InvalidArgumentError(f"The document {document.id!r} {fault}")
        yield document


def _fault(document: Document) -> str | None:
    for name in ("id", "text"):
        value: object = getattr(document, name)
        if not isinstance(value, str):
            return f"has the {name} {value!r}: it has to be text"
        if not _is_encodable(value):
            return f"has half a character in its {name}: decode what it came from with errors='replace'"
    if not document.id.strip():
        return "has an empty id: give one that stays the same between runs"
    for name, allowed in (("kind", get_args(Kind)), ("status", get_args(Status))):
        if getattr(document, name) not in allowed:
            return f"has the {name} {getattr(document, name)!r}: choose from {', '.join(allowed)}"
    for name in ("valid_from", "valid_until"):
        value = getattr(document, name)
        if isinstance(value, datetime) or not isinstance(value, date | None):
            return f"has {name}={value!r}: give a datetime.date"
    try:
        make_filter(document.audience)
    except InvalidArgumentError as error:
        return f"cannot be shown to anybody: {error}"
    return None


def _is_encodable(text: str) -> bool:
    """Whether UTF-8 can hold it, which has no place for a surrogate without its other half."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

"""What a user can import, pinned: a name that comes or goes is a decision."""

from __future__ import annotations

import dataclasses
import inspect
import json

import pytest

import kbassist
from kbassist import errors, types

PUBLIC = """
Anchor Answer Citation Claim Confidence Conflict Decision Document Draft DraftPart Explanation Finding
Handoff Hit IndexMismatchError IngestReport InvalidArgumentError KBAssistError KnowledgeBase
KnowledgeBaseError MissingExtraError ModelError NotAKnowledgeBaseError Passage Progress Snippet SourceError
StaleCalibratorWarning UnsafeAddressError WriterBusyError __version__
""".split()


def test_the_public_names():
    assert sorted(kbassist.__all__) == sorted(PUBLIC)
    for name in PUBLIC:
        assert getattr(kbassist, name) is not None


def test_a_star_import_gives_just_these():
    given: dict = {}
    exec("from kbassist import *", given)
    assert given.keys() - {"__builtins__"} == set(PUBLIC)


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'kbassist' has no attribute 'KnowlegeBase'"):
        _ = kbassist.KnowlegeBase  # type: ignore[attr-defined]


def test_every_error_is_public_and_of_one_tree():
    defined = {
        name: value
        for name, value in vars(errors).items()
        if inspect.isclass(value) and value.__module__ == errors.__name__
    }
    assert defined.keys() <= set(PUBLIC)
    assert all(issubclass(value, kbassist.KBAssistError | UserWarning) for value in defined.values())
    assert all(name in errors.__doc__ for name in defined)
    assert issubclass(kbassist.InvalidArgumentError, ValueError)
    assert issubclass(kbassist.MissingExtraError, ImportError)


def test_a_missing_extra_names_the_command():
    error = kbassist.MissingExtraError("SentenceTransformerEmbedder", "sentence-transformers")
    assert "pip install 'kbassist[sentence-transformers]'" in str(error)


NOUNS = [value for value in vars(types).values() if dataclasses.is_dataclass(value)]


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_every_noun_is_frozen_and_has_a_plain_form(noun: type):
    assert issubclass(noun, types.Record)
    assert noun.__dataclass_params__.frozen
    assert noun.__doc__
    assert "__dict__" not in dir(noun)


PARAMETERS = {
    "__init__": "path * index_url catalog_url embedder threshold log_interactions cache_vectors "
    "source_order llm llm_timeout",
    "add_site": "url * max_pages max_depth max_bytes allow_private delay concurrency include exclude headers "
    "cookies render remove_after audience vectors progress",
    "add_files": "paths * kind audience password vectors progress",
    "add_replies": "path_or_rows * vectors progress",
    "add": "documents * vectors progress",
    "embed_missing": "* progress",
    "remove": "document_ids",
    "search": "query * k audience as_of **filters",
    "explain": "query passage_id * audience as_of",
    "answer": "question * history channel threshold audience as_of lang",
    "answer_stream": "question * history channel threshold audience as_of lang",
    "suggest_snippets": "text * context k kinds audience",
    "confidence": "question answer * audience as_of",
    "draft_reply": "message * threshold audience tone",
    "feedback": "record_id **signals",
    "calibrate": "labelled",
    "threshold_for": "precision * labelled",
    "what_if": "threshold * since",
    "reliability": "labelled * lang",
    "info": "",
    "close": "",
}
"""Of the calls in the contract, as `name * keyword-only`."""


@pytest.mark.parametrize(("method", "expected"), PARAMETERS.items(), ids=list(PARAMETERS))
def test_the_calls_take_what_the_contract_says(method: str, expected: str):
    parameters = list(inspect.signature(getattr(kbassist.KnowledgeBase, method)).parameters.values())[1:]
    given: list[str] = []
    for parameter in parameters:
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in given:
            given.append("*")
        given.append(f"**{parameter.name}" if parameter.kind is parameter.VAR_KEYWORD else parameter.name)
    assert " ".join(given) == expected


def test_every_public_call_is_documented():
    calls = inspect.getmembers(kbassist.KnowledgeBase, inspect.isfunction)
    public = {name: call for name, call in calls if not name.startswith("_")}
    assert public.keys() >= PARAMETERS.keys() - {"__init__"}
    assert [name for name, call in public.items() if not call.__doc__] == []


def test_a_plain_form_holds_dates_as_text_and_sets_in_order():
    plain = kbassist.Document("a", "t", audience=frozenset({"b", "a"}), meta={"k": (1, {"z", "y"})}).to_dict()
    assert (plain["audience"], plain["meta"]) == (["a", "b"], {"k": [1, ["y", "z"]]})
    assert json.loads(json.dumps(plain)) == plain

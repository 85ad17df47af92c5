"""Searchable by words first, with vectors afterwards: nothing is lost, and the end is the same."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_ingest import Base, doc, hear, other_process, stop_at

from kbassist import Document, InvalidArgumentError, KnowledgeBase
from kbassist.ingest import filling
from kbassist.testing import HashEmbedder
from kbassist.types import Gone, IngestReport, PassageFilter, Progress

MANY = [Document(f"d{number:03d}", f"Dokument numer {number} o zwrotach.") for number in range(300)]
RETURNS = doc("zwroty", "Zwrot jest możliwy w ciągu 30 dni.")
DELIVERY = doc("dostawa", "Kurier kosztuje 15 zł.")


@pytest.fixture
def base(embedder) -> Iterator[Base]:
    made = Base(embedder)
    yield made
    made.catalog.close()


def with_cosine(base: Base, query: str) -> dict[str, bool]:
    """By document, whether what both legs find has a cosine."""
    found = base.reader().search([query], base.embedder.embed_query(query), PassageFilter(), 500)
    return {item.entry.passage.document_id: item.dense is not None for item in found}


# --- leaving it for later ----------------------------------------------------------------------


def test_nothing_is_embedded_and_everything_is_found(base: Base):
    steps: list[Progress] = []
    assert base.run(*MANY, later=True, progress=steps.append).added == tuple(item.id for item in MANY)
    assert base.newly_embedded() == []
    assert {step.stage for step in steps} == {"read", "publish"}
    assert with_cosine(base, "zwrotach") == dict.fromkeys((item.id for item in MANY), False)
    assert len(base.catalog.waiting()) == base.catalog.waiting_count() == 300


def test_vectors_that_cost_nothing_are_not_left_for_later(base: Base):
    base.run(RETURNS)
    base.newly_embedded()
    base.run(Document("kopia", RETURNS.text, title="ZWROTY"), DELIVERY, later=True)
    assert base.newly_embedded() == []
    assert with_cosine(base, "zwrot") == {"zwroty": True, "kopia": True}
    assert with_cosine(base, "kurier")["dostawa"] is False


def test_what_is_removed_or_changed_waits_no_longer(base: Base):
    base.run(RETURNS, DELIVERY, *MANY[:2], later=True)
    base.run(Gone("zwroty", "404"), Document(MANY[0].id, "Inny tekst."))
    assert base.newly_embedded() == ["Inny tekst."]
    waiting = base.catalog.waiting()
    assert {entry.passage.document_id for entry in base.reader().entries(waiting)} == {"dostawa", "d001"}
    assert base.fill() == len(waiting) == 2


def test_text_that_waits_lends_no_vector(base: Base):
    base.run(RETURNS, later=True)
    base.run(Document("kopia", RETURNS.text, title="ZWROTY"))
    assert base.newly_embedded() == [f"ZWROTY\n{RETURNS.text}"]
    assert base.fill() == 1
    assert base.newly_embedded() == []
    assert with_cosine(base, "zwrot") == {"zwroty": True, "kopia": True}


def test_an_unchanged_document_goes_on_waiting(base: Base):
    base.run(RETURNS, later=True)
    before = base.catalog.generations()
    assert base.run(RETURNS) == IngestReport(unchanged=("zwroty",))
    assert base.catalog.generations() == before
    assert base.fill() == 1


# --- filling -----------------------------------------------------------------------------------


def test_filling_tells_how_far_it_is_and_publishes(base: Base):
    base.run(*MANY, later=True)
    steps: list[Progress] = []
    assert base.fill(steps.append) == 300
    assert steps == [
        Progress("embed", 0, 300),
        *(Progress("embed", done, 300) for done in (64, 128, 192, 256)),
        Progress("embed", 300, 300),
        Progress("publish", 0, 1),
        Progress("publish", 1, 1, "gen-000002"),
    ]
    assert sorted(base.newly_embedded()) == sorted(document.text for document in MANY)
    assert base.catalog.waiting() == []
    assert with_cosine(base, "zwrotach") == dict.fromkeys((item.id for item in MANY), True)


def test_nothing_to_fill_makes_no_generation(base: Base):
    assert base.fill() == 0
    base.run(RETURNS)
    before = base.catalog.generations()
    assert base.fill() == 0
    assert base.catalog.generations() == before


@pytest.mark.parametrize(
    ("stage", "done", "made"), [("embed", 128, 128), ("embed", 300, 300), ("publish", 0, 300)]
)
def test_interrupted_it_goes_on_from_there(base: Base, stage: str, done: int, made: int):
    base.run(*MANY, later=True)
    before = base.shown()
    with pytest.raises(KeyboardInterrupt):
        base.fill(stop_at(stage, done))
    assert (base.shown(), base.catalog.waiting_count()) == (before, 300)
    first = base.newly_embedded()
    assert len(first) == made
    assert base.fill() == 300
    assert sorted(first + base.newly_embedded()) == sorted(document.text for document in MANY)


def test_a_large_one_is_published_in_steps(base: Base, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(filling, "_LEAST_A_STEP", 100)
    base.run(*MANY, later=True)
    left = []
    base.fill(lambda step: left.append(base.catalog.waiting_count()) if step.stage == "publish" else None)
    assert left == [300, 200, 200, 100, 100, 0]

    base.run(*(Document(f"e{number}", f"Następny {number}.") for number in range(300)), later=True)
    with pytest.raises(KeyboardInterrupt):
        base.fill(stop_at("embed", 200))
    assert base.catalog.waiting_count() == 200


FILL_AND_WAIT = """
def wait_in_the_middle(step):
    if (step.stage, step.done) == ("embed", 128):
        say("embedded 128")
        hear()

kb.embed_missing(progress=wait_in_the_middle)
"""


def test_killed_it_goes_on_from_there(tmp_path: Path, embedder):
    path = tmp_path / "kb"
    with KnowledgeBase(path, embedder=embedder) as kb:
        kb.add(MANY, vectors="later")
    with other_process(FILL_AND_WAIT, path) as filler:
        assert hear(filler) == "embedded 128"
        filler.send_signal(signal.SIGKILL)
        assert filler.wait() == -signal.SIGKILL
    with KnowledgeBase(path, embedder=embedder) as kb:
        assert (kb.info().generation, kb.info().waiting) == ("gen-000001", 300)
        assert kb.embed_missing() == 300
        assert len(embedder.embedded) == 300 - 128
        assert kb.search("dokument numer 7")[0].parts.keys() >= {"dense"}


# --- the public object -------------------------------------------------------------------------


@pytest.fixture(params=["memory", "edge"])
def place(request, tmp_path: Path) -> Path | str:
    return ":memory:" if request.param == "memory" else tmp_path / "kb"


def ranking(kb: KnowledgeBase, query: str) -> list[tuple[str, float]]:
    return [(hit.passage.id, round(hit.score, 4)) for hit in kb.search(query, k=20)]


def test_filled_afterwards_it_answers_as_one_built_at_once(place, tmp_path: Path, embedder):
    queries = ["zwrot", "numer 17", "kurier 15 zł", "nieznane"]
    documents = [RETURNS, DELIVERY, *MANY[:30]]
    with KnowledgeBase(place, embedder=embedder) as kb:
        kb.add(documents[:10], vectors="later")
        kb.add(documents[10:20])
        kb.add(documents[20:], vectors="later")
        assert kb.info().waiting == 22
        assert kb.search("zwrot")[0].passage.document_id == "zwroty"
        kb.remove([documents[0].id])
        assert kb.embed_missing() == 21
        assert kb.info().waiting == 0
        afterwards = [ranking(kb, query) for query in queries]
    where = place if place == ":memory:" else tmp_path / "other"
    with KnowledgeBase(where, embedder=embedder) as kb:
        kb.add(documents[1:])
        assert [ranking(kb, query) for query in queries] == afterwards


@settings(max_examples=15)
@given(
    history=st.lists(
        st.tuples(
            st.sampled_from(["now", "later", "remove", "fill"]),
            st.dictionaries(
                st.integers(0, 6), st.sampled_from(["zwrot", "dostawa kurier", "zwrot zł", "płatność"])
            ),
        ),
        max_size=8,
    )
)
def test_whatever_the_order_the_end_is_the_same(history):
    alive: dict[int, str] = {}
    with (
        KnowledgeBase(":memory:", embedder=HashEmbedder()) as kb,
        KnowledgeBase(":memory:", embedder=HashEmbedder()) as built,
    ):
        for act, texts in history:
            if act == "fill":
                kb.embed_missing()
            elif act == "remove":
                kb.remove([str(number) for number in texts])
                alive = {number: text for number, text in alive.items() if number not in texts}
            else:
                kb.add([Document(str(number), text) for number, text in texts.items()], vectors=act)
                alive |= texts
        kb.embed_missing()
        built.add([Document(str(number), text) for number, text in alive.items()])
        assert kb.info().waiting == 0
        for query in ("zwrot", "kurier"):
            assert ranking(kb, query) == ranking(built, query)


def test_another_word_than_now_or_later_is_refused(embedder):
    with (
        KnowledgeBase(":memory:", embedder=embedder) as kb,
        pytest.raises(InvalidArgumentError, match="vectors is 'soon'"),
    ):
        kb.add([RETURNS], vectors="soon")


# --- without any model -------------------------------------------------------------------------


def test_a_lexical_knowledge_base_does_everything(place, tmp_path: Path):
    replies = [{"title": "Zwrot", "text": "Na zwrot mają Państwo 30 dni."}]
    file = tmp_path / "dostawa.md"
    file.write_text("# Dostawa\n\nKurier kosztuje 15 zł.", encoding="utf-8")
    with KnowledgeBase(place, embedder=None) as kb:
        assert kb.add([RETURNS], vectors="later").added == ("zwroty",)
        assert kb.add_replies(replies).added
        assert kb.add_files(file).added
        assert (kb.info().waiting, kb.embed_missing(), kb.info().model) == (0, 0, None)
        hits = kb.search("zwrot możliwy")
        assert hits[0].passage.document_id == "zwroty"
        assert "dense" not in hits[0].parts
        answer = kb.answer("Ile dni mam na zwrot?", threshold=0.01)
        assert answer.status == "answered"
        assert "30 dni" in answer.text
        assert kb.suggest_snippets("zwrot w 30 dni")
        assert 0 < kb.confidence("Ile dni mam na zwrot?").probability <= 1
        assert 0 < kb.confidence("Ile dni mam na zwrot?", "Na zwrot jest 30 dni.").probability <= 1
        draft = kb.draft_reply("Dzień dobry, ile dni mam na zwrot? Ile kosztuje kurier?")
        assert len(draft.parts) == 2
        assert kb.audit().summary is not None
        kb.feedback(answer.id, correct=True)
        report = kb.evaluate([{"question": "Ile dni mam na zwrot?", "answer": "30 dni"}])
        assert json.dumps(report.to_dict())
        rows = [{"question": f"Ile dni mam na zwrot {n}?", "correct": n % 2 == 0} for n in range(50)]
        assert kb.calibrate(rows).startswith("tenant-")
        assert kb.remove(["zwroty"]) == 1

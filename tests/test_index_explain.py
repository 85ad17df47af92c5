"""Why a passage has its score: the parts add up, the words are right, and nothing hidden is told."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from cli_runner import kbassist

from kbassist import Anchor, Document, Explanation, InvalidArgumentError, KnowledgeBase
from kbassist.testing import HashEmbedder

STAFF = frozenset({"staff"})
RETURNS = (
    "Na zwrot towaru masz 30 dni od otrzymania paczki. Dron można odesłać kurierem, a każdy inny towar także "
    "przez automat paczkowy, po wypełnieniu formularza na koncie."
)
TERMS = "§ 7\n1. Konsument może odstąpić od umowy.\n2. Sprzedawca zwraca pieniądze w 14 dni.\n"
DOCUMENTS = [
    Document("zwroty", RETURNS, title="Zwroty", uri="/zwroty", lang="pl"),
    Document("zwroty-druk", RETURNS, title="Zwroty", uri="/zwroty?druk=1", lang="pl"),
    Document("dostawa", "Dostawa kurierem kosztuje 15 zł.", title="Dostawa", lang="pl"),
    Document("magazyn", "Trebuszet stoi w magazynie.", lang="pl", audience=STAFF),
    Document(
        "regulamin",
        TERMS,
        title="Regulamin",
        kind="regulation",
        lang="pl",
        anchors=(
            Anchor(0, "§ 7", 1, "provision"),
            Anchor(TERMS.index("1."), "§ 7 ust. 1", 2, "provision"),
            Anchor(TERMS.index("2."), "§ 7 ust. 2", 2, "provision"),
        ),
    ),
    Document("english", "You may return a drone within 30 days.", title="Returns", lang="en"),
    *(Document(f"o-{name}", f"Towar {name} czeka na zwrot.", lang="pl") for name in "abcdef"),
]


@pytest.fixture(scope="module", params=["memory", "edge", "lexical"])
def kb(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    place = tmp_path_factory.mktemp("kb") if request.param == "edge" else ":memory:"
    with KnowledgeBase(place, embedder=None if request.param == "lexical" else HashEmbedder()) as made:
        made.add(DOCUMENTS)
        yield made


def id_of(kb: KnowledgeBase, query: str, document: str, **seen: frozenset[str]) -> str:
    hits = kb.search(query, k=100, **seen)
    places = [passage for hit in hits for passage in (hit.passage, *hit.alternates)]
    return next(passage.id for passage in places if passage.document_id == document)


def total(explanation: Explanation) -> float:
    return sum(part.contribution for part in explanation.parts)


@pytest.mark.parametrize(
    "query",
    ["Ile dni mam na zwrot towaru?", "zwrto dronn", "§ 7 ust. 2", "return of a drone", "zwrot", "???", ""],
)
def test_every_hit_is_explained_as_it_was_ranked(kb: KnowledgeBase, query: str):
    for rank, hit in enumerate(kb.search(query, k=100), start=1):
        explanation = kb.explain(query, hit.passage.id)
        assert (explanation.query, explanation.rank) == (query, rank)
        assert explanation.hit == hit
        assert explanation.score == hit.score
        assert total(explanation) == pytest.approx(hit.score)
        assert all(part.value * part.weight == pytest.approx(part.contribution) for part in explanation.parts)
        assert json.loads(json.dumps(explanation.to_dict()))["text"] == explanation.text


def test_words_found_and_missing_are_told_in_the_form_in_which_they_stand(kb: KnowledgeBase):
    query = "Ile dni mam na zwrotu drona i kajaka?"
    explanation = kb.explain(query, id_of(kb, "dron", "zwroty"))
    expected = {"dni": "dni", "mam": "masz", "na": "na", "zwrotu": "zwrot", "drona": "dron"}
    assert expected.items() <= dict(explanation.found).items()
    assert explanation.missing == ("kajaka",)
    assert f"Wynik {explanation.score:.2f}".replace(".", ",") in explanation.text
    assert "„drona” (jako „dron”)" in explanation.text
    assert "Nie znaleziono: „kajaka”" in explanation.text or "nie znaleziono: „kajaka”" in explanation.text
    assert f"Miejsce na liście: {explanation.rank}." in explanation.text


def test_a_number_is_not_missing_where_its_measure_is_written_out(kb: KnowledgeBase):
    kept = kb.explain("trzydzieści dni na zwrot", id_of(kb, "zwrot", "zwroty"))
    other = kb.explain("14 dni na zwrot", id_of(kb, "zwrot", "zwroty"))
    assert "14" in other.missing
    assert not {"30", "14"} & set(kept.missing)
    with KnowledgeBase(":memory:", embedder=None) as words:
        words.add([Document("w", "Masz czternaście dni na zwrot.", lang="pl")])
        hit = words.search("14 dni na zwrot")[0]
        assert "14" not in words.explain("14 dni na zwrot", hit.passage.id).missing


def test_an_english_query_is_explained_in_english(kb: KnowledgeBase):
    explanation = kb.explain("How do I return the drones?", id_of(kb, "drone", "english"))
    assert explanation.text.startswith(f"Score {explanation.score:.2f}: ")
    assert "“drones” (as “drone”)" in explanation.text


def test_a_passage_that_does_not_fit_is_explained_too(kb: KnowledgeBase):
    explanation = kb.explain("kajak", id_of(kb, "dostawa", "dostawa"))
    assert explanation.found == {}
    assert explanation.missing == ("kajak",)
    assert total(explanation) == pytest.approx(explanation.score)


def test_a_provision_that_was_asked_for_is_why_it_stands_higher(kb: KnowledgeBase):
    query = "Co mówi § 7 ust. 2 o pieniądzach?"
    explanation = kb.explain(query, id_of(kb, query, "regulamin"))
    lift = next(part for part in explanation.parts if part.name == "address")
    assert lift.contribution > 0
    assert "wyżej, bo zawiera § 7 ust. 2: +0," in explanation.text
    assert explanation.rank == 1


def test_a_copy_is_explained_by_the_hit_that_shows_it(kb: KnowledgeBase):
    query = "zwrot drona"
    shown, copy = (kb.explain(query, id_of(kb, query, name)) for name in ("zwroty", "zwroty-druk"))
    assert shown.rank == copy.rank == 1
    assert copy.hit.passage.document_id == "zwroty-druk"
    assert "inne miejsce tego samego tekstu" in copy.text
    assert "inne miejsce" not in shown.text


def test_a_further_passage_of_a_document_stands_lower():
    paragraphs = [f"Zwrot towaru numer {number} trwa {number} dni. " * 40 for number in range(1, 6)]
    long = Document("d", "\n\n".join(paragraphs), lang="pl")
    with KnowledgeBase(":memory:", embedder=None) as kb:
        kb.add([long, Document("e", "Dostawa trwa krótko.", lang="pl")])
        hits = kb.search("zwrot towaru", k=10)
        assert len(hits) > 1
        second = kb.explain("zwrot towaru", hits[1].passage.id)
        lowered = second.parts[-1]
        assert (lowered.name, lowered.value) == ("repeated", 1)
        assert lowered.contribution < 0
        assert total(second) == pytest.approx(hits[1].score)


def test_what_may_not_be_seen_is_as_if_it_were_not_there(kb: KnowledgeBase):
    hidden = id_of(kb, "trebuszet", "magazyn", audience=STAFF)
    messages = []
    for passage_id in (hidden, "niema"):
        with pytest.raises(InvalidArgumentError, match="may be seen") as raised:
            kb.explain("trebuszet", passage_id)
        messages.append(str(raised.value).replace(repr(passage_id), "…"))
    assert messages[0] == messages[1]
    assert kb.explain("trebuszt", hidden, audience=STAFF).found == {"trebuszt": "trebuszet"}


def test_a_correction_is_told_only_where_its_word_stands(kb: KnowledgeBase):
    explanation = kb.explain("trebuszt dronn", id_of(kb, "dron", "zwroty"))
    assert explanation.found == {"dronn": "dron"}
    assert explanation.missing == ("trebuszt",)
    assert "trebuszet" not in json.dumps(explanation.to_dict(), ensure_ascii=False).lower()


def test_nothing_can_be_explained_before_anything_is_there():
    with KnowledgeBase(":memory:", embedder=None) as kb, pytest.raises(InvalidArgumentError):
        kb.explain("zwrot", "zwroty")


def test_the_command_line_explains_and_sets_synonyms(tmp_path):
    folder, file = tmp_path / "kb", tmp_path / "synonimy.txt"
    with KnowledgeBase(folder) as kb:
        kb.add([Document("zwroty", "Zwrot w 30 dni.", title="Zwroty", lang="pl")])
        passage_id = kb.search("zwrot")[0].passage.id
    assert kbassist("synonyms", kb=folder).out == "No synonyms.\n"
    file.write_text("zwrot, oddanie\n", encoding="utf-8")
    assert kbassist("synonyms", file, "--json", kb=folder).json == [["zwrot", "oddanie"]]
    assert kbassist("synonyms", kb=folder).out == "zwrot; oddanie\n"
    told = kbassist("explain", "zwrotu", passage_id, "--json", kb=folder).json
    assert (told["rank"], told["found"]) == (1, {"zwrotu": "zwrot"})
    assert "Wynik 0," in kbassist("explain", "zwrotu", passage_id, kb=folder).out
    unknown = kbassist("explain", "zwrotu", "niema", kb=folder)
    assert (unknown.code, unknown.out) == (2, "")
    file.write_text("zwrot\n", encoding="utf-8")
    assert "line 1" in kbassist("synonyms", file, kb=folder).err

"""The public object over real parts: the embedded engine, the bundled model, the example company."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kbassist import Anchor, Answer, Document, KnowledgeBase
from kbassist.catalog import Catalog
from kbassist.testing import HashEmbedder
from kbassist.types import Citation

TODAY = date.today()
DAY = timedelta(days=1)
STAFF = frozenset({"staff"})


def doc(name: str, text: str, **fields) -> Document:
    return Document(name, text, **{"title": name.capitalize(), "uri": f"https://sklep.pl/{name}", **fields})


def with_headings(name: str, parts: dict[str, str], **fields) -> Document:
    """Headings with a fragment each, and a paragraph below each."""
    text, anchors = "", []
    for heading, below in parts.items():
        anchors.append(Anchor(len(text), heading, level=2, fragment=heading.lower().replace(" ", "-")))
        text += f"{heading}\n\n{below}\n\n"
    return doc(name, text, anchors=tuple(anchors), **fields)


REGULATION = (
    "§ 7 Zwroty\n1. Konsument może odstąpić od umowy w terminie 30 dni od otrzymania przesyłki.\n"
    "2. Koszt odesłania towaru ponosi konsument.\n"
)
DOCUMENTS = [
    with_headings(
        "zwroty",
        {
            "Termin": "Na zwrot towaru masz 30 dni od dnia otrzymania paczki.",
            "Pieniądze": "Pieniądze oddajemy przelewem w ciągu 14 dni po otrzymaniu formularza.",
        },
    ),
    with_headings(
        "dostawa",
        {
            "Kurier": "Przesyłka kurierska kosztuje 14,99 zł i trwa 1-2 dni robocze.",
            "Paczkomat": "Przesyłka do paczkomatu kosztuje 11,99 zł. Paczka czeka w automacie 48 godzin.",
        },
    ),
    doc(
        "regulamin",
        REGULATION,
        kind="regulation",
        anchors=(
            Anchor(0, "§ 7", 1, "provision"),
            Anchor(REGULATION.index("1. "), "§ 7 ust. 1", 2, "provision", "p7u1"),
            Anchor(REGULATION.index("2. "), "§ 7 ust. 2", 2, "provision", "p7u2"),
        ),
    ),
    doc(
        "cennik",
        "Ostrzenie sekatora kosztuje 25 zł.\n\nOprawienie szpadla w nowy trzonek kosztuje 60 zł.",
        kind="pdf",
        uri="https://sklep.pl/cennik.pdf",
        anchors=(Anchor(0, "1", 1, "page"), Anchor(36, "2", 1, "page")),
    ),
    doc("kontakt", "Sklep jest czynny od poniedziałku do piątku w godzinach 8:00–16:00."),
    doc("faktury", "Fakturę VAT wystawiamy na życzenie i wysyłamy e-mailem."),
    doc("en/returns", "You have 30 days to send the goods back. The return label costs 9.90 PLN.", lang="en"),
    doc("en/workshop", "We sharpen secateurs and axes while you wait, every Saturday.", lang="en"),
    doc("odp-1", "Dzień dobry, zwrot towaru przyjmujemy przez 30 dni. {podpis}", kind="reply", uri=""),
    doc("odp-2", "Dzień dobry, paczka jest już w drodze.", kind="reply", uri=""),
    doc("rabaty", "Za opóźnioną paczkę konsultant może dać rabat 20%.", audience=STAFF),
    doc("promocja", "Promocja: przesyłka kurierska za 1 zł.", valid_until=TODAY - DAY),
    doc("nowosci", "Od przyszłego roku paczki dostarczy dron.", valid_from=TODAY + DAY),
    doc("szkic", "Szkic: gwarancja na szpadle trwa 99 lat.", status="draft"),
]
TEXTS = {document.id: document.text for document in DOCUMENTS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Made with the embedded engine and the bundled model."""
    path = tmp_path_factory.mktemp("shop") / "kb"
    with KnowledgeBase(path) as kb:
        report = kb.add(DOCUMENTS)
    assert report.added == tuple(TEXTS)
    return path


@pytest.fixture(scope="module")
def shop(folder: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase(folder) as kb:
        yield kb


@pytest.fixture
def kb(tmp_path: Path, embedder) -> Iterator[KnowledgeBase]:
    """An empty one, quick to fill."""
    with KnowledgeBase(":memory:", embedder=embedder) as opened:
        yield opened


def assert_verbatim(citations: tuple[Citation, ...], texts: dict[str, str]) -> None:
    for citation in citations:
        assert texts[citation.document_id][citation.start : citation.end] == citation.quote != ""


# --- search ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("Ile mam czasu, żeby oddać zakupy?", {"zwroty", "regulamin"}),
        ("kiedy dostane kase z powrotem", {"zwroty"}),
        ("przesylka kurierem", {"dostawa"}),
        ("o ktorej otwieracie", {"kontakt"}),
        ("§ 7 ust. 2", {"regulamin"}),
        ("ile za naostrzenie sekatora", {"cennik"}),
        ("Can I send my order back?", {"en/returns"}),
        ("blade sharpening", {"en/workshop"}),
    ],
)
def test_the_right_document_comes_first(shop: KnowledgeBase, query: str, best: set[str]):
    assert shop.search(query, kinds={"page", "pdf", "regulation"})[0].passage.document_id in best


def test_hits_are_slices_best_first_with_what_each_leg_gave(shop: KnowledgeBase):
    hits = shop.search("zwrot paczki kurierem", k=50)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        passage = hit.passage
        assert TEXTS[passage.document_id][passage.start : passage.end] == passage.text
        assert 0 <= hit.score <= 1
        assert hit.parts.keys() >= {"bm25", "dense", "lexical", "semantic"}
    assert len({hit.passage.id for hit in hits}) == len(hits)


@pytest.mark.parametrize("k", [1, 3, 1000])
def test_no_more_than_k(shop: KnowledgeBase, k: int):
    everything = shop.search("paczka", k=50)
    assert shop.search("paczka", k=k) == everything[:k]


@pytest.mark.parametrize(
    ("filters", "allowed"),
    [
        ({"langs": {"en"}}, {"en/returns", "en/workshop"}),
        ({"kinds": {"reply"}}, {"odp-1", "odp-2"}),
        ({"kinds": ["regulation", "pdf"]}, {"regulamin", "cennik"}),
        ({"document_ids": {"zwroty", "rabaty", "none"}}, {"zwroty"}),
        ({"statuses": {"draft"}}, {"szkic"}),
        ({"audience": {"staff"}}, {"rabaty"}),
        ({"as_of": TODAY - DAY, "document_ids": {"promocja", "nowosci"}}, {"promocja"}),
        ({"as_of": TODAY + DAY, "document_ids": {"promocja", "nowosci"}}, {"nowosci"}),
        ({"langs": {"en"}, "kinds": {"reply"}}, set()),
    ],
)
def test_filters_say_what_may_be_found(shop: KnowledgeBase, filters: dict, allowed: set[str]):
    hits = shop.search("zwrot, paczka, promocja, dron, gwarancja, rabat, return", k=50, **filters)
    assert {hit.passage.document_id for hit in hits} == allowed


def test_another_one_who_opens_the_folder_finds_the_same(shop: KnowledgeBase, folder: Path):
    with KnowledgeBase(folder) as other:
        assert other.search("zwrot paczki", k=50) == shop.search("zwrot paczki", k=50)
        assert other.info() == shop.info()


def test_in_memory_the_ranking_is_the_same(shop: KnowledgeBase, folder: Path):
    with KnowledgeBase(":memory:") as other:
        other.add(DOCUMENTS)
        for query in ("zwrot paczki", "how long do I have", "§ 7 ust. 2"):
            one, two = (each.search(query, k=8) for each in (shop, other))
            assert [hit.passage for hit in one] == [hit.passage for hit in two]
            assert [hit.score for hit in one] == pytest.approx([hit.score for hit in two], abs=2e-3)


def test_without_a_model_words_alone_are_searched():
    with KnowledgeBase(":memory:", embedder=None) as kb:
        kb.add(DOCUMENTS)
        hits = kb.search("przesylka kurierem")
        assert hits[0].passage.document_id == "dostawa"
        assert all("dense" not in hit.parts for hit in hits)
        assert kb.search("naostrzenie") == []
        assert kb.info().model is None
        assert kb.answer("Ile kosztuje przesyłka kurierska?", threshold=0).text.startswith(
            "Przesyłka kurierska"
        )


# --- answers -----------------------------------------------------------------------------------


def test_an_answer_quotes_with_a_deep_link(shop: KnowledgeBase):
    answer = shop.answer("Ile kosztuje przesyłka do paczkomatu?", threshold=0)
    assert (answer.status, answer.lang) == ("answered", "pl")
    assert "11,99 zł" in answer.text
    assert_verbatim(answer.citations, TEXTS)
    assert answer.citations[0].uri == "https://sklep.pl/dostawa#paczkomat"
    assert answer.hits[0].passage.headings == ("Paczkomat",)


def test_an_answer_from_a_regulation_has_its_address(shop: KnowledgeBase):
    answer = shop.answer("Kto ponosi koszt odesłania towaru przez konsumenta?", threshold=0)
    assert "ponosi konsument" in answer.text
    assert answer.citations[0].document_id == "regulamin"
    assert answer.citations[0].address.startswith("§ 7")


def test_an_answer_from_a_pdf_has_its_page(shop: KnowledgeBase):
    answer = shop.answer("Ile kosztuje ostrzenie sekatora?", threshold=0)
    assert answer.citations[0].quote == "Ostrzenie sekatora kosztuje 25 zł."
    assert (answer.citations[0].page, answer.citations[0].uri) == (1, "https://sklep.pl/cennik.pdf#page=1")


def test_an_english_question_is_answered_from_an_english_page(shop: KnowledgeBase):
    answer = shop.answer("How many days do I have to send the goods back?", threshold=0)
    assert answer.text.startswith("You have 30 days")
    assert (answer.lang, answer.disclosure) == ("en", "This is an automated assistant.")


def test_the_threshold_decides(shop: KnowledgeBase):
    question = "Ile kosztuje przesyłka do paczkomatu?"
    sure = float(shop.confidence(question))
    assert 0 < sure < 1
    assert shop.answer(question, threshold=sure).status == "answered"
    handed = shop.answer(question, threshold=sure + 1e-6)
    assert (handed.status, handed.reason, handed.citations) == ("handoff", "low_confidence", ())
    assert handed.handoff.hits == handed.hits != ()


def test_the_threshold_of_the_knowledge_base_is_used_where_none_is_given(folder: Path):
    for threshold, status in ((0.0, "answered"), (100, "handoff")):
        with KnowledgeBase(folder, threshold=threshold) as kb:
            assert kb.answer("Ile kosztuje przesyłka do paczkomatu?").status == status


def test_a_ready_reply_is_never_an_answer(shop: KnowledgeBase):
    answer = shop.answer("Czy paczka jest już w drodze?", threshold=0)
    assert {hit.passage.kind for hit in answer.hits}.isdisjoint({"reply"})
    assert "w drodze" not in answer.text


def test_a_follow_up_is_asked_with_what_came_before(shop: KnowledgeBase):
    history = [
        {"role": "user", "content": "Ile kosztuje przesyłka?"},
        {"role": "assistant", "content": "Kurier 14,99"},
    ]
    answer = shop.answer("A do paczkomatu?", history=history, threshold=100)
    assert answer.question == answer.handoff.question == "A do paczkomatu?"
    assert answer.handoff.rewritten[0] == "kosztuje przesyłka A do paczkomatu?"
    assert answer.handoff.history == tuple(history)
    assert "11,99 zł" in shop.answer("A do paczkomatu?", history=history, threshold=0).text


def test_asking_for_a_person_hands_over_whatever_the_confidence(shop: KnowledgeBase):
    answer = shop.answer("Proszę mnie połączyć z konsultantem", threshold=0)
    assert (answer.status, answer.reason) == ("handoff", "person_requested")
    assert shop.answer("Proszę mnie połączyć z konsultantem", threshold=0, lang="en").text.startswith(
        "I am connecting"
    )


def test_an_empty_knowledge_base_knows_nothing_and_says_so(kb: KnowledgeBase):
    assert kb.search("zwrot") == kb.suggest_snippets("zwrot") == []
    assert (kb.answer("Ile dni na zwrot?").reason, float(kb.confidence("zwrot"))) == ("nothing_found", 0.0)
    assert float(kb.confidence("zwrot", "Zwrot trwa 30 dni.")) == 0.0
    assert kb.draft_reply("Ile dni na zwrot?").coverage == 0.0
    assert kb.remove(["zwroty"]) == 0
    info = kb.info()
    assert (info.documents, info.passages, info.generation, info.engine) == (0, 0, None, None)


THIRTY = doc("zwroty", "Na zwrot towaru masz 30 dni.")
FOURTEEN = doc("blog", "Na zwrot towaru masz 14 dni.")
TERMS = doc("regulamin", "Na zwrot towaru konsument ma 30 dni.", kind="regulation")


def test_pages_that_disagree_are_handed_over_with_both_claims(kb: KnowledgeBase):
    kb.add([THIRTY, FOURTEEN])
    answer = kb.answer("Zwrot towaru, dni?", threshold=0)
    assert (answer.status, answer.reason, answer.conflict.resolution) == ("handoff", "conflict", None)
    assert {claim.value for claim in answer.conflict.claims} == {"30 dni", "14 dni"}
    assert_verbatim(
        tuple(claim.citation for claim in answer.conflict.claims),
        {"zwroty": THIRTY.text, "blog": FOURTEEN.text},
    )


def test_the_regulation_is_quoted_where_a_page_disagrees_with_it(kb: KnowledgeBase):
    kb.add([TERMS, FOURTEEN])
    answer = kb.answer("Zwrot towaru, dni?", threshold=0)
    assert (answer.status, answer.text) == ("answered", TERMS.text)
    assert answer.conflict.resolution == "higher_source_before_lower"


# --- confidence --------------------------------------------------------------------------------


def test_the_confidence_in_a_question_is_that_of_its_answer(shop: KnowledgeBase):
    for question in ("Ile kosztuje przesyłka do paczkomatu?", "Czy macie kosiarki?"):
        given = shop.confidence(question)
        assert replace(given, signals={}) == replace(shop.answer(question).confidence, signals={})
        assert 0 <= float(given) <= 1


def test_an_answer_of_somebody_else_is_held_against_the_sources(shop: KnowledgeBase):
    question = "Ile kosztuje przesyłka do paczkomatu?"
    right = shop.confidence(question, "Przesyłka do paczkomatu kosztuje 11,99 zł.")
    wrong = shop.confidence(question, "Przesyłka do paczkomatu kosztuje 12,99 zł.")
    beside = shop.confidence(question, "Zapraszamy na basen i siłownię.")
    assert float(right) >= float(shop.confidence(question))
    assert float(wrong) <= 0.1 < float(right)
    assert any("12,99" in reason for reason in wrong.reasons)
    assert float(beside) < float(right) / 2
    assert right.calibration.endswith("bounded by support")


# --- snippets and drafts -----------------------------------------------------------------------


def test_snippets_are_ready_to_send_or_open(shop: KnowledgeBase):
    given = shop.suggest_snippets("zwrot towaru", k=6)
    assert {snippet.kind for snippet in given} == {"reply", "paragraph", "link"}
    assert [snippet.score for snippet in given] == sorted((s.score for s in given), reverse=True)
    texts = {snippet.kind: snippet.text for snippet in given[::-1]}
    assert texts["reply"] == TEXTS["odp-1"]
    assert texts["link"].startswith("https://sklep.pl/")
    for snippet in given:
        assert_verbatim((snippet.citation,), TEXTS)
        assert all(
            snippet.text[start:end].lower()[:5] in ("zwrot", "towar") for start, end in snippet.highlights
        )


@pytest.mark.parametrize("kind", ["reply", "paragraph", "link"])
def test_snippets_of_one_kind(shop: KnowledgeBase, kind: str):
    given = shop.suggest_snippets("zwrot towaru", kinds=[kind], k=2)
    assert {snippet.kind for snippet in given} == {kind}
    assert len(given) == 2


def test_a_word_typed_is_understood_by_what_the_customer_said(shop: KnowledgeBase):
    (first, *_) = shop.suggest_snippets(
        "już", context=["Dzień dobry", "gdzie jest moja paczka?"], kinds=["reply"]
    )
    assert first.citation.document_id == "odp-2"


def test_a_draft_answers_each_question(shop: KnowledgeBase):
    questions = ["Ile kosztuje przesyłka do paczkomatu?", "Czy mogę porozmawiać z konsultantem?"]
    message = f"Dzień dobry, kupiłem szpadel. {' '.join(questions)}"
    draft = shop.draft_reply(message, threshold=0)
    assert [part.question for part in draft.parts] == questions
    assert [part.answer.status for part in draft.parts] == ["answered", "handoff"]
    assert draft.coverage == 0.5
    assert draft.text.startswith("Dzień dobry,\n\nPrzesyłka do paczkomatu kosztuje 11,99 zł.")
    assert "(https://sklep.pl/dostawa#paczkomat)" in draft.text
    assert shop.draft_reply(message, threshold=0, tone="plain").text.startswith("Przesyłka")
    assert json.loads(json.dumps(draft.to_dict()))["coverage"] == 0.5


# --- who may see what --------------------------------------------------------------------------

SECRET = "Za opóźnioną paczkę konsultant może dać rabat 20%."
ASKING_FOR_IT = "Jaki rabat może dać konsultant za opóźnioną paczkę?"
WAYS: dict[str, Callable[..., object]] = {
    "search": lambda kb, **who: [hit.to_dict() for hit in kb.search(ASKING_FOR_IT, k=50, **who)],
    "answer": lambda kb, **who: kb.answer(ASKING_FOR_IT, threshold=0, **who).to_dict(),
    "handoff": lambda kb, **who: kb.answer(ASKING_FOR_IT, threshold=100, **who).to_dict(),
    "snippets": lambda kb, **who: [
        each.to_dict() for each in kb.suggest_snippets(ASKING_FOR_IT, k=50, **who)
    ],
    "draft": lambda kb, **who: kb.draft_reply(ASKING_FOR_IT, threshold=0, **who).to_dict(),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_is_for_the_staff_never_reaches_the_public(shop: KnowledgeBase, way: Callable[..., object]):
    for_public = json.dumps(way(shop), ensure_ascii=False)
    for_staff = json.dumps(way(shop, audience={"staff", "public"}), ensure_ascii=False)
    assert "20%" in for_staff
    assert "rabaty" in for_staff
    for word in ("20%", "rabaty", "promocja", "nowosci", "szkic"):
        assert word not in for_public


def test_what_is_for_the_staff_gives_the_public_no_confidence(shop: KnowledgeBase):
    assert float(shop.confidence(ASKING_FOR_IT, SECRET)) < float(
        shop.confidence(ASKING_FOR_IT, SECRET, audience={"staff"})
    )


def test_hidden_documents_change_nothing_that_is_found(kb: KnowledgeBase):
    """Except scores: how rare a word is, is counted over all passages."""
    public = [
        document for document in DOCUMENTS if "public" in document.audience and document.status == "approved"
    ]
    public = [document for document in public if document.valid_from is document.valid_until is None]
    kb.add(DOCUMENTS)
    with KnowledgeBase(":memory:", embedder=HashEmbedder()) as other:
        other.add(public)
        for question in ("zwrot towaru", ASKING_FOR_IT, "przesyłka kurierska", "gwarancja na szpadle"):
            one, two = kb.search(question, k=50), other.search(question, k=50)
            assert {hit.passage for hit in one} == {hit.passage for hit in two}
            dense = [{hit.passage.id: hit.parts["dense"] for hit in hits} for hits in (one, two)]
            assert dense[0] == pytest.approx(dense[1])


@pytest.mark.parametrize(
    ("document", "as_of", "seen"),
    [
        ("promocja", None, False),
        ("promocja", TODAY - DAY, True),
        ("promocja", TODAY, False),
        ("nowosci", None, False),
        ("nowosci", TODAY, False),
        ("nowosci", TODAY + DAY, True),
    ],
)
def test_what_is_not_in_force_is_not_there(
    shop: KnowledgeBase, document: str, as_of: date | None, seen: bool
):
    question = TEXTS[document]
    answer = shop.answer(question, as_of=as_of, threshold=0)
    assert (document in {hit.passage.document_id for hit in answer.hits}) == seen
    assert (document in {citation.document_id for citation in answer.citations}) == seen
    assert (shop.confidence(question, question, as_of=as_of).signals["support"] > 0.999) == seen


# --- the log and its feedback ------------------------------------------------------------------


def logged(folder: Path) -> list[dict]:
    catalog = Catalog(f"sqlite:///{folder / 'catalog.sqlite'}")
    try:
        return catalog.interactions()
    finally:
        catalog.close()


def test_every_record_that_leaves_is_logged_without_personal_data_and_takes_feedback(tmp_path: Path):
    with KnowledgeBase(tmp_path / "kb", embedder=HashEmbedder()) as kb:
        kb.add([THIRTY])
        answer = kb.answer("Mój PESEL to 44051401359. Ile dni na zwrot?", channel="email", threshold=0)
        snippet = kb.suggest_snippets("zwrot towaru, jan@example.com", audience={"public", "staff"})[1]
        draft = kb.draft_reply("Ile dni na zwrot?", threshold=0)
        kb.feedback(answer.id, correct=True, comment="pisał jan@example.com")
        kb.feedback(answer.id, copied=False)
        kb.feedback(snippet.id, clicked=True)
        kb.feedback(draft.id, displayed=True)
        kb.feedback(draft.parts[0].answer.id, correct=False)
    asked, typed, drafted, part = logged(tmp_path / "kb")

    assert (asked["id"], asked["kind"], asked["channel"], asked["status"]) == (
        answer.id,
        "answer",
        "email",
        "answered",
    )
    assert "44051401359" not in asked["question"]
    assert asked["question"].endswith("Ile dni na zwrot?")
    assert (asked["probability"], asked["document_ids"]) == (float(answer.confidence), ["zwroty"])
    assert [each.get("correct", each.get("copied")) for each in asked["feedback"]] == [True, False]
    assert "jan@example.com" not in json.dumps([asked, typed, drafted])
    assert (typed["kind"], typed["audience"]) == ("snippets", ["public", "staff"])
    assert typed["feedback"] == [{"clicked": True, "item": snippet.id}]
    assert (drafted["kind"], drafted["feedback"]) == ("draft", [{"displayed": True}])
    assert (part["id"], part["feedback"]) == (draft.parts[0].answer.id, [{"correct": False}])


def test_nothing_is_logged_where_that_is_not_wanted(tmp_path: Path):
    with KnowledgeBase(tmp_path / "kb", embedder=HashEmbedder(), log_interactions=False) as kb:
        answer = kb.answer("Ile dni na zwrot?")
        kb.draft_reply("Ile dni na zwrot?")
        with pytest.raises(ValueError, match="from a knowledge base that logs its interactions"):
            kb.feedback(answer.id, correct=True)
    assert logged(tmp_path / "kb") == []


# --- calibration -------------------------------------------------------------------------------


def test_calibrating_is_kept_in_the_folder(tmp_path: Path):
    path = tmp_path / "kb"
    easy, hard = "Ile dni na zwrot towaru?", "Czy macie basen?"
    with KnowledgeBase(path, embedder=HashEmbedder()) as kb:
        kb.add([THIRTY])
        bundled = kb.info().calibration
        rows = [{"question": easy, "correct": True}] * 30 + [{"question": hard, "correct": False}] * 30
        name = kb.calibrate(rows)
        assert name == kb.info().calibration == kb.confidence(easy).calibration != bundled
        assert float(kb.confidence(easy)) > 0.9
        assert float(kb.confidence(hard)) < 0.1
        given = kb.confidence(easy)
    with KnowledgeBase(path, embedder=HashEmbedder()) as again:
        assert again.confidence(easy) == given
    with KnowledgeBase(":memory:", embedder=HashEmbedder()) as other:
        assert other.info().calibration == bundled


def test_a_confidence_says_when_it_was_fitted_for_other_scores(shop: KnowledgeBase):
    with KnowledgeBase(":memory:", embedder=HashEmbedder()) as other:
        told = other.confidence("zwrot").calibration
        assert "fitted for" in told or "by words alone" in told
    assert "(" not in shop.confidence("zwrot").calibration


# --- life --------------------------------------------------------------------------------------


def test_info_counts_and_names(shop: KnowledgeBase, folder: Path):
    info = shop.info()
    assert (info.path, info.documents, info.generation) == (str(folder), len(DOCUMENTS), "gen-000001")
    assert info.passages >= len(DOCUMENTS)
    assert (info.engine, info.analysis) == ("qdrant-edge", "pl-en-2")
    assert "e5" in info.model


def test_one_opened_earlier_follows_what_another_one_publishes(tmp_path: Path):
    with (
        KnowledgeBase(tmp_path / "kb", embedder=HashEmbedder()) as reader,
        KnowledgeBase(tmp_path / "kb", embedder=HashEmbedder()) as writer,
    ):
        assert reader.search("zwrot") == []
        writer.add([THIRTY])
        assert [hit.passage.text for hit in reader.search("zwrot")] == [THIRTY.text]
        assert writer.remove(["zwroty", "never"]) == 1
        assert reader.search("zwrot") == []
        assert reader.info() == writer.info()


def test_threads_that_read_while_one_writes_see_one_whole_state_after_another(kb: KnowledgeBase):
    kb.add([doc(name, "Dokument, wersja 0") for name in "abc"])
    done = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        while not done.is_set():
            try:
                texts = [hit.passage.text for hit in kb.search("dokument wersja")]
                if len(texts) != 3 or len(set(texts)) != 1:
                    wrong.append(texts)
                kb.answer("Jaka wersja?")
            except BaseException as error:
                wrong.append(error)
                raise

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, 41):
            kb.add([doc(name, f"Dokument, wersja {number}") for name in "abc"])
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert {hit.passage.text for hit in kb.search("wersja")} == {"Dokument, wersja 40"}


# --- the example company -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def company_kb(
    company: Path, company_url: str, tmp_path_factory
) -> Iterator[tuple[KnowledgeBase, dict[str, str]]]:
    """The site, the replies and the employees' papers, with the text of every document."""
    path = tmp_path_factory.mktemp("company") / "kb"
    with KnowledgeBase(path, embedder=HashEmbedder()) as kb:
        kb.add_site(company_url, allow_private=True)
        kb.add_replies(company / "odpowiedzi.csv")
        kb.add_files(company / "pracownicy", audience={"staff"})
        catalog = Catalog(f"sqlite:///{path / 'catalog.sqlite'}")
        texts = {document.id: document.text for document in catalog.documents()}
        catalog.close()
        yield kb, texts


@pytest.fixture(scope="module")
def company_answers(company: Path, company_kb) -> list[Answer]:
    """One for every question written for the company."""
    lines = (company / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [company_kb[0].answer(json.loads(line)["text"], threshold=0) for line in lines]


def test_every_quote_about_the_company_is_verbatim(company_kb, company_answers: list[Answer]):
    assert sum(answer.status == "answered" for answer in company_answers) > 50
    for answer in company_answers:
        assert_verbatim(answer.citations, company_kb[1])
        if answer.status == "answered":
            left = answer.text
            for citation in answer.citations:
                assert left.startswith(citation.quote)
                left = left.removeprefix(citation.quote)[1:]
            assert left == ""
        for claim in answer.conflict.claims if answer.conflict else ():
            assert_verbatim((claim.citation,), company_kb[1])
            assert claim.value in claim.citation.quote
        for hit in answer.hits:
            assert (
                company_kb[1][hit.passage.document_id][hit.passage.start : hit.passage.end]
                == hit.passage.text
            )


def test_no_answer_about_the_company_comes_from_the_employees_papers(company_answers: list[Answer]):
    assert [
        hit.passage.document_id
        for answer in company_answers
        for hit in answer.hits
        if "pracownicy" in hit.passage.document_id
    ] == []


def test_crawling_again_embeds_nothing_and_publishes_nothing(company_url: str, embedder):
    with KnowledgeBase(":memory:", embedder=embedder) as kb:
        first = kb.add_site(company_url, allow_private=True)
        before = kb.info()
        embedder.embedded.clear()
        again = kb.add_site(company_url, allow_private=True)
        assert set(again.unchanged) == set(first.added)
        assert (again.added, again.updated, again.removed) == ((), (), ())
        assert (kb.info(), embedder.embedded) == (before, [])


def test_files_and_replies_that_have_gone_are_removed(kb: KnowledgeBase, tmp_path: Path):
    folder, replies = tmp_path / "docs", tmp_path / "replies.csv"
    folder.mkdir()
    (folder / "a.md").write_text("# Zwroty\n\nZwrot trwa 30 dni.\n", encoding="utf-8")
    (folder / "b.txt").write_text("Dostawa kosztuje 15 zł.", encoding="utf-8")
    replies.write_text("tytuł;treść\nPowitanie;Dzień dobry\nPożegnanie;Do widzenia\n", encoding="utf-8")
    assert len(kb.add_files(folder).added) == len(kb.add_replies(replies).added) == 2

    (folder / "b.txt").unlink()
    replies.write_text("tytuł;treść\nPowitanie;Dzień dobry\n", encoding="utf-8")
    assert kb.add_files(folder).removed == (str(folder / "b.txt"),)
    assert len(kb.add_replies(replies).removed) == 1
    assert kb.info().documents == 2
    assert kb.add_replies([{"title": "Jeszcze", "text": "Chwileczkę"}]).removed == ()
    assert kb.info().documents == 3

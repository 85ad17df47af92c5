"""What is quoted stands in the document word for word, and is the sentence that answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.models.e5 import E5Embedder
from kbassist.passages import passages
from kbassist.protocols import Reading, Retrieval
from kbassist.reading.extract import ExtractiveReader
from kbassist.reading.questions import AnswerType, expected_type, holds
from kbassist.reading.units import units
from kbassist.testing import HashEmbedder
from kbassist.text.analysis import TextAnalyzer, words
from kbassist.types import Anchor, Document, Hit, Passage

count_tokens = HashEmbedder().count_tokens


@pytest.fixture(scope="session")
def e5() -> E5Embedder:
    return E5Embedder()


@pytest.fixture(scope="session")
def reader(analyzer: TextAnalyzer) -> ExtractiveReader:
    return ExtractiveReader(analyzer)


def page(text: str, *, title: str = "", kind: str = "page", name: str = "", lang: str = "pl") -> Passage:
    """A passage that is all of its document."""
    name = name or title or text
    return Passage(
        f"{name}#0", name, text, 0, len(text), title=title, uri=f"https://sklep/{name}", lang=lang, kind=kind
    )


def retrieved(analyzer: TextAnalyzer, question: str, *found: Passage) -> Retrieval:
    """Hits in the order given, a little apart; short words (ile, jak, dni) are common, others rare."""
    hits = tuple(Hit(passage, 0.9 - 0.05 * place) for place, passage in enumerate(found))
    idf = {term: 0.1 if len(word) <= 4 else 1.0 for word in words(question) for term in analyzer(word)}
    return Retrieval(question, "pl", idf, None, hits)


@pytest.fixture
def read(analyzer: TextAnalyzer, reader: ExtractiveReader):
    """`read(question, passage, …)` gives the quotes; the law of quoting is checked by the way."""

    def read(question: str, *found: Passage) -> list[str]:
        reading = reader.read(retrieved(analyzer, question, *found))
        texts = {passage.document_id: passage.text for passage in found}
        assert_verbatim(reading, texts)
        return [citation.quote for citation in reading.citations]

    return read


def assert_verbatim(reading: Reading, texts: dict[str, str]) -> None:
    """Each quote stands where it says it does, and the text is made of nothing but quotes."""
    rest = reading.text
    for citation in reading.citations:
        assert texts[citation.document_id][citation.start : citation.end] == citation.quote != ""
        assert rest.startswith(citation.quote)
        rest = rest.removeprefix(citation.quote)[1:]
    assert rest == ""


# --- which sentence ----------------------------------------------------------------------------


def test_the_sentence_that_covers_the_question(read):
    text = "Sklep działa od 1998 roku. Zwrot towaru jest bezpłatny. Kuźnia stoi w Tarnowie."
    assert read("Czy zwrot towaru jest płatny?", page(text)) == ["Zwrot towaru jest bezpłatny."]


def test_inflection_and_missing_diacritics_are_seen_through(read):
    text = "Sklep działa od 1998 roku. Reklamację rozpatrujemy w 14 dni. Kuźnia stoi w Tarnowie."
    assert read("jak dlugo rozpatrujecie reklamacje", page(text)) == ["Reklamację rozpatrujemy w 14 dni."]


def test_what_stands_in_the_heading_counts(read):
    passage = page("Prosimy o cierpliwość. Paczka jedzie 2 dni. Dziękujemy!", title="Dostawa kurierem")
    other = page("Dostawa jest ważna. Kurier to miły człowiek.", title="Blog")
    assert read("Jak długo trwa dostawa kurierem?", passage, other)[0] == "Paczka jedzie 2 dni."


def test_the_kind_of_thing_asked_for_decides(read):
    text = "Kurier przywiezie paczkę. Kurier z paczką kosztuje 14,99 zł. Paczkę z kurierem można śledzić."
    assert read("Ile kosztuje paczka z kurierem?", page(text)) == ["Kurier z paczką kosztuje 14,99 zł."]


def test_the_question_of_an_faq_entry_is_not_its_answer(read):
    text = "Ile mam dni na zwrot?\nTo zależy, zwykle 30 dni.\nCzy wysyłacie za granicę?\nTak, do całej Unii."
    assert read("Ile mam dni na zwrot?", page(text)) == ["To zależy, zwykle 30 dni."]
    assert read("Czy wysyłacie za granicę?", page(text)) == ["Tak, do całej Unii."]


def test_a_list_after_a_colon_is_taken_along_and_what_follows_it_is_not(read):
    text = (
        "Zwrotowi nie podlegają:\n- trzonki na wymiar,\n- nasiona po otwarciu.\n\nPaczki wysyłamy codziennie."
    )
    assert read("Co nie podlega zwrotowi?", page(text)) == [
        "Zwrotowi nie podlegają:\n- trzonki na wymiar,\n- nasiona po otwarciu."
    ]


@pytest.mark.parametrize("marks", [("1)", "2)"), ("a)", "b)"), ("•", "•"), ("1.", "2."), ("–", "–")])
def test_lists_are_known_by_their_marks(read, marks: tuple[str, str]):
    text = f"Płacisz na jeden ze sposobów:\n{marks[0]} przelewem,\n{marks[1]} kartą."
    assert read("Na jakie sposoby płacisz?", page(text)) == [text]


def test_prose_after_a_colon_is_no_list(read):
    text = "O płatności:\n\nKartą zapłacisz od razu. Na przelew czekamy 3 dni."
    assert read("Jak długo czekacie na przelew?", page(text)) == ["Na przelew czekamy 3 dni."]


def test_a_list_that_is_too_long_is_not_quoted_whole(read):
    text = "Zwrotowi nie podlegają:\n" + "\n".join(f"- towar numer {n} z działu drugiego" for n in range(60))
    (quote,) = read("Co nie podlega zwrotowi?", page(text))
    assert quote.startswith("Zwrotowi nie podlegają:\n- towar numer 0")
    assert len(quote) <= 600
    assert not quote.endswith("\n")


def test_a_second_sentence_says_what_the_first_leaves_open(analyzer: TextAnalyzer, reader: ExtractiveReader):
    one = page("Zwrot trwa 30 dni.", title="a")
    other = page("Reklamację rozpatrujemy w 14 dni.", title="b")
    reading = reader.read(retrieved(analyzer, "Zwrot i reklamacja?", one, other))
    assert [citation.document_id for citation in reading.citations] == ["a", "b"]
    assert reading.text == "Zwrot trwa 30 dni.\nReklamację rozpatrujemy w 14 dni."


def test_two_sentences_of_one_line_stay_on_it_in_their_order(
    analyzer: TextAnalyzer, reader: ExtractiveReader
):
    text = "Reklamację rozpatrujemy w 14 dni. Zwrot towaru trwa 30 dni."
    reading = reader.read(retrieved(analyzer, "Zwrot i reklamacja?", page(text)))
    assert reading.text == text
    assert len(reading.citations) == 2


def test_no_more_sentences_than_asked_for(analyzer: TextAnalyzer):
    text = "Zwrot towaru trwa 30 dni. Reklamację rozpatrujemy w 14 dni. Kurier kosztuje 15 zł."
    question = "zwrot reklamacja kurier"
    for quotes in (1, 2, 3):
        reading = ExtractiveReader(analyzer, quotes=quotes).read(retrieved(analyzer, question, page(text)))
        assert len(reading.citations) == quotes


def test_passages_far_down_are_not_read(analyzer: TextAnalyzer):
    blank = [page(f"Nic na ten temat, numer {number}.") for number in range(2)]
    question = retrieved(analyzer, "zwrot towaru", *blank, page("Zwrot towaru trwa 30 dni."))
    assert "Zwrot" not in ExtractiveReader(analyzer, passages=2).read(question).text
    assert ExtractiveReader(analyzer, passages=3).read(question).text == "Zwrot towaru trwa 30 dni."


@pytest.mark.parametrize("found", [(), ("   \n ",), ("Ile mam dni na zwrot?",)])
def test_where_nothing_answers_nothing_is_said(analyzer: TextAnalyzer, reader: ExtractiveReader, found):
    reading = reader.read(retrieved(analyzer, "Ile mam dni na zwrot?", *map(page, found)))
    assert reading == Reading(text="", citations=())


def test_a_question_without_words_is_read_without_harm(read):
    assert len(read("", page("Zwrot trwa 30 dni."))) == 1


def test_a_quote_keeps_where_its_passage_stands(analyzer: TextAnalyzer, reader: ExtractiveReader):
    text = "Wstęp.\n\n§ 7 Zwroty. Zwrot towaru trwa 30 dni."
    passage = Passage(
        "p", "reg", text[8:], 8, len(text), "Regulamin", "https://sklep/reg#p7", ("Zwroty",), "§ 7", 3, "pl"
    )
    (citation,) = reader.read(retrieved(analyzer, "zwrot towaru trwa", passage)).citations
    assert (citation.start, citation.end) == (20, 45)
    assert text[20:45] == citation.quote == "Zwrot towaru trwa 30 dni."
    assert (citation.document_id, citation.passage_id, citation.title) == ("reg", "p", "Regulamin")
    assert (citation.uri, citation.address, citation.page) == ("https://sklep/reg#p7", "§ 7", 3)


def test_a_rule_comes_with_the_exception_right_after_it(read):
    text = (
        "Sklep działa od 1998 roku. Towar można zwrócić w ciągu 30 dni. "
        "Nie dotyczy to nasion po otwarciu. Kuźnia stoi w Tarnowie."
    )
    assert read("W ciągu ilu dni można zwrócić towar?", page(text)) == [
        "Towar można zwrócić w ciągu 30 dni.",
        "Nie dotyczy to nasion po otwarciu.",
    ]


def test_steps_are_quoted_from_the_first_to_the_last_when_a_way_is_asked_for(read):
    steps = "1. Zaloguj się na konto.\n2. Wybierz zamówienie i kliknij Zwrot towaru.\n3. Wydrukuj etykietę."
    text = f"Kuźnia stoi w Tarnowie.\n\n{steps}\n\nPaczki wysyłamy codziennie."
    assert read("Jak zgłosić zwrot towaru?", page(text)) == [steps]
    assert read("Ile trwa zwrot towaru?", page(text)) == ["2. Wybierz zamówienie i kliknij Zwrot towaru."]


def test_the_names_of_columns_answer_nothing(read):
    text = "Sposób dostawy: cena, czas\nKurier: 14,99 zł, 2 dni\nOdbiór osobisty: 0 zł, 1 dzień"
    assert [unit.text for unit in units(page(text))] == text.split("\n")[1:]
    assert read("Jaka jest cena i czas dostawy, sposób kurier?", page(text))[0] == "Kurier: 14,99 zł, 2 dni"


def test_what_the_question_says_itself_is_no_answer_to_it(read):
    text = "Zwrot w 14 dni a nie w 30 dni to częste pytanie. Zwrot trwa tydzień od nadania."
    assert read("Czy zwrot trwa 14 dni czy 30 dni, czyli ile dni trwa zwrot?", page(text)) != []


def test_by_meaning_a_sentence_without_a_word_of_the_question_is_found(
    analyzer: TextAnalyzer, e5: E5Embedder
):
    text = "Kuźnia stoi w Tarnowie. Pieniądze oddajemy przelewem na konto. Zapraszamy do sklepu w sobotę."
    question = "Jak dostanę refundację za zakup?"
    retrieval = replace(retrieved(analyzer, question, page(text)), vector=e5.embed_query(question))
    reading = ExtractiveReader(analyzer, e5, quotes=1).read(retrieval)
    assert reading.text == "Pieniądze oddajemy przelewem na konto."
    assert 0 < reading.features["weakest_match"] <= reading.features["best_match"] <= 1


def test_a_model_without_token_states_compares_sentences_by_their_vectors(analyzer: TextAnalyzer):
    embedder = HashEmbedder()
    text = "Kuźnia stoi w Tarnowie. Zwrot towaru trwa 30 dni. Zapraszamy."
    question = "zwrot towaru"
    retrieval = replace(retrieved(analyzer, question, page(text)), vector=embedder.embed_query(question))
    reading = ExtractiveReader(analyzer, embedder).read(retrieval)
    assert reading.text == "Zwrot towaru trwa 30 dni."
    assert reading.features["quote_match"] == 0


# --- laws --------------------------------------------------------------------------------------

TEXTS = st.lists(
    st.sampled_from(
        [
            "Zwrot trwa 30 dni.",
            "Ile to kosztuje?",
            "Płatność:",
            "- kartą,",
            "1) przelewem;",
            "§ 7",
            "15 zł",
            "Tak",
        ]
    )
    | st.text(max_size=20),
    max_size=12,
).flatmap(lambda parts: st.sampled_from(["\n", "\n\n", " "]).map(lambda glue: glue.join(parts)))
DOCUMENTS = st.lists(TEXTS, max_size=4)


@given(texts=DOCUMENTS, question=TEXTS)
def test_whatever_the_documents_every_quote_is_verbatim(analyzer, reader, texts: list[str], question: str):
    documents = [Document(f"d{n}", text, anchors=(Anchor(0, text[:5]),)) for n, text in enumerate(texts)]
    found = [entry.passage for each in documents for entry in passages(each, count_tokens=count_tokens)]
    reading = reader.read(retrieved(analyzer, question, *found))
    assert_verbatim(reading, {document.id: document.text for document in documents})
    assert len(reading.citations) <= 3
    assert bool(reading.citations) == bool(reading.text) == bool(reading.features)
    for name in ("quote_coverage", "answer_coverage", "rarest_missing", "type_found"):
        assert 0 <= reading.features.get(name, 0) <= 1 + 1e-9


# --- what a question asks for ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Ile kosztuje dostawa?", "money"),
        ("za ile ta taczka", "money"),
        ("How much is delivery?", "money"),
        ("Ile mam dni na zwrot?", "time"),
        ("jak dlugo czekam na paczke", "time"),
        ("When do you open?", "time"),
        ("Ile sztuk jest w opakowaniu?", "number"),
        ("How many pieces are there?", "number"),
        ("Kto prowadzi kuźnię?", "person"),
        ("Gdzie jest punkt odbioru?", "place"),
        ("Where is the shop?", "place"),
        ("Czy wysyłacie do Niemiec?", "yes_no"),
        ("Do you ship to Germany?", "yes_no"),
        ("Regulamin", "other"),
        ("", "other"),
    ],
)
def test_the_type_of_a_question(question: str, kind: str):
    assert expected_type(question) == kind


@pytest.mark.parametrize(
    ("sentence", "has", "lacks"),
    [
        ("Kurier kosztuje 14,99 zł.", {"money", "number"}, {"time", "person", "place"}),
        ("Zwrot jest bezpłatny.", {"money", "number"}, {"time", "person", "place"}),
        ("Paczka czeka 48 godzin.", {"time", "number"}, {"money", "person"}),
        ("Kuźnię prowadzi Jan Kowalski.", {"person"}, {"money", "number", "time"}),
        ("Paczki odeślij na ul. kuźniczą.", {"place"}, {"money", "time", "person"}),
        ("nic takiego tu nie ma", set(), {"money", "number", "time", "person", "place"}),
    ],
)
def test_what_a_sentence_holds(sentence: str, has: set, lacks: set):
    assert {kind for kind in has | lacks if holds(sentence, kind)} == has
    assert holds(sentence, "other")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Jak zwrócić towar?", "procedure"),
        ("co mam zrobic jak paczka jest uszkodzona", "procedure"),
        ("W jaki sposób mogę zapłacić?", "procedure"),
        ("How do I return an item?", "procedure"),
        ("Jak się nazywa właściciel?", "other"),
        ("Jak długo trwa zwrot?", "time"),
        ("Dlaczego paczka nie dotarła?", "reason"),
        ("Why is my parcel late?", "reason"),
    ],
)
def test_ways_and_reasons_are_asked_for_too(question: str, kind: str):
    assert expected_type(question) == kind


@pytest.mark.parametrize(
    ("sentence", "kind", "found"),
    [
        ("Wejdź na stronę konta i kliknij Zwrot.", "procedure", True),
        ("Log in and open Orders.", "procedure", True),
        ("1. Open Orders and choose the item.", "procedure", True),
        ("Sklep stoi w Tarnowie.", "procedure", False),
        ("Opóźnienie wynika z powodu świąt.", "reason", True),
        ("Paczka jedzie dwa dni.", "reason", False),
        ("Bielizny nie można zwrócić.", "yes_no", True),
        ("Kuźnia w Tarnowie.", "yes_no", False),
    ],
)
def test_what_tells_how_why_and_whether(sentence: str, kind: AnswerType, found: bool):
    assert holds(sentence, kind) is found


def test_the_same_sentence_of_another_page_adds_nothing(read):
    one = page("Na zwrot masz 30 dni.", name="zwroty")
    printed = page("Na zwrot  masz 30 dni.", name="zwroty-druk")
    assert read("Ile dni mam na zwrot?", one, printed) == ["Na zwrot masz 30 dni."]

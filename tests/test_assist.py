"""The answer policy, and what an agent is given: quotes, snippets, drafts, everything for a handoff."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.assist.answers import Turn, decide
from kbassist.assist.drafts import compose, questions_in
from kbassist.assist.messages import message, reason_in_words
from kbassist.assist.mood import urgency
from kbassist.assist.persons import wants_person
from kbassist.assist.snippets import highlights, snippets, typed_with_context
from kbassist.assist.turns import understand
from kbassist.confidence.calibrator import level_of
from kbassist.protocols import Reading, Retrieval
from kbassist.text.analysis import TextAnalyzer, words
from kbassist.text.quotes import cite
from kbassist.types import Answer, Claim, Confidence, Conflict, DraftPart, Hit, Passage

QUESTION = "Ile mam dni na zwrot towaru?"


def page(text: str, name: str = "zwroty", **fields) -> Passage:
    return Passage(
        f"{name}#0",
        name,
        text,
        0,
        len(text),
        **{"title": name.title(), "uri": f"https://sklep/{name}"} | fields,
    )


RETURNS = page("Na zwrot towaru masz 30 dni.")
BLOG = page("Na zwrot towaru masz 14 dni.", "blog")
TERMS = page("Na zwrot towaru konsument ma 30 dni.", "regulamin", kind="regulation", address="§ 7 ust. 1")


def turn(
    question: str = QUESTION, *found: Passage, probability: float = 0.9, lang: str = "pl", **fields
) -> Turn:
    """A turn whose reading quotes the first passage found."""
    hits = tuple(Hit(passage, 0.9 - 0.1 * place) for place, passage in enumerate(found))
    quotes = tuple(cite(passage) for passage in found[:1])
    return Turn(
        **{
            "id": "a-1",
            "question": question,
            "history": (),
            "retrieval": Retrieval(question, lang, {}, None, hits),
            "reading": Reading("\n".join(quote.quote for quote in quotes), quotes),
            "confidence": Confidence(probability, level_of(probability), 0.6),
            "conflict": None,
        }
        | fields
    )


def disagreement(*sides: Passage, resolution: str | None = None) -> Conflict:
    return Conflict("duration", tuple(Claim(side.text[-7:-1], cite(side)) for side in sides), resolution)


# --- the policy --------------------------------------------------------------------------------


def test_a_sure_answer_is_made_of_its_quotes():
    answer = decide(turn(QUESTION, RETURNS, BLOG))
    assert (answer.status, answer.reason, answer.text) == ("answered", "confident", RETURNS.text)
    assert [citation.quote for citation in answer.citations] == [RETURNS.text]
    assert [hit.passage for hit in answer.hits] == [RETURNS, BLOG]
    assert answer.handoff is answer.conflict is answer.clarification is None
    assert (answer.id, answer.question, answer.lang) == ("a-1", QUESTION, "pl")
    assert answer.disclosure == "Odpowiada automatyczny asystent."


def test_a_confidence_at_the_threshold_answers_and_one_below_does_not():
    assert decide(turn(QUESTION, RETURNS, probability=0.6)).status == "answered"
    assert decide(turn(QUESTION, RETURNS, probability=0.5999)).status == "handoff"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (turn("  \n", RETURNS), "empty_question"),
        (turn("Chcę rozmawiać z konsultantem", RETURNS), "person_requested"),
        (turn("Can I talk to a human?", RETURNS, lang="en"), "person_requested"),
        (turn(QUESTION), "nothing_found"),
        (turn(QUESTION, RETURNS, conflict=disagreement(RETURNS, BLOG)), "conflict"),
        (turn(QUESTION, RETURNS, probability=0.2), "low_confidence"),
        (turn(QUESTION, RETURNS, probability=0.2, conflict=disagreement(RETURNS, BLOG)), "conflict"),
    ],
)
@pytest.mark.parametrize("lang", ["pl", "en"])
def test_everything_else_is_handed_over_with_a_reason_and_without_a_claim(
    given: Turn, reason: str, lang: str
):
    given = replace(given, retrieval=replace(given.retrieval, lang=lang))
    answer = decide(given)
    assert (answer.status, answer.reason, answer.citations) == ("handoff", reason, ())
    assert answer.text == message(reason, lang)
    assert not any(char.isdigit() for char in answer.text)
    handoff = answer.handoff
    assert (handoff.reason, handoff.lang, handoff.question) == (reason, lang, given.question)
    assert handoff.hits == answer.hits
    assert (
        reason_in_words(reason, lang, probability=given.confidence.probability, threshold=0.6)
        in handoff.summary
    )


def test_a_conflict_that_a_rule_resolved_is_answered_by_the_winner():
    resolved = disagreement(TERMS, BLOG, resolution="regulation_before_page")
    for_page = decide(turn(QUESTION, BLOG, TERMS, conflict=resolved))
    assert (for_page.status, for_page.text) == ("answered", TERMS.text)
    assert [citation.document_id for citation in for_page.citations] == ["regulamin"]
    assert for_page.conflict == resolved
    assert decide(turn(QUESTION, TERMS, BLOG, conflict=resolved)).text == TERMS.text


def test_the_loser_of_a_conflict_is_not_quoted_beside_the_winner():
    resolved = disagreement(TERMS, BLOG, resolution="regulation_before_page")
    both = Reading(f"{BLOG.text}\n{TERMS.text}", (cite(BLOG), cite(TERMS)))
    answer = decide(turn(QUESTION, BLOG, TERMS, conflict=resolved, reading=both))
    assert (answer.text, [citation.document_id for citation in answer.citations]) == (
        TERMS.text,
        ["regulamin"],
    )


# --- the handoff -------------------------------------------------------------------------------


def test_a_handoff_carries_all_that_is_known():
    history = ({"role": "user", "content": "To skandal!"}, {"role": "assistant", "content": "Przepraszam."})
    found = page("Na zwrot masz 30 dni.", "regulamin", address="§ 7 ust. 1", headings=("Zwroty", "Terminy"))
    given = turn("A termin?", found, RETURNS, probability=0.35, history=history)
    given = replace(given, retrieval=replace(given.retrieval, query="Ile dni na zwrot? A termin?"))
    handoff = decide(given).handoff

    assert handoff.question == "A termin?"
    assert handoff.rewritten == ("Ile dni na zwrot? A termin?",)
    assert handoff.tried == ("A termin?", "Ile dni na zwrot? A termin?")
    assert handoff.history == history
    assert [hit.passage for hit in handoff.hits] == [found, RETURNS]
    assert (handoff.topic, handoff.urgency, handoff.confidence) == ("Zwroty", "high", given.confidence)
    assert handoff.summary == (
        "Klient pyta: A termin? (w sprawie: Ile dni na zwrot?)\n"
        "Powód przekazania: pewność odpowiedzi 35 % jest poniżej progu 60 %; ton: zdenerwowanie\n"
        "Najbliższe źródło: Regulamin § 7 ust. 1"
    )


def test_a_handoff_with_nothing_found():
    handoff = decide(turn("Co z kosą? {braces} {0}", lang="en")).handoff
    assert (handoff.hits, handoff.topic, handoff.rewritten, handoff.urgency) == ((), None, (), "normal")
    assert handoff.summary == (
        "The customer asks: Co z kosą? {braces} {0}\n"
        "Why it is handed over: the knowledge base holds nothing about it\n"
        "Nearest source: none"
    )


def test_answers_and_handoffs_are_plain_json():
    answer = decide(turn(QUESTION, RETURNS, BLOG, conflict=disagreement(RETURNS, BLOG)))
    again = json.loads(json.dumps(answer.to_dict()))
    assert again["handoff"]["hits"][0]["passage"]["text"] == RETURNS.text
    assert again["handoff"]["confidence"]["probability"] == 0.9
    assert again["conflict"]["claims"][1]["citation"]["quote"] == BLOG.text
    assert json.loads(json.dumps(answer.handoff.to_dict())) == again["handoff"]


@pytest.mark.parametrize("lang", ["de", "", "xx"])
def test_a_language_without_templates_gets_the_english_ones(lang: str):
    assert message("greeting", lang) == message("greeting", "en") != message("greeting", "pl")
    assert decide(turn(QUESTION, lang=lang)).text == message("nothing_found", "en")


# --- what the person wants ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Chcę rozmawiać z konsultantem",
        "proszę mnie połączyć z człowiekiem",
        "polacz mnie z doradca",
        "Wolę pogadać z żywą osobą",
        "daj mi konsultanta!!!",
        "Konsultant!",
        "I want to talk to a human",
        "connect me to an agent please",
        "agent please",
    ],
)
def test_asking_for_a_person(text: str):
    assert wants_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ile kosztuje dostawa?",
        "Czy konsultant zadzwoni przed dostawą?",
        "How much is the agent fee?",
        "",
        "1 osoba",
    ],
)
def test_not_asking_for_a_person(text: str):
    assert not wants_person(text)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("To skandal, zgłoszę to do UOKiK", "high"),
        ("PILNE: gdzie paczka", "high"),
        ("Gdzie moja paczka!!", "high"),
        ("This is a scam", "high"),
        ("Gdzie moja paczka?", "normal"),
        ("Dziękuję!", "normal"),
        ("", "normal"),
    ],
)
def test_urgency(text: str, level: str):
    assert urgency(text) == level


ASKED_BEFORE = [
    {"role": "user", "content": "Dzień dobry"},
    {"role": "user", "content": "Ile kosztuje dostawa?"},
    {"role": "assistant", "content": "14,99 zł."},
]


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("a za granicę?", "kosztuje dostawa a za granicę?"),
        ("ile to trwa?", "dostawa ile to trwa?"),
        ("and then?", "kosztuje dostawa and then?"),
        ("Jak zwrócić towar?", "Jak zwrócić towar?"),
        ("zwroty", "zwroty"),
        ("", ""),
    ],
)
def test_a_follow_up_takes_the_topic_along_and_nothing_else_does(question: str, query: str):
    assert understand(question, ASKED_BEFORE, "pl").query.whole == query


def test_a_message_is_asked_for_by_its_question_and_carries_its_story():
    message = (
        "Dzień dobry, w środę odebrałem paczkę z dwiema motykami i konewką dla teściowej, wszystko ładnie "
        "zapakowane. Niestety konewka jest za duża. Ile mam czasu na zwrot?\n\nPozdrawiam\nJan Kos"
    )
    understood = understand(message, ASKED_BEFORE, "pl")
    assert (understood.text, understood.kind) == ("Ile mam czasu na zwrot?", "message")
    assert "konewka" in understood.carried.split()
    assert "kos" not in understood.carried.split()
    assert understood.asked == understood.text
    assert understood.query.whole == f"{understood.text} {understood.carried}"
    assert understood.query.text == understood.text


# --- snippets ----------------------------------------------------------------------------------

REPLY = page("Szpadel wymienimy w 14 dni.", "odp-1", kind="reply", uri="", title="Wymiana")
SPADE = page("Szpadel ma trzonek jesionowy.", "szpadel", headings=("Szpadle", "Budowa"))
SPADE_MORE = replace(SPADE, id="szpadel#1", text="Trzonek szpadla jest wymienny.")


def found(query: str, analyzer: TextAnalyzer, *hits: tuple[Passage, float]) -> Retrieval:
    return Retrieval(
        query,
        "pl",
        dict.fromkeys(analyzer(query), 1.0),
        None,
        tuple(Hit(passage, score) for passage, score in hits),
    )


@pytest.fixture
def spades(analyzer: TextAnalyzer) -> Retrieval:
    return found("szpadla", analyzer, (SPADE, 0.8), (REPLY, 0.78), (SPADE_MORE, 0.6))


ALL = {"reply", "paragraph", "link"}


def test_replies_paragraphs_and_links_come_in_one_list(analyzer: TextAnalyzer, spades: Retrieval):
    given = snippets("s-1", spades, analyzer, k=10, kinds=ALL)
    assert [(item.id, item.kind, item.text) for item in given] == [
        ("s-1.0", "reply", REPLY.text),  # written to be sent, so it comes first of two that are near
        ("s-1.1", "paragraph", SPADE.text),
        ("s-1.2", "link", "https://sklep/szpadel"),  # one for a document
        ("s-1.3", "paragraph", SPADE_MORE.text),
    ]
    assert [item.score for item in given] == sorted((item.score for item in given), reverse=True)
    assert [item.title for item in given[:2]] == ["Wymiana", "Szpadel › Szpadle › Budowa"]
    assert all(item.citation.quote == each.text for item, each in zip(given, (REPLY, SPADE), strict=False))
    assert given[2].citation.document_id == "szpadel"


@pytest.mark.parametrize("kind", sorted(ALL))
def test_only_the_kind_asked_for(analyzer: TextAnalyzer, spades: Retrieval, kind: str):
    given = snippets("s-1", spades, analyzer, k=10, kinds={kind})
    assert {item.kind for item in given} == {kind}
    assert [item.id for item in given] == [f"s-1.{place}" for place in range(len(given))]


def test_the_best_few(analyzer: TextAnalyzer, spades: Retrieval):
    assert len(snippets("s-1", spades, analyzer, k=2, kinds=ALL)) == 2
    assert snippets("s-1", replace(spades, hits=()), analyzer, k=2, kinds=ALL) == []


def test_a_document_without_an_address_gives_no_link(analyzer: TextAnalyzer):
    retrieval = found("szpadla", analyzer, (replace(SPADE, uri=""), 0.8))
    assert [item.kind for item in snippets("s-1", retrieval, analyzer, k=5, kinds=ALL)] == ["paragraph"]


def test_snippets_point_at_the_words_that_match(analyzer: TextAnalyzer, spades: Retrieval):
    marked = {
        item.text: [item.text[start:end] for start, end in item.highlights]
        for item in snippets("s-1", spades, analyzer, k=10, kinds=ALL)
    }
    assert marked == {
        REPLY.text: ["Szpadel"],
        SPADE.text: ["Szpadel"],
        SPADE_MORE.text: ["szpadla"],
        "https://sklep/szpadel": [],
    }


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("zwroty", "Zwrot i zwrotu nie ma, jest bezzwrotny.", ["Zwrot", "zwrotu"]),
        ("zlozona reklamacja", "ZŁOŻONA 14 dni temu reklamacja", ["ZŁOŻONA", "reklamacja"]),
        ("30 dni", "130 dni i 30 dni", ["dni", "30", "dni"]),
        ("zwrot 1", "① zwrot 1 zwrot", ["①", "zwrot", "1", "zwrot"]),
        ("zwrot", "ß İ ﬁ zwrot", ["zwrot"]),
        ("a", "ª kota a", ["ª", "a"]),
        ("zwrócić", unicodedata.normalize("NFD", "jak zwrócić"), [unicodedata.normalize("NFD", "zwrócić")]),
        ("", "zwrot", []),
        ("zwrot", "", []),
    ],
)
def test_highlights(analyzer: TextAnalyzer, query: str, text: str, expected: list[str]):
    assert [text[start:end] for start, end in highlights(text, analyzer(query), analyzer)] == expected


@given(st.text(), st.text())
def test_highlights_are_words_of_the_query_in_order_and_apart(analyzer: TextAnalyzer, query: str, text: str):
    terms = set(analyzer(query))
    spans = highlights(text, terms, analyzer)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert terms & set(analyzer(text[start:end]))


@given(st.lists(st.sampled_from("Zwrot zwrotu dostawa 30 dni, . – umowy".split())).map(" ".join))
def test_no_word_of_the_query_is_left_unmarked(analyzer: TextAnalyzer, text: str):
    marked = {text[start:end] for start, end in highlights(text, analyzer("zwroty, umowa; 30"), analyzer)}
    assert {word.lower() for word in marked} == {"zwrot", "zwrotu", "30", "umowy"} & set(words(text))


def test_what_is_typed_is_helped_by_the_last_message_only_when_short():
    said = ["Dzień dobry", "ile kosztuje dostawa do Niemiec?"]
    assert typed_with_context("dostawa", said) == "dostawa ile kosztuje dostawa do Niemiec?"
    assert typed_with_context("", said) == "ile kosztuje dostawa do Niemiec?"
    assert typed_with_context("dostawa kurierem kosztuje", said) == "dostawa kurierem kosztuje"
    assert typed_with_context("dostawa", ()) == "dostawa"


# --- drafts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        (
            "Dzień dobry, kupiłem szpadel. Ile kosztuje zwrot? I ile mam czasu? Pozdrawiam, Jan",
            "pl",
            ["Ile kosztuje zwrot?", "I ile mam czasu?"],
        ),
        (
            "Proszę o informację, kiedy dojdzie paczka. Dziękuję.",
            "pl",
            ["Proszę o informację, kiedy dojdzie paczka."],
        ),
        (
            "Chciałabym się dowiedzieć, ile to kosztuje.",
            "pl",
            ["Chciałabym się dowiedzieć, ile to kosztuje."],
        ),
        ("Hi! I wonder when you open. Do you ship?!", "en", ["I wonder when you open.", "Do you ship?!"]),
        ("Ile kosztuje? Ile kosztuje?", "pl", ["Ile kosztuje?"]),
        ("  paczka nie doszła\n", "pl", ["paczka nie doszła"]),
        ("", "pl", []),
        (" \n ", "pl", []),
    ],
)
def test_the_questions_of_a_message(text: str, lang: str, expected: list[str]):
    assert [question for question, _ in questions_in(text, lang)] == expected


def test_a_question_of_a_message_comes_with_what_was_said_before_it():
    (first, before), (second, then) = questions_in("Pękł mi trzonek. Czy go wymienicie? Ile to trwa?", "pl")
    assert (first, [turn["content"] for turn in before]) == ("Czy go wymienicie?", ["Pękł mi trzonek."])
    assert (second, [turn["content"] for turn in then]) == (
        "Ile to trwa?",
        ["Pękł mi trzonek.", "Czy go wymienicie?"],
    )
    assert understand(second, then, "pl").carried.split()[0] == "wymienicie"


def part(question: str, *quoted: Passage) -> DraftPart:
    answer = decide(turn(question, *quoted))
    return DraftPart(question, answer)


def test_a_draft_answers_what_it_can_and_names_the_rest():
    draft = compose("d-1", [part("Ile dni?", TERMS), part("A faktura?")], "pl", tone=None)
    assert draft.text == (
        "Dzień dobry,\n\n"
        "Na zwrot towaru konsument ma 30 dni.\n— Regulamin § 7 ust. 1 (https://sklep/regulamin)\n\n"
        "W sprawie „A faktura?” odpowie konsultant.\n\n"
        "Pozdrawiamy"
    )
    assert (draft.id, draft.coverage) == ("d-1", 0.5)
    assert [each.question for each in draft.parts] == ["Ile dni?", "A faktura?"]


def test_a_plain_draft_in_english_has_neither_greeting_nor_closing():
    draft = compose("d-1", [part("How long?", RETURNS), part("And {this}?")], "en", tone="plain")
    assert draft.text == (
        "Na zwrot towaru masz 30 dni.\n— Zwroty (https://sklep/zwroty)\n\n"
        "A colleague will answer your question “And {this}?”."
    )


@pytest.mark.parametrize(
    ("fields", "source"),
    [
        ({"uri": ""}, "Zwroty"),
        ({"title": ""}, "(https://sklep/zwroty)"),
        ({"uri": "", "title": "", "address": "§ 2"}, "§ 2"),
        ({"uri": "", "title": ""}, "zwroty"),
    ],
)
def test_a_source_is_named_by_what_it_has(fields: dict, source: str):
    draft = compose("d-1", [part("Ile dni?", replace(RETURNS, **fields))], "pl", tone="plain")
    assert draft.text == f"{RETURNS.text}\n— {source}"


def test_a_source_is_named_once_for_an_answer():
    twice = replace(decide(turn(QUESTION, RETURNS)), citations=(cite(RETURNS, 0, 9), cite(RETURNS, 9)))
    assert compose("d-1", [DraftPart("?", twice)], "pl", tone="plain").text.count("— Zwroty") == 1


@pytest.mark.parametrize(("answered", "of", "share"), [(0, 0, 0.0), (0, 2, 0.0), (1, 3, 1 / 3), (2, 2, 1.0)])
def test_coverage_is_the_share_that_was_answered(answered: int, of: int, share: float):
    parts = [part("Ile dni?", RETURNS)] * answered + [part("Ile dni?")] * (of - answered)
    draft = compose("d-1", parts, "pl", tone=None)
    assert draft.coverage == pytest.approx(share)
    assert isinstance(json.dumps(draft.to_dict()), str)
    assert all(isinstance(each.answer, Answer) for each in draft.parts)

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbassist.errors import InvalidArgumentError
from kbassist.passages import passages
from kbassist.sources.regulation import structure
from kbassist.text.outline import address_at, sections
from kbassist.types import Anchor, Document


def words(texts):
    return [len(text.split()) for text in texts]


def cut(document, max_tokens=30, min_tokens=8, **options):
    entries = passages(document, count_tokens=words, max_tokens=max_tokens, min_tokens=min_tokens, **options)
    for entry in entries:
        assert document.text[entry.passage.start : entry.passage.end] == entry.passage.text
    return entries


def texts(entries):
    return [entry.passage.text for entry in entries]


def page(text, *headings, **fields):
    """`headings` are (label, level) or (label, level, fragment), found in the text in this order."""
    anchors, at = [], 0
    for label, level, *fragment in headings:
        at = text.index(label, at)
        anchors.append(Anchor(at, label, level, fragment=fragment[0] if fragment else ""))
        at += len(label)
    return Document("d", text, anchors=tuple(anchors), **fields)


def sentence(number, length=10):
    return " ".join([f"Zdanie{number}", *["słowo"] * (length - 2), "koniec."])


def test_a_short_document_is_one_passage():
    document = Document(
        "d", "Pierwszy akapit.\n\nDrugi akapit.\n", "Tytuł", "https://example.pl/a", lang="pl"
    )
    (entry,) = cut(document)
    assert entry.passage.text == "Pierwszy akapit.\n\nDrugi akapit."
    assert (entry.passage.title, entry.passage.uri, entry.passage.lang) == (
        "Tytuł",
        "https://example.pl/a",
        "pl",
    )
    assert entry.search_text == "Tytuł\nPierwszy akapit.\n\nDrugi akapit."


def test_sections_stay_apart_and_carry_their_headings():
    document = page(
        "Sklep\n\nDostawa\n\nKurier: 14,99 zł\n\nZwroty\n\nMasz 14 dni.\n\nKontakt\n\n22 123 45 67",
        ("Sklep", 1),
        ("Dostawa", 2, "dostawa"),
        ("Zwroty", 2),
        ("Kontakt", 1),
        uri="https://example.pl/info",
    )
    entries = cut(document)
    assert texts(entries) == ["Kurier: 14,99 zł", "Masz 14 dni.", "22 123 45 67"]
    assert [entry.passage.headings for entry in entries] == [
        ("Sklep", "Dostawa"),
        ("Sklep", "Zwroty"),
        ("Kontakt",),
    ]
    assert [entry.passage.uri for entry in entries] == [
        "https://example.pl/info#dostawa",
        "https://example.pl/info#:~:text=Masz%2014%20dni.",
        "https://example.pl/info#:~:text=22%20123%2045%2067",
    ]
    assert entries[0].context == "Sklep\nDostawa"


def test_a_heading_with_nothing_below_is_text():
    document = page(
        "Oferta\n\nRower X\n\nRower Y\n\nOpis roweru Y.", ("Oferta", 1), ("Rower X", 2), ("Rower Y", 2)
    )
    entries = cut(document)
    assert texts(entries) == ["Rower X", "Opis roweru Y."]
    (entry,) = cut(page("Oferta\n\nKoniec", ("Oferta", 1), ("Koniec", 1)))
    assert (entry.passage.headings, entry.passage.text) == (("Oferta",), "Koniec")


def test_a_document_of_headings_only_is_not_lost():
    assert texts(cut(page("Oferta", ("Oferta", 1)))) == ["Oferta"]


def test_a_long_section_is_filled_evenly_and_not_inside_a_paragraph():
    blocks = [sentence(number) for number in range(7)]
    entries = cut(Document("d", "\n\n".join(blocks)))
    assert [text.split("\n\n") for text in texts(entries)] == [blocks[:3], blocks[3:5], blocks[5:]]


def test_a_long_paragraph_is_split_at_sentences_and_a_long_sentence_at_words():
    parts = [sentence(number, 20) for number in range(3)]
    assert texts(cut(Document("d", " ".join(parts)))) == parts
    clauses = ", ".join(" ".join(["słowo"] * 12) for _ in range(5))
    assert all(text.endswith(("słowo,", "słowo")) for text in texts(cut(Document("d", clauses))))
    assert [len(text.split()) for text in texts(cut(Document("d", clauses)))] == [24, 24, 12]
    monster = " ".join(f"słowo{number}" for number in range(100))
    pieces = texts(cut(Document("d", monster)))
    assert " ".join(pieces) == monster
    assert all(len(piece.split()) <= 30 for piece in pieces)


def test_an_introduction_goes_with_what_it_introduces():
    rows = [f"Kurier {number}: {number},99 zł w ciągu dwóch dni roboczych" for number in range(8)]
    document = Document("d", "\n".join([sentence(0, 22), "Ceny dostawy są takie:", *rows]))
    for text in texts(cut(document)):
        assert not text.endswith("takie:")
        assert all(row in text or row.split(":")[0] not in text for row in rows)


REGULATION = """Regulamin

§ 1. Zwroty
1. Konsument może zwrócić towar w terminie czternastu dni od jego odbioru bez podania przyczyny.
2. Zwrot nie przysługuje:
1) przy gazetach,
2) przy żywności,
3) przy programach.
3. Koszt odesłania ponosi Konsument, chyba że Sprzedawca zgodził się go ponieść w całości.
§ 2. Płatności
1. Karta.
2. Przelew.
"""


def test_a_provision_is_a_passage_with_its_address():
    document = structure(Document("d", REGULATION, "Regulamin", "https://example.pl/reg", kind="page"))
    entries = cut(document)
    assert [(entry.passage.address, entry.passage.text.split("\n")[0][:12]) for entry in entries][-4:] == [
        ("§ 1 ust. 1", "1. Konsument"),
        ("§ 1 ust. 2", "2. Zwrot nie"),
        ("§ 1 ust. 3", "3. Koszt ode"),
        ("§ 2", "1. Karta."),
    ]
    assert entries[-1].passage.headings[-1] == "§ 2. Płatności"
    assert entries[-1].passage.kind == "regulation"


def test_parts_of_a_long_provision_carry_its_opening_words_in_the_context():
    items = "\n".join(f"{number}) {sentence(number)}" for number in range(1, 9))
    lead = "2. Sprzedawca nie odpowiada za szkody, które powstały przez:"
    text = f"Regulamin\n§ 1\n1. Wstęp.\n{lead}\n{items}\n§ 2\n1. Koniec.\n"
    entries = cut(structure(Document("d", text, "Regulamin")))
    last = [entry for entry in entries if "8) " in entry.passage.text][-1]
    assert last.passage.address.startswith("§ 1 ust. 2")
    assert "Sprzedawca nie odpowiada za szkody" in last.context
    assert "Sprzedawca nie odpowiada" not in last.passage.text


def test_the_address_of_a_place_in_the_text():
    document = structure(Document("d", REGULATION))
    places = {"przy żywności": "§ 1 ust. 2 pkt 2", "Zwroty": "§ 1", "Regulamin": "", "Przelew": "§ 2 ust. 2"}
    for words_there, address in places.items():
        assert address_at(document.text, document.anchors, REGULATION.index(words_there)) == address


def test_the_number_of_an_article_alone_is_no_passage():
    text = "Art. 1.\n1. " + sentence(1, 12) + "\n2. " + sentence(2, 12) + "\nArt. 2.\n" + sentence(3)
    entries = cut(structure(Document("d", text, kind="regulation")))
    assert [entry.passage.address for entry in entries] == ["art. 1 ust. 1", "art. 1 ust. 2", "art. 2"]


def test_provisions_whose_number_stands_in_the_heading_above_begin_in_the_passage():
    entries = cut(structure(Document("d", REGULATION, "Regulamin")))
    begun = [entry.passage.provisions for entry in entries]
    assert begun[-1] == ((0, "§ 2"), (0, "§ 2 ust. 1"), (10, "§ 2 ust. 2"))
    labels = [label for provisions in begun for _, label in provisions]
    assert labels == [
        anchor.label for anchor in structure(Document("d", REGULATION)).anchors if anchor.kind == "provision"
    ]


@pytest.mark.parametrize(
    ("line", "fragment"),
    [
        ("Zwrot kosztów w ciągu 14 dni.", "#:~:text=Zwrot%20koszt%C3%B3w%20w%20ci%C4%85gu%2014%20dni."),
        ("- kurier, e-mail & paczkomat", "#:~:text=kurier%2C%20e%2Dmail%20%26%20paczkomat"),
        ("1. Konsument może zwrócić", "#:~:text=Konsument%20mo%C5%BCe%20zwr%C3%B3ci%C4%87"),
        ("Krótko\nA tu jest więcej słów", "#:~:text=A%20tu%20jest%20wi%C4%99cej%20s%C5%82%C3%B3w"),
        ("Krótko", ""),
        ("w1 w2 w3 w4 w5 w6 w7 w8 w9", "#:~:text=w1%20w2%20w3%20w4%20w5%20w6%20w7%20w8"),
    ],
)
def test_a_place_on_a_web_page_without_an_id_is_named_by_its_words(line, fragment):
    text = f"Sklep\n\nWstęp do strony sklepu.\n\nZwroty\n\n{line}"
    document = page(text, ("Sklep", 1), ("Zwroty", 2), uri="https://example.pl/info")
    first, last = cut(document)
    assert first.passage.uri == "https://example.pl/info"
    assert last.passage.uri == f"https://example.pl/info{fragment}"


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("https://example.pl/regulamin.pdf", "regulation"),
        ("https://example.pl/regulamin", "pdf"),
        ("file:///dane/regulamin.html", "page"),
        ("", "page"),
    ],
)
def test_other_documents_have_no_text_fragment(uri, kind):
    text = "Sklep\n\nWstęp do strony.\n\nZwroty\n\nZwrot kosztów następuje niezwłocznie."
    entries = cut(page(text, ("Sklep", 1), ("Zwroty", 2), uri=uri, kind=kind))
    assert [entry.passage.uri for entry in entries] == [uri, uri]


def test_the_language_of_a_long_passage_may_differ_from_its_document():
    polish, english = " ".join(["zwrot"] * 29), " ".join(["return"] * 29)
    document = page(
        f"A\n\n{polish}\n\nB\n\n{english}\n\nC\n\nreturn policy", ("A", 1), ("B", 1), ("C", 1), lang="pl"
    )
    entries = cut(document, identify=lambda text: "en" if "return" in text else "de")
    assert [entry.passage.lang for entry in entries] == ["pl", "en", "pl"]


def test_time_grows_with_the_length_of_the_text():
    text = "\n".join(["-"] * 16_000 + ["koniec listy"])
    calls = []

    def counting(batch):
        calls.append(len(batch))
        return words(batch)

    entries = passages(Document("d", text), count_tokens=counting)
    assert [entry.passage.text.split("\n")[-1] for entry in entries] == ["koniec listy"]
    assert sum(calls) < 3 * 16_000


def test_page_and_deep_link_of_a_pdf():
    text = f"{sentence(1, 25)}\n\n{sentence(2, 25)}"
    second = text.index("Zdanie2")
    anchors = (Anchor(0, "1", kind="page"), Anchor(second, "2", kind="page"))
    entries = cut(Document("d", text, uri="https://example.pl/a.pdf", kind="pdf", anchors=anchors))
    assert [(entry.passage.page, entry.passage.uri) for entry in entries] == [
        (1, "https://example.pl/a.pdf#page=1"),
        (2, "https://example.pl/a.pdf#page=2"),
    ]


def test_who_may_see_it_and_when_it_holds_come_from_the_document():
    document = Document("d", "Tekst.", audience=frozenset({"agents"}), status="draft")
    (entry,) = cut(document)
    assert (entry.audience, entry.status) == (frozenset({"agents"}), "draft")


@pytest.mark.parametrize(
    ("lang", "detect", "expected"),
    [("en", lambda _: "pl", "en"), (None, lambda _: "en", "en"), (None, None, "pl")],
)
def test_language(lang, detect, expected):
    assert cut(Document("d", "Text.", lang=lang), detect=detect)[0].passage.lang == expected


def test_an_edit_changes_the_ids_of_what_it_touches_only():
    blocks = [sentence(number, 20) for number in range(6)]
    before = [entry.passage.id for entry in cut(Document("d", "\n\n".join(blocks)))]
    blocks[2] = blocks[2].replace("koniec", "finał")
    after = [entry.passage.id for entry in cut(Document("d", "\n\n".join(blocks)))]
    assert [old == new for old, new in zip(before, after, strict=True)] == [
        True,
        True,
        False,
        True,
        True,
        True,
    ]


def test_ids_differ_between_documents_and_for_equal_texts():
    text = "\n\n".join([sentence(1, 25)] * 3)
    ids = [entry.passage.id for name in ("a", "b") for entry in cut(Document(name, text))]
    assert len(set(ids)) == 6


@pytest.mark.parametrize(("max_tokens", "min_tokens"), [(10, 10), (10, -1)])
def test_limits_that_make_no_sense_are_refused(max_tokens, min_tokens):
    with pytest.raises(InvalidArgumentError, match="min_tokens"):
        cut(Document("d", "Tekst."), max_tokens, min_tokens)


def test_tokens_are_counted_in_one_call_for_all_that_fits():
    calls = []

    def counting(batch):
        calls.append(len(batch))
        return words(batch)

    passages(Document("d", "\n\n".join(sentence(number) for number in range(50))), count_tokens=counting)
    assert calls == [52]  # and the two that tell what a prompt costs


def test_what_every_text_costs_is_not_counted_for_each_paragraph():
    document = Document("d", "\n\n".join(f"Wiersz {number}" for number in range(15)))
    prompted = passages(
        document,
        count_tokens=lambda batch: [count + 5 for count in words(batch)],
        max_tokens=30,
        min_tokens=8,
    )
    assert len(prompted) == 1


@st.composite
def documents(draw):
    lines = draw(
        st.lists(
            st.sampled_from(
                [
                    "Zwroty",
                    "Klient ma 14 dni. Potem nie ma.",
                    "1. Sprzedawca płaci.",
                    "a) towar,",
                    "",
                    "Kurier | 9,99 zł",
                    "§ 5",
                ]
            )
            | st.text(alphabet="ab .,\n\xa0Ż–", max_size=40),
            max_size=25,
        )
    )
    text = "\n".join(lines)
    starts = st.integers(0, max(len(text), 1))
    anchors = draw(
        st.lists(
            st.builds(
                lambda start, level, kind, literal: Anchor(
                    start,
                    text[start : start + 12].split("\n")[0] if literal else f"{kind} {start}",
                    level,
                    kind,
                ),
                starts,
                st.integers(1, 4),
                st.sampled_from(["heading", "page", "provision"]),
                st.booleans(),
            ),
            max_size=8,
        )
    )
    return Document("d", text, anchors=tuple(anchors))


@settings(max_examples=300)
@given(documents(), st.integers(2, 40), st.integers(0, 1))
def test_no_text_is_lost_doubled_or_made_up(document, max_tokens, fewer):
    entries = cut(document, max_tokens, min_tokens=(max_tokens - 1) // 2 * fewer)
    spans = [(entry.passage.start, entry.passage.end) for entry in entries]
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(any(map(str.isalnum, entry.passage.text)) for entry in entries)
    assert all(entry.passage.text == entry.passage.text.strip() for entry in entries)
    assert all(len(entry.passage.text.split()) <= max_tokens for entry in entries)
    assert len({entry.passage.id for entry in entries}) == len(entries)

    covered = set().union(*(range(start, end) for start, end in spans)) if spans else set()
    body = set().union(*(range(part.start, part.end) for part in sections(document.text, document.anchors)))
    numbers = {anchor.start for anchor in document.anchors if anchor.kind == "provision"}
    for at, character in enumerate(document.text):
        if character.isalnum() and at in body and at not in covered:
            # Only the bare number of a provision may be left to the address.
            assert any(start <= at < start + 14 for start in numbers)

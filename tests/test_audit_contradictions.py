import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from kbassist.audit.contradictions import contradictions
from kbassist.audit.material import AuditInput
from kbassist.types import Document, IndexEntry, Passage

TODAY = date(2026, 11, 21)
PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "contradictions.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture
def check(analyzer):
    def run(*documents, **fields):
        return contradictions(AuditInput(documents=documents, today=TODAY, analyze=analyzer, **fields))

    return run


def page(identifier, text, title="", **fields):
    return Document(id=identifier, title=title or identifier, text=text, **{"lang": "pl", **fields})


@pytest.mark.parametrize(("split", "floor"), [("tuned", 0.95), ("held out", 0.7)])
def test_pairs_that_conflict_and_pairs_that_only_seem_to(check, split, floor):
    pairs = [pair for pair in PAIRS if pair["split"] == split]
    real = [pair for pair in pairs if pair["conflict"]]
    assert len(real) >= 20
    assert len(pairs) - len(real) >= 20

    def reported(pair):
        sides = (pair["one"], pair["other"])
        return bool(
            check(
                *(
                    page(str(n), side["text"], side["title"], lang=pair["lang"])
                    for n, side in enumerate(sides)
                )
            )
        )

    wrongly = [pair for pair in pairs if not pair["conflict"] and reported(pair)]
    assert wrongly == []
    assert sum(map(reported, real)) / len(real) >= floor


LONG = page("zwroty", "Zwroty\n\nNa zwrot towaru masz 30 dni od odebrania paczki.", "Zwroty")
SHORT = page("blog", "Na zwrot prezentu masz 14 dni.", "Blog")


def test_a_finding_cites_every_side_and_its_passage(check):
    passage = Passage(
        id="zwroty#1",
        document_id="zwroty",
        text=LONG.text[8:],
        start=8,
        end=len(LONG.text),
        uri="/zwroty#czas",
    )
    (found,) = check(LONG, SHORT, entries=[IndexEntry(passage)])
    assert (found.check, found.severity, found.documents) == ("contradictions", "error", ("blog", "zwroty"))
    cited = {citation.document_id: citation for citation in found.citations}
    assert cited["blog"].quote == SHORT.text
    assert cited["zwroty"].quote == "Na zwrot towaru masz 30 dni od odebrania paczki."
    assert (cited["zwroty"].passage_id, cited["zwroty"].uri) == ("zwroty#1", "/zwroty#czas")
    assert all(
        document.text[citation.start : citation.end] == citation.quote
        for document in (LONG, SHORT)
        for citation in [cited[document.id]]
    )
    assert "„14 dni” (Blog)" in found.message
    assert "„30 dni” (Zwroty)" in found.message


def test_the_id_is_that_of_the_documents_and_values(check):
    (first,) = check(LONG, SHORT)
    (again,) = check(SHORT, page("zwroty", f"Nowy wstęp. {LONG.text}", "Zwroty i wymiana"), lang="en")
    (other,) = check(page("zwroty", LONG.text.replace("30", "60"), "Zwroty"), SHORT)
    assert first.id == again.id
    assert again.message.startswith("Sources give different values")
    assert other.id != first.id


def test_everybody_who_says_one_of_the_values_is_in_one_finding(check):
    (found,) = check(LONG, SHORT, page("faq", "Ile mam czasu na zwrot?\n30 dni od odebrania paczki.", "FAQ"))
    assert found.documents == ("blog", "faq", "zwroty")


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"status": "retired"},
        {"valid_until": TODAY - timedelta(days=1)},
        {"valid_from": TODAY + timedelta(days=1)},
        {"audience": frozenset({"staff"})},
        {"lang": "en"},
    ],
)
def test_what_does_not_hold_today_for_the_same_people_does_not_count(check, fields):
    assert check(LONG, page("blog", SHORT.text, "Blog", **fields)) == []


def test_the_last_day_still_counts(check):
    assert len(check(LONG, page("blog", SHORT.text, "Blog", valid_until=TODAY, valid_from=TODAY))) == 1


def test_rows_of_one_table_are_no_conflict(check):
    table = "Strefa I | 3 dni\nStrefa II | 5 dni\n\nDostawa kurierem: 15 zł\nDostawa kurierem: 25 zł"
    assert check(page("cennik", table)) == []
    # Nor does such a table speak against another page: what tells its rows apart is not known.
    assert check(page("cennik", table), page("faq", "Dostawa kurierem kosztuje 15 zł.")) == []


def test_an_attribute_of_many_things_is_no_conflict(check):
    prices = [page(f"p{n}", f"Cena zestawu startowego wynosi {n}9 zł.", "Zestaw") for n in range(1, 6)]
    assert check(*prices) == []


def test_product_pages_differ_without_disagreeing(check):
    assert check(
        page("a", "Gwarancja producenta: 24 miesiące", "Laptop Orion 14"),
        page("b", "Gwarancja producenta: 12 miesięcy", "Słuchawki Echo"),
    ) == []  # fmt: skip


def test_no_documents_no_findings(check):
    assert check() == []
    assert check(page("pusty", "")) == []

"""From when until when a regulation holds, and what that does to search."""

from datetime import date, timedelta

import pytest

from kbassist import KnowledgeBase
from kbassist.sources.regulation import structure
from kbassist.sources.regulation.validity import amendments, validity
from kbassist.types import Document

SHOP = """Regulamin sklepu
§ 1. Zasady
1. Niniejszy Regulamin określa zasady zwrotów.
2. Klient ma prawo do zwrotu.
§ 2. Zwroty
Termin zwrotu wynosi czternaście dni.
§ 3. Reklamacje
Reklamację rozpatruje sprzedawca.
"""


def read(text, **fields):
    return structure(Document("d", text, **fields))


@pytest.mark.parametrize(
    ("sentence", "valid_from", "valid_until"),
    [
        ("Regulamin obowiązuje od 1 stycznia 2026 r.", date(2026, 1, 1), None),
        ("Niniejszy Regulamin wchodzi w życie z dniem 24 lutego 2025 roku.", date(2025, 2, 24), None),
        ("Data wejścia w życie: 22.03.2026", date(2026, 3, 22), None),
        ("Wersja 2.0 • Data obowiązywania: 1 marca 2026 r.", date(2026, 3, 1), None),
        ("Regulamin obowiązuje od 1.01.2026 do 31.12.2026 r.", date(2026, 1, 1), date(2026, 12, 31)),
        ("Regulamin traci moc z dniem 1 lipca 2026 r.", None, date(2026, 6, 30)),
        ("These Terms are effective from January 1, 2026.", date(2026, 1, 1), None),
        ("Effective date: 1 May 2026", date(2026, 5, 1), None),
        ("Niniejsze rozporządzenie stosuje się od dnia 25 maja 2018 r.", date(2018, 5, 25), None),
        ("Promocja obowiązuje od 1.01.2026 do 31.12.2026 r.", None, None),
        ("Poprzedni regulamin obowiązuje do dnia 31 grudnia 2025 r.", None, None),
        ("Zmiany Regulaminu wchodzą w życie z dniem 1 maja 2025 r.", None, None),
        ("Z dniem 1 lipca traci moc regulamin z dnia 5 maja 2020 r.", None, None),
        ("Regulamin obowiązuje od 31 lutego 2026 r.", None, None),
        ("Regulamin wchodzi w życie z dniem opublikowania.", None, None),
        ("Regulamin w brzmieniu obowiązującym od 1 stycznia 2025 r.", date(2025, 1, 1), None),
        ("Regulamin wchodzi w życie 1 maja 2025 r.", date(2025, 5, 1), None),
        ("Regulamin obowiązuje od dnia publikacji, tj. od 1 marca 2026 r.", date(2026, 3, 1), None),
        ("Regulamin ważny od 1 lutego 2025 r. do odwołania.", date(2025, 2, 1), None),
        ("Regulamin obowiązywał do 31.12.2024 r.", None, date(2024, 12, 31)),
        ("These Terms apply from 1 May 2025 until 30 June 2026.", date(2025, 5, 1), date(2026, 6, 30)),
        ("§ 5 ust. 2 Regulaminu wchodzi w życie z dniem 1 maja 2026 r.", None, None),
        ("Art. 5 w brzmieniu obowiązującym od dnia 1 stycznia 2025 r.", None, None),
        (
            "Regulamin wchodzi w życie z dniem 1 stycznia 2026 r., z wyjątkiem § 5, który wchodzi w życie "
            "z dniem 1 maja 2026 r.",
            date(2026, 1, 1),
            None,
        ),
    ],
)
def test_validity(sentence, valid_from, valid_until):
    document = read(f"{SHOP}§ 4. Wejście w życie\n1. {sentence}\n")
    assert (document.valid_from, document.valid_until) == (valid_from, valid_until)


def test_validity_that_is_known_stays():
    document = read(SHOP + "Regulamin obowiązuje od 1 stycznia 2026 r.", valid_from=date(2020, 1, 1))
    assert document.valid_from == date(2020, 1, 1)


def test_an_old_regulation_that_begins_by_saying_so():
    days = validity("Archiwalny regulamin obowiązujący od 1.01.2020 do 31.12.2022\n§ 1. Zasady")
    assert days == (date(2020, 1, 1), date(2022, 12, 31))
    later = SHOP * 2 + "Archiwalny regulamin obowiązujący od 1.01.2020 do 31.12.2022 znajdziesz tutaj."
    assert validity(later) == (None, None)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("§ 5 ust. 2 Regulaminu wchodzi w życie z dniem 1 maja 2026 r.", [("§ 5/2", date(2026, 5, 1))]),
        ("§ 7 uchylony z dniem 1 lipca 2025 r.", [("§ 7", date(2025, 7, 1))]),
        ("Art. 5 w brzmieniu obowiązującym od dnia 1 stycznia 2025 r.", [("art 5", date(2025, 1, 1))]),
        ("Regulamin wchodzi w życie z dniem 1 maja 2026 r.", []),
        ("§ 7 uchylony z dniem ogłoszenia.", []),
    ],
)
def test_amendments_of_single_provisions_are_noted(sentence, expected):
    text = f"{SHOP}§ 4. Zmiany\n{sentence}\n"
    document = read(text)
    found = amendments(text)
    assert [(item.address, item.since) for item in found] == expected
    assert all(text[item.start :].startswith(sentence[:5]) for item in found)
    rows = document.meta.get("amendments", [])
    assert rows == [[item.start, item.address, item.since.isoformat()] for item in found]
    assert document.valid_until is None


def titles(hits):
    return {hit.passage.title for hit in hits}


@pytest.fixture
def kb(tmp_path):
    today = date.today()
    spans = {
        "stary": f"obowiązuje od {today - timedelta(900):%d.%m.%Y} do {today - timedelta(300):%d.%m.%Y} r.",
        "obecny": f"obowiązuje od {today - timedelta(299):%d.%m.%Y} r.",
        "przyszły": f"wchodzi w życie z dniem {today + timedelta(30):%d.%m.%Y} r.",
    }
    for name, days in spans.items():
        text = SHOP.replace("Regulamin sklepu", f"Regulamin {name}").replace("czternaście", name)
        (tmp_path / f"{name}.txt").write_text(
            f"{text}§ 4. Wejście w życie\nRegulamin {days}\n", encoding="utf-8"
        )
    with KnowledgeBase(":memory:", embedder=None) as kb:
        kb.add_files(tmp_path)
        yield kb


@pytest.mark.parametrize(
    ("days", "expected"), [(0, {"obecny"}), (-400, {"stary"}), (40, {"obecny", "przyszły"}), (-1000, set())]
)
def test_search_finds_what_is_in_force_on_the_day(kb, days, expected):
    hits = kb.search("termin zwrotu", as_of=date.today() + timedelta(days), k=20)
    assert {
        name for name in ("stary", "obecny", "przyszły") if any(name in hit.passage.text for hit in hits)
    } == expected


def test_an_expired_regulation_is_out_by_default_and_by_address_too(kb):
    (hit, *others) = kb.search("§ 2", k=20)
    assert "obecny" in hit.passage.text
    assert all("stary" not in other.passage.text for other in others)
    answer = kb.answer("Jaki jest termin zwrotu?", threshold=0)
    assert all("stary" not in citation.quote for citation in answer.citations)

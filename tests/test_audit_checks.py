from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from kbassist.audit.gaps import gaps
from kbassist.audit.material import AuditInput
from kbassist.audit.quality import quality
from kbassist.audit.stale import stale
from kbassist.governance.interactions import record_query
from kbassist.types import Document

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def over(check, *documents, **fields):
    return check(AuditInput(documents=documents, today=TODAY, analyze=str.split, **fields))


# --- stale -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "text", "ended"),
    [
        ("pl", "Promocja trwa do 31 sierpnia 2025 r.", "2025-08-31"),
        ("pl", "Promocja trwa od 1 lipca do 31 sierpnia 2025 r. lub do wyczerpania zapasów.", "2025-08-31"),
        ("pl", "Kod rabatowy LATO jest ważny do 31.08.2025.", "2025-08-31"),
        ("pl", "Oferta ważna do końca sierpnia 2025", "2025-08-31"),
        ("pl", "Zapisy przyjmujemy do dnia 2026-11-20.", "2026-11-20"),
        ("pl", "Konkurs: 1.08–31.08.2025", "2025-08-31"),
        ("pl", "Cennik obowiązuje do końca 2025 roku.", "2025-12-31"),
        ("en", "The offer is valid until 31 August 2025.", "2025-08-31"),
        ("en", "Sale ends August 31, 2025!", "2025-08-31"),
        ("en", "This discount applies through the end of June 2026.", "2026-06-30"),
    ],
)
def test_an_offer_whose_end_is_past(lang, text, ended):
    (found,) = over(stale, Document(id="d", title="Lato", text=f"Dzień dobry.\n\n{text}", lang=lang))
    assert ended in found.message
    assert (found.severity, found.documents) == ("warning", ("d",))
    assert [citation.quote for citation in found.citations] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Promocja trwa do 31 grudnia 2026 r.",
        "Promocja trwa do 21 listopada 2026 r.",  # today is its last day
        "Promocja przedłużona: trwa do 31.12.2026, a nie do 31.08.2025.",
        "Promocja zakończyła się 31 sierpnia 2025 r.",
        "Promocja obowiązywała do 31 sierpnia 2025 r.",
        "Oferta dla kupujących od 1 stycznia 2025 r.",
        "Promocja trwa do 31 sierpnia.",
        "Firma działała w tym budynku do 12 maja 2004 r.",
        "Regulamin obowiązuje od 1 stycznia 2025 r.",
    ],
)
def test_what_has_not_ended(text):
    assert over(stale, Document(id="d", text=text, lang="pl")) == []


def test_an_approved_document_past_its_last_day():
    yesterday = TODAY - timedelta(days=1)
    text = "Promocja trwa do 31 sierpnia 2025 r."
    (found,) = over(stale, Document(id="d", text=text, valid_until=yesterday), lang="en")
    assert "held until 2026-11-20" in found.message
    assert over(stale, Document(id="d", text="x", valid_until=TODAY)) == []
    for status in ("draft", "retired"):
        assert over(stale, Document(id="d", text=text, valid_until=yesterday, status=status)) == []


def test_what_nobody_touched_for_a_year_is_for_information():
    old, recent = NOW - timedelta(days=366), NOW - timedelta(days=364)
    (found,) = over(stale, Document(id="d", text="x", modified_at=old, fetched_at=recent))
    assert (found.severity, found.message) == ("info", "„d” nie zmienił się od 2025-11-20.")
    assert len(over(stale, Document(id="d", text="x", fetched_at=old))) == 1
    assert over(stale, Document(id="d", text="x", modified_at=recent, fetched_at=old)) == []
    older = over(stale, Document(id="d", text="x", modified_at=old - timedelta(days=30)))
    assert older[0].id == found.id


# --- gaps ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    id: str
    at: datetime
    question: str
    status: str | None = "handoff"


def asked(*questions):
    return [
        Question(f"q{number}", NOW + timedelta(minutes=number), text) for number, text in enumerate(questions)
    ]


def test_questions_without_an_answer_by_how_often_they_are_asked(analyzer):
    log = asked(
        "Czy mogę zapłacić kryptowalutą?",
        "Czy wysyłacie paczki do Norwegii?",
        "Płatność kryptowalutą możliwa?",
        "czy wysyłka do norwegii jest możliwa",
        "Wysyłacie do Norwegii?",
        "???",
    )
    found = gaps(AuditInput(documents=(), today=TODAY, analyze=analyzer, questions=log))
    assert [finding.severity for finding in found] == ["warning", "info"]
    assert "zadane: 3" in found[0].message
    assert "Norwegii" in found[0].message
    assert "zadane: 2" in found[1].message


def test_only_what_was_handed_over_is_a_gap(analyzer):
    log = [
        Question("a", NOW, "Czy macie sklep w Krakowie?", "answered"),
        Question("b", NOW, "Czy macie parking?", None),
    ]
    assert gaps(AuditInput(documents=(), today=TODAY, analyze=analyzer, questions=log)) == []


def test_a_gap_keeps_its_id_as_the_log_grows(analyzer):
    log = asked("Czy wysyłacie do Norwegii?", "Wysyłacie do Norwegii paczki ekspresem?")
    ids = [[found.id for found in gaps(AuditInput((), TODAY, analyzer, questions=log[:n]))] for n in (1, 2)]
    assert ids[0] == ids[1]


def test_the_records_of_the_interaction_log_are_questions(analyzer):
    record = record_query(
        "answer", "1", "Czy macie sklep w Krakowie?", at=NOW, lang="pl", channel="chat", audience=["public"]
    )
    assert gaps(AuditInput((), TODAY, analyzer, questions=[record])) == []


# --- quality ---------------------------------------------------------------------------------------

GOOD = "Zażółć gęślą jaźń, a potem zwróć nam towar. " * 5


def test_good_text_has_no_findings():
    assert over(quality, Document(id="d", text=GOOD)) == []
    assert (
        over(quality, Document(id="d", text=GOOD + " Pojemność 12 m³, tolerancja 5±2, „cytat” – i €.")) == []
    )


@pytest.mark.parametrize(
    "text", ["", "Strona w budowie.", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21"]
)
def test_hardly_any_text(text):
    (found,) = over(quality, Document(id="d", title="Skan", text=text, kind="pdf"))
    assert found.message == "„Skan” nie ma prawie żadnego tekstu."
    assert over(quality, Document(id="d", text=text, kind="reply")) == []
    assert over(quality, Document(id="d", text=text, status="retired")) == []


@pytest.mark.parametrize(
    "text",
    [
        GOOD.encode().decode("cp1252", errors="replace").replace("\ufffd", ""),
        GOOD.encode().decode("latin-1"),
        GOOD.encode("iso-8859-2").decode("cp1252"),
        GOOD.replace("ź", "´z").replace("ść", "´s´c").replace("ó", "´o") + "tre´s´c wa˙zna ca´ło´s´c " * 2,
        GOOD + "ca\ufffdo\ufffd\ufffd",
        GOOD + "(cid:12)(cid:44)",
    ],
)
def test_broken_characters(text):
    found = over(quality, Document(id="d", title="Plik", text=text))
    assert len(found) == 1
    assert "ma nieczytelne znaki" in found[0].message
    (citation,) = found[0].citations
    assert citation.quote in text
    assert citation.quote.strip() == citation.quote != ""

import random
from datetime import date
from itertools import combinations
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbassist.audit.duplicates import duplicates
from kbassist.audit.material import AuditInput
from kbassist.types import Document

TEXT = (
    "Zamówienia opłacone w dni robocze do godziny 12:00 wysyłamy tego samego dnia. Paczki pakujemy w papier "
    "i tekturę, a ostrza zabezpieczamy skórzaną osłoną. Na odebranie paczki z automatu masz 48 godzin."
)


def run(*texts, **fields):
    documents = [
        text if isinstance(text, Document) else Document(id=f"d{number:04}", text=text)
        for number, text in enumerate(texts)
    ]
    return duplicates(AuditInput(documents=documents, today=date(2026, 11, 21), analyze=str.split, **fields))


def test_the_same_words_are_the_same_text():
    (found,) = run(
        TEXT, TEXT.upper().replace(". ", ".\n\n"), "Coś zupełnie innego, o czym nikt tu nie pisze."
    )
    assert found.documents == ("d0000", "d0001")
    assert found.severity == "warning"
    assert found.message.startswith("Ta sama treść w 2 dokumentach")
    assert run(TEXT, TEXT, lang="en")[0].message.startswith("The same text in 2 documents")


def test_a_reworded_copy_is_found_with_its_likeness():
    copy = TEXT.replace("tego samego dnia", "jeszcze tego samego dnia").replace("Paczki", "Przesyłki")
    (found,) = run(TEXT, copy)
    assert found.message.startswith("Prawie ta sama treść (co najmniej 8")


def test_copies_of_copies_are_one_family():
    (found,) = run(TEXT, TEXT, TEXT + " Kropka.", "Inny tekst o czymś innym niż tamte.", TEXT)
    assert found.documents == ("d0000", "d0001", "d0002", "d0004")


def test_the_id_stays_while_the_family_does():
    (found,) = run(TEXT, TEXT + " Kropka.")
    (again,) = run(TEXT, TEXT + " Kropka i przecinek.")
    assert found.id == again.id


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("",),
        ("", ""),
        ("Tak.", "Tak."),
        (TEXT, TEXT[:80]),  # an extract
        (TEXT, " ".join(reversed(TEXT.split()))),
    ],
)
def test_what_is_no_duplicate(texts):
    assert run(*texts) == []


def test_other_people_and_other_times_are_no_duplicates():
    for fields in (
        {"audience": frozenset({"staff"})},
        {"status": "retired"},
        {"valid_until": date(2026, 11, 20)},
    ):
        assert run(TEXT, Document(id="x", text=TEXT, **fields)) == []


def likeness(one, other):
    a, b = (
        {tuple(words[at : at + 3]) for at in range(len(words) - 2)} for words in (one.split(), other.split())
    )
    shorter, longer = sorted((a, b), key=len)
    return 0.0 if len(shorter) < len(longer) / 2 else len(shorter & longer) / len(shorter)


words = st.lists(st.sampled_from("abcdefgh"), min_size=5, max_size=24).map(" ".join)


@st.composite
def variants(draw):
    """Texts and their copies with a few words changed."""
    texts = draw(st.lists(words, min_size=1, max_size=4))
    for original in list(texts):
        changed = original.split() * draw(st.integers(1, 2))
        for _ in range(draw(st.integers(0, 3))):
            changed[draw(st.integers(0, len(changed) - 1))] = draw(st.sampled_from("abxyz"))
        texts.append(" ".join(changed))
    return texts


@settings(max_examples=200)
@given(variants())
def test_families_are_those_that_comparing_every_pair_finds(texts):
    family = {number: {number} for number in range(len(texts))}
    for one, other in combinations(range(len(texts)), 2):
        if likeness(texts[one], texts[other]) >= 0.8 - 1e-9:
            merged = family[one] | family[other]
            for member in merged:
                family[member] = merged
    expected = {tuple(f"d{n:04}" for n in sorted(members)) for members in family.values() if len(members) > 1}
    assert {found.documents for found in run(*texts)} == expected


def test_a_thousand_versions_of_one_page_take_seconds():
    chance = random.Random(7)
    vocabulary = [f"w{n}" for n in range(3000)]
    common = chance.choices(vocabulary, k=300)
    texts = [" ".join([*common, *chance.choices(vocabulary, k=20)]) for _ in range(1500)]
    started = perf_counter()
    (found,) = run(*texts)
    assert len(found.documents) == 1500
    assert perf_counter() - started < 15

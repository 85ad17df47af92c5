"""What repeats around the text of a site's pages, and that nothing of it is lost from the site."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.sources.web.repeated import keepers, repeated_lines, without_lines
from kbassist.types import Anchor, Document

HEAD = ("Infolinia 22 123 45 67", "Darmowa dostawa od 199 zł")
TAIL = ("Zapisz się do newslettera", "Kupuj bezpiecznie: SSL i 3D Secure", "Sklep Rower, ul. Długa 1, Poznań")


def document(
    number: int,
    paragraphs: Iterable[str],
    *,
    headings: Iterable[str] = (),
    lang: str = "pl",
    folder: str = "",
) -> Document:
    text = "\n\n".join(paragraphs)
    anchors = tuple(Anchor(text.index(label), label, 2) for label in headings)
    return Document(
        id=f"https://x.pl/{folder}{number}",
        uri=f"https://x.pl/{folder}{number}",
        text=text,
        anchors=anchors,
        lang=lang,
    )


def own(number: int) -> tuple[str, ...]:
    return (f"Rower {number}", f"Model {number} ma ramę z aluminium i waży {number + 9} kg.")


def site(pages: int) -> list[Document]:
    return [document(n, (*HEAD, *own(n), *TAIL), headings=[f"Rower {n}"]) for n in range(pages)]


def cleaned(documents: list[Document]) -> list[Document]:
    lines = repeated_lines(documents)
    kept = keepers(documents, lines)
    return [without_lines(page, lines, keep=kept.get(page.id, frozenset())) for page in documents]


def check_anchors(page: Document) -> None:
    assert all(page.text[anchor.start :].startswith(anchor.label) for anchor in page.anchors)


# --- what goes and what stays ------------------------------------------------------------------


def test_head_and_tail_go_from_all_pages_but_the_first() -> None:
    first, *others = cleaned(site(8))
    assert first.text == "\n\n".join((*HEAD, *own(0), *TAIL))
    for number, page in enumerate(others, start=1):
        assert page.text == "\n\n".join(own(number))
        check_anchors(page)
        assert [anchor.label for anchor in page.anchors] == [f"Rower {number}"]


def test_a_few_pages_say_nothing_about_a_template() -> None:
    assert repeated_lines(site(5)) == frozenset()
    assert repeated_lines(site(6)) != frozenset()
    assert repeated_lines([]) == frozenset()


def test_each_language_has_a_template_of_its_own() -> None:
    english = [document(n, (f"Bike {n}", "Call us: 22 123"), lang="en", folder="en/") for n in range(6)]
    alone = [document(99, ("Noleggio", "Call us: 22 123"), lang="it")]
    _, *others = cleaned([*english, *alone, *site(40)])
    assert [page.text for page in others[:5]] == [f"Bike {n}" for n in range(1, 6)]
    assert repeated_lines([*english[:5], *site(40)]) == repeated_lines(site(40))


def test_a_folder_has_a_template_of_its_own() -> None:
    blog = [document(n, (f"Wpis {n}", "Autor: zespół sklepu"), folder="blog/") for n in range(6)]
    shop = [document(n, own(n), folder="rowery/") for n in range(60)]
    assert [page.text for page in cleaned([*blog, *shop])[1:6]] == [f"Wpis {n}" for n in range(1, 6)]


def test_what_repeats_in_the_middle_is_content() -> None:
    pages = [document(n, (*own(n), "Zwrot w ciągu 30 dni.", f"Numer katalogowy: R-{n}")) for n in range(10)]
    assert cleaned(pages) == pages


def test_content_on_every_page_stays_on_one() -> None:
    pages = [document(n, (*own(n), "Zwrot w ciągu 30 dni.")) for n in range(10)]
    texts = [page.text for page in cleaned(pages)]
    assert sum("Zwrot w ciągu 30 dni." in text for text in texts) == 1


def test_a_page_that_is_all_template_stays_as_it_is() -> None:
    bare = document(99, (*HEAD, *TAIL))
    assert cleaned([*site(8), bare])[-1] is bare


def test_a_line_of_the_page_itself_may_stand_in_a_template() -> None:
    changed = "Zmieniono {} maja 2026"
    pages = [document(n, (*own(n), *TAIL[:2], changed.format(n + 1), TAIL[2])) for n in range(8)]
    assert cleaned(pages)[3].text == "\n\n".join((*own(3), changed.format(4)))


def test_bullets_case_and_space_do_not_matter() -> None:
    pages = [document(n, (*own(n), "- Newsletter" if n % 2 else "NEWSLETTER  ")) for n in range(8)]
    assert [page.text for page in cleaned(pages)[1:]] == ["\n\n".join(own(n)) for n in range(1, 8)]


# --- nothing is torn ---------------------------------------------------------------------------


def test_the_answer_under_a_question_of_the_page_stays() -> None:
    question = "Kiedy wyślecie rower {}?"
    pages = [
        document(n, (*own(n), question.format(n), "W ciągu dwóch dni."), headings=[question.format(n)])
        for n in range(10)
    ]
    assert cleaned(pages) == pages


def test_below_such_an_answer_the_template_begins_at_its_next_heading() -> None:
    pages = [
        document(
            n,
            (f"Czy rower {n} jest dostępny?", "Tak.", "Kontakt", *TAIL),
            headings=[f"Czy rower {n}", "Kontakt"],
        )
        for n in range(10)
    ]
    page = cleaned(pages)[4]
    assert page.text == "Czy rower 4 jest dostępny?\n\nTak."
    assert [anchor.label for anchor in page.anchors] == ["Czy rower 4"]


def test_a_repeated_heading_stays_over_the_text_of_the_page() -> None:
    pages = [document(n, (*HEAD, "Opis", *own(n)), headings=["Opis"]) for n in range(10)]
    page = cleaned(pages)[4]
    assert page.text == "\n\n".join(("Opis", *own(4)))
    check_anchors(page)


@pytest.mark.parametrize("announced", ["Dostawa:", "Wysyłamy tak:"])
def test_what_a_line_announces_stays_with_it(announced: str) -> None:
    pages = [document(n, (f"Rower {n}. {announced}", "kurierem", TAIL[0])) for n in range(10)]
    assert cleaned(pages)[3].text == f"Rower 3. {announced}\n\nkurierem"


def test_the_rows_of_a_table_stay_together() -> None:
    rows = [f"Rower {{}}: {price} zł" for price in (900, 1200)] + ["Kask: 120 zł", "Lampka: 40 zł"]
    pages = [document(n, (f"Cennik {n}", "\n".join(rows).format(n, n), TAIL[0])) for n in range(10)]
    assert cleaned(pages)[3].text == f"Cennik 3\n\n{chr(10).join(rows).format(3, 3)}"


# --- laws --------------------------------------------------------------------------------------

LINES = st.sampled_from([*HEAD, *TAIL, "Opis", "Dostawa:", "Zwrot w 30 dni.", "a", "b", "c", "d"])
BLOCKS = st.lists(st.tuples(st.lists(LINES, min_size=1, max_size=3), st.booleans()), min_size=1, max_size=8)


def assembled(number: int, blocks: list[tuple[list[str], bool]]) -> Document:
    text, anchors = "", []
    for lines, headed in blocks:
        text += "\n\n" if text else ""
        if headed:
            anchors.append(Anchor(len(text), lines[0], 2, "heading", f"f{len(anchors)}"))
        text += "\n".join(lines)
    return Document(id=str(number), text=text, anchors=tuple(anchors), lang="pl")


@given(st.lists(BLOCKS, min_size=6, max_size=14))
def test_laws(pages: list[list[tuple[list[str], bool]]]) -> None:
    documents = [assembled(number, blocks) for number, blocks in enumerate(pages)]
    lines = repeated_lines(documents)
    kept = keepers(documents, lines)
    results = [without_lines(page, lines, keep=kept.get(page.id, frozenset())) for page in documents]
    for before, after in zip(documents, results, strict=True):
        check_anchors(after)
        assert is_subsequence(after.text.split("\n"), before.text.split("\n"))
        assert {(anchor.label, anchor.fragment) for anchor in after.anchors} <= {
            (anchor.label, anchor.fragment) for anchor in before.anchors
        }
        assert after.text
    everything = Counter(line for page in documents for line in page.text.split("\n") if line)
    left = Counter(line for page in results for line in page.text.split("\n") if line)
    assert set(left) == set(everything)
    assert keepers(documents, frozenset()) == {}
    assert all(without_lines(page, frozenset()) is page for page in documents)


def is_subsequence(part: list[str], whole: list[str]) -> bool:
    rest: Iterator[str] = iter(line for line in whole if line)
    return all(line in rest for line in part if line)


def test_memory_does_not_grow_with_the_site() -> None:
    def pages(count: int) -> Iterator[Document]:
        for n in range(count):
            yield document(n, (*HEAD, *(f"Wiersz {line} strony {n}" for line in range(8)), *TAIL))

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            assert len(repeated_lines(pages(count))) == len(HEAD) + len(TAIL)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(3000) < 1.3 * peak(1500)

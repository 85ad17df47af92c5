"""Language versions of one page, and those that were never translated."""

from __future__ import annotations

import pytest

from kbassist.sources.web.likeness import sketch
from kbassist.sources.web.versions import (
    Version,
    claimed_language,
    partly_untranslated,
    untranslated,
    untranslated_lines,
    version_key,
)
from kbassist.types import Anchor, Document

ENGLISH = (
    "Installing packages takes three steps: update the list, choose the package, and confirm the choice."
)
POLISH = "Instalacja pakietów to trzy kroki: odśwież listę, wybierz pakiet i potwierdź wybór na końcu."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/pl-PL/apt.html", "/en-US/apt.html"),
        ("/pl/", "/en/"),
        ("/pomoc/pl/apt", "/pomoc/de/apt"),
        ("/apt?lang=pl&x=1", "/apt?lang=en&x=1"),
    ],
)
def test_versions_have_equal_keys(one: str, other: str) -> None:
    assert version_key(one) == version_key(other)


@pytest.mark.parametrize(("one", "other"), [("/a", "/b"), ("/pl/a", "/pl/b"), ("/apt?x=pl", "/apt?x=en")])
def test_other_pages_have_others(one: str, other: str) -> None:
    assert version_key(one) != version_key(other)


@pytest.mark.parametrize(
    ("path", "language"),
    [("/pl-PL/a", "pl"), ("/a?lang=EN", "en"), ("/a", ""), ("/plan/a", ""), ("/x?lang=pl_PL", "pl")],
)
def test_a_path_may_claim_a_language(path: str, language: str) -> None:
    assert claimed_language(path) == language


def found(texts: dict[str, str], *versions: Version) -> dict[str, str]:
    return untranslated(versions, version_key, lambda url: sketch(texts[url]))


def test_a_copy_in_the_wrong_language_is_found_and_its_original_is_not() -> None:
    texts = {"/pl/apt": ENGLISH + " Rozdział 2.", "/en/apt": ENGLISH}
    wrong, right = Version("/pl/apt", "pl", "en"), Version("/en/apt", "en", "en")
    assert found(texts, wrong, right) == found(texts, right, wrong) == {"/pl/apt": "/en/apt"}


def test_versions_that_name_each_other_need_no_equal_keys() -> None:
    texts = {"/instalacja": ENGLISH, "/install": ENGLISH}
    wrong = Version("/instalacja", "pl", "en", ("/install",))
    assert found(texts, wrong, Version("/install", "en", "en")) == {"/instalacja": "/install"}


@pytest.mark.parametrize(
    "versions",
    [
        [Version("/pl/apt", "pl", "pl"), Version("/en/apt", "en", "en")],
        [Version("/pl/apt", "pl", "en")],
        [Version("/pl/apt", "pl", "en"), Version("/en/inne", "en", "en")],
        [Version("/pl/apt", "pl", "en"), Version("/de/apt", "de", "de")],
    ],
    ids=["translated", "alone", "another page", "another language"],
)
def test_what_is_no_copy_stays(versions: list[Version]) -> None:
    texts = {"/pl/apt": POLISH, "/en/apt": ENGLISH, "/en/inne": ENGLISH, "/de/apt": ENGLISH}
    assert found(texts, *versions) == {}


def test_what_a_version_shares_with_another_language_is_left_to_that() -> None:
    texts = {"/pl/apt": f"{POLISH}\n\n{ENGLISH}", "/en/apt": f"{ENGLISH}\n\n{ENGLISH.upper()}"}
    pages = [Version("/pl/apt", "pl", ""), Version("/en/apt", "en", "en")]
    sketches = {url: sketch(text) for url, text in texts.items()}
    assert partly_untranslated(pages, version_key, sketches.__getitem__) == {"/pl/apt": "/en/apt"}

    def tell(text: str) -> str | None:
        return "en" if "Installing" in text else "pl" if "Instalacja" in text else None

    command = "apt-get install --no-install-recommends --yes first-package second-package third-package"
    page = Document(
        id="/pl/apt",
        text=f"Pakiety\n\n{ENGLISH}\n\nKrok po kroku\n\n{POLISH}\n\n{command}",
        anchors=(Anchor(0, "Pakiety"), Anchor(len(f"Pakiety\n\n{ENGLISH}\n\n"), "Krok po kroku")),
    )
    original = Document(id="/en/apt", text=f"{ENGLISH}\n\n{command}", lang="en")
    left = untranslated_lines(page, original, tell)
    assert left.text == f"Pakiety\n\nKrok po kroku\n\n{POLISH}\n\n{command}"
    assert [left.text[anchor.start :].startswith(anchor.label) for anchor in left.anchors] == [True, True]
    assert (left.lang, left.meta["partly_translated"]) == ("pl", "/en/apt")
    assert untranslated_lines(left, original, tell) is left

"""Forms of one word meet, different words do not, and a query is analysed as the passage was."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kbassist.text.analysis import TextAnalyzer, fold, words
from kbassist.text.lexicon import Lexicons

POLISH = st.text(alphabet="aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż ", max_size=40)


@pytest.mark.parametrize(
    "forms",
    [
        "zwrot zwrotu zwroty zwrotów zwrotem zwrotach",
        "reklamacja reklamację reklamacji reklamacje reklamacją",
        "umowa umowy umowę umów umowie",
        "przesyłka przesyłki przesyłkę przesyłek przesyłce",
        "dzień dni dnia dniu dniach",
        "paczkomat paczkomatu paczkomacie paczkomaty",
        "pieniądze pieniędzy pieniędzmi",
        "człowiek ludzie ludzi",
        "Warszawa Warszawie Warszawy",
        "return returns returned returning",
        "delivery deliveries",
        "refund refunds refunded",
    ],
)
def test_forms_of_a_word_share_a_term(analyzer: TextAnalyzer, forms: str):
    first, *others = forms.split()
    for other in others:
        assert set(analyzer(first)) & set(analyzer(other)), (first, other)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("zlozona", "złożona"),
        ("przesylka", "przesyłkę"),
        ("zolw", "żółw"),
        ("zwrocic", "zwrócić"),
        ("reklamacje", "reklamację"),
        ("cafe", "café"),
        ("naive", "naïve"),
    ],
)
def test_words_typed_without_diacritics_meet_those_with(analyzer: TextAnalyzer, typed: str, written: str):
    assert set(analyzer(typed)) & set(analyzer(written))


@pytest.mark.parametrize(
    ("one", "other"),
    [("zwrot", "dostawa"), ("sklep", "sklejka"), ("order", "border"), ("14", "140"), ("kasa", "kasza")],
)
def test_different_words_do_not_meet(analyzer: TextAnalyzer, one: str, other: str):
    assert not set(analyzer(one)) & set(analyzer(other))


def test_a_word_that_only_the_english_lexicon_knows_has_an_english_stem(analyzer: TextAnalyzer):
    assert analyzer("shipping") == ["s:ship", "l:ship"]
    assert analyzer("deliveries") == ["s:deliveri", "l:delivery"]


def test_any_other_word_has_a_polish_stem(analyzer: TextAnalyzer):
    assert analyzer("umowy") == ["s:umow", "l:umowa"]
    assert analyzer("Kowalskiemu") == ["s:kowalsk", "l:kowalski"]
    assert analyzer("qwrtż") == ["s:qwrtz", "l:qwrtz"]  # in no lexicon


def test_a_number_is_one_term_and_stays_as_it_is(analyzer: TextAnalyzer):
    assert analyzer("30 dni, 14,99 zł, § 7") == [
        *("n:30", "s:dni", "l:dzien"),
        *("n:14", "n:99", "s:zl", "l:zloty"),
        "n:7",
    ]


@pytest.mark.parametrize("text", ["", "   \n", "?!… — „”", "🙂🙃", "\0"])
def test_text_without_words_gives_no_terms(analyzer: TextAnalyzer, text: str):
    assert analyzer(text) == []


def test_wide_and_joined_letters_are_read_as_plain_ones(analyzer: TextAnalyzer):
    assert analyzer("ｚｗｒｏｔ ﬁrma") == analyzer("zwrot firma")
    assert analyzer(unicodedata.normalize("NFD", "złożyć zażalenie")) == analyzer("złożyć zażalenie")


@given(st.text())
@example("ǿ")  # a letter of two marks, one of which no decomposition takes off
def test_folding_again_changes_nothing(text: str):
    assert fold(fold(text)) == fold(text)


@given(POLISH)
def test_folding_leaves_plain_letters_and_their_number(text: str):
    assert fold(text).isascii()
    assert len(fold(text)) == len(text)


@given(st.text())
def test_a_word_with_a_letter_gives_two_terms_and_a_number_one(analyzer: TextAnalyzer, text: str):
    expected = [2 if any(char.isalpha() for char in word) else 1 for word in words(text)]
    assert [len(analyzer.word_terms(word)) for word in words(text)] == expected
    assert len(analyzer(text)) == sum(expected)


@given(POLISH, POLISH)
def test_a_word_is_analysed_alike_whatever_stands_around_it(analyzer: TextAnalyzer, one: str, other: str):
    assert analyzer(f"{one} {other}") == analyzer(one) + analyzer(other)


@given(POLISH)
def test_capitals_make_no_difference(analyzer: TextAnalyzer, text: str):
    assert analyzer(text.upper()) == analyzer(text) == analyzer(text.title())


@given(st.text())
def test_an_analyzer_with_a_past_gives_what_a_new_one_gives(analyzer: TextAnalyzer, lexicons, text: str):
    assert analyzer(text) == analyzer(text) == TextAnalyzer(lexicons)(text)


# --- the lexicons ------------------------------------------------------------------------------


def test_the_lexicons_know_forms_by_their_lemma(lexicons: Lexicons):
    assert lexicons.polish("przesyłek") == "przesyłka"
    assert lexicons.polish("krakowie") == "kraków"  # a name, listed with its capital
    assert lexicons.polish("shipping") is None
    assert lexicons.english("deliveries") == "delivery"
    assert lexicons.english("przesyłka") is None
    assert lexicons.polish("") is lexicons.english("") is None


@pytest.mark.parametrize("harm", ["garbage", "half", "empty"])
def test_a_damaged_lexicon_is_built_again_with_a_warning(tmp_path: Path, harm: str):
    assert Lexicons(tmp_path).english("returns") == "return"
    (file,) = tmp_path.glob("*.marisa")
    whole = file.read_bytes()
    file.unlink()  # the map that is open keeps its own file
    harmed = {"garbage": b"nothing of the kind" * 99, "half": whole[: len(whole) // 2], "empty": b""}
    file.write_bytes(harmed[harm])

    with pytest.warns(UserWarning, match=r"lexicon .*marisa is damaged .* built again"):
        assert Lexicons(tmp_path).english("returns") == "return"
    assert file.read_bytes() == whole
    assert Lexicons(tmp_path).english("returns") == "return"  # and without a warning from then on


def test_two_processes_that_need_a_lexicon_at_once_both_get_it(tmp_path: Path):
    program = (
        "import sys, pathlib\n"
        "from kbassist.text.lexicon import Lexicons\n"
        "lexicons = Lexicons(pathlib.Path(sys.argv[1]))\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "print(lexicons.english('returns'), flush=True)\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", program, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 2
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate()[0] for process in processes] == ["return\n"] * 2
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(path.suffix for path in tmp_path.iterdir()) in ([".marisa"], [".lock", ".marisa"])

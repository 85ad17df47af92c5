import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.errors import InvalidArgumentError
from kbassist.evaluation import answer_f1, exact_match, normalise_answer


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("„Żółw”, 14-dniowy!", ["żółw", "14", "dniowy"]),
        ("The Żabka, a shop", ["żabka", "shop"]),
        ("2,5 zł", ["2.5", "zł"]),
        ("2.5 ZŁ.", ["2.5", "zł"]),
        ("z\u0307o\u0301\u0142w", ["żółw"]),
        ("…", []),
    ],
)
def test_normalisation(text, tokens):
    assert normalise_answer(text) == tokens


def test_f1_worked_by_hand():
    # predicted 4 tokens, gold 3, common 2 (dni, roboczych): 2 * 2 / (4 + 3)
    assert answer_f1("do 5 dni roboczych", "7 dni roboczych") == pytest.approx(4 / 7)
    # a token said twice counts twice only where the gold has it twice: 2 * 1 / (2 + 1)
    assert answer_f1("tak tak", "tak") == pytest.approx(2 / 3)


def test_the_best_gold_answer_counts():
    assert answer_f1("30 dni", ["miesiąc", "30 dni"]) == 1
    assert exact_match("30 dni.", ["miesiąc", "30 Dni"])
    assert not exact_match("25", "2,5")


@pytest.mark.parametrize("gold", [(), "", [""]])
def test_no_gold_answer_asks_for_silence(gold):
    assert answer_f1("", gold) == 1
    assert exact_match("", gold)
    assert answer_f1("30 dni", gold) == 0
    assert not exact_match("30 dni", gold)


def test_a_gold_answer_that_is_no_text_is_refused():
    with pytest.raises(InvalidArgumentError, match="list of strings"):
        answer_f1("30", [30])


@given(st.text(max_size=40), st.text(max_size=40))
def test_f1_is_symmetric_bounded_and_one_for_equal_tokens(one, other):
    score = answer_f1(one, other)
    assert 0 <= score <= 1
    assert score == answer_f1(other, one)
    assert answer_f1(one, one) == 1
    assert (score == 1) == (sorted(normalise_answer(one)) == sorted(normalise_answer(other)))

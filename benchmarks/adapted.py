"""multilingual-e5-small in torch, with low-rank matrices in its upper layers, to be trained."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from kbassist.models.weights import Weights

_SCALE = 2.0
_TEXTS = 3
_READ_TOGETHER = 32


class Linear(nn.Module):
    """A frozen matrix and what is added to it."""

    def __init__(self, weights: Weights, name: str, into: int, out: int, rank: int) -> None:
        super().__init__()
        self.name = name
        self.matrix = _tensor(weights, f"{name}.w", out, into)
        self.bias = _tensor(weights, f"{name}.b")
        self.rank = rank
        if rank:
            self.down = nn.Parameter(torch.randn(rank, into) / math.sqrt(into))
            self.up = nn.Parameter(torch.zeros(out, rank))

    def forward(self, value: Tensor) -> Tensor:
        found = functional.linear(value, self.matrix, self.bias)
        if not self.rank:
            return found
        return found + _SCALE * functional.linear(functional.linear(value, self.down), self.up)


class Layer(nn.Module):
    def __init__(self, weights: Weights, number: int, rank: int, dropped: float) -> None:
        super().__init__()
        size, name = weights.shape, f"l{number}"
        self.hidden, self.heads, self.dropped = size.hidden, size.heads, dropped
        self.query, self.key, self.value, self.out = (
            Linear(weights, f"{name}.{part}", size.hidden, size.hidden, rank)
            for part in ("q", "k", "v", "ao")
        )
        self.inner = Linear(weights, f"{name}.fi", size.hidden, size.feed_forward, rank)
        self.outer = Linear(weights, f"{name}.fo", size.feed_forward, size.hidden, rank)
        self.norms = [
            (_tensor(weights, f"{name}.{norm}.w"), _tensor(weights, f"{name}.{norm}.b"))
            for norm in ("aln", "oln")
        ]
        self.epsilon = size.epsilon

    def forward(self, value: Tensor, mask: Tensor) -> Tensor:
        many, tokens, _ = value.shape

        def heads(projected: Tensor) -> Tensor:
            return projected.view(many, tokens, self.heads, -1).transpose(1, 2)

        attended = functional.scaled_dot_product_attention(
            heads(self.query(value)),
            heads(self.key(value)),
            heads(self.value(value)),
            attn_mask=mask[:, None, None, :],
        )
        joined = attended.transpose(1, 2).reshape(many, tokens, self.hidden)
        value = self._normalised(value + self._drop(self.out(joined)), 0)
        return self._normalised(value + self._drop(self.outer(functional.gelu(self.inner(value)))), 1)

    def _drop(self, value: Tensor) -> Tensor:
        return functional.dropout(value, self.dropped, self.training)

    def _normalised(self, value: Tensor, norm: int) -> Tensor:
        return functional.layer_norm(value, (self.hidden,), *self.norms[norm], eps=self.epsilon)


class Adapted(nn.Module):
    """Frozen below `lowest`; what stands there is computed once a text (`below`)."""

    def __init__(self, weights: Weights, lowest: int, rank: int, dropped: float) -> None:
        super().__init__()
        size = weights.shape
        self._weights = weights
        self._positions = (
            _tensor(weights, "emb.pos", size.positions, size.hidden)
            + _tensor(weights, "emb.type", -1, size.hidden)[0]
        )
        self._norm = _tensor(weights, "emb.ln.w"), _tensor(weights, "emb.ln.b")
        self._lower = [Layer(weights, number, 0, 0.0) for number in range(lowest)]
        self.upper = nn.ModuleList(
            Layer(weights, number, rank, dropped) for number in range(lowest, size.layers)
        )
        self.marks = nn.Parameter(torch.zeros(_TEXTS, size.hidden))
        self.last = nn.Linear(2 * size.hidden, 1)
        nn.init.normal_(self.last.weight, std=0.02)
        nn.init.zeros_(self.last.bias)

    @torch.no_grad()
    def below(self, texts: Sequence[Sequence[int]]) -> Iterator[tuple[int, Tensor]]:
        """The place of each text and the states of its tokens below the adapted layers, in half precision."""
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for at in range(0, len(texts), _READ_TOGETHER):
            places = by_length[at : at + _READ_TOGETHER]
            words = [
                torch.tensor(self._weights.rows("emb.word", np.array(texts[place], np.int64)))
                for place in places
            ]
            value, mask, _ = _padded(words)
            value = value + self._positions[: value.shape[1]]
            value = functional.layer_norm(
                value, value.shape[-1:], *self._norm, eps=self._weights.shape.epsilon
            )
            for layer in self._lower:
                value = layer(value, mask)
            for place, states, own in zip(places, value, words, strict=True):
                yield place, states[: len(own)].half()

    def forward(self, states: Sequence[Tensor], places: Sequence[Tensor]) -> Tensor:
        """Logits, shape `(len(states),)`."""
        value, mask, lengths = _padded([each.float() for each in states])
        marked = nn.utils.rnn.pad_sequence(list(places), batch_first=True)
        value = value + self.marks[marked]
        for layer in self.upper:
            value = layer(value, mask)
        mean = (value * mask[..., None]).sum(1) / lengths[:, None]
        logits: Tensor = self.last(torch.cat([value[:, 0], mean], 1))
        return logits[:, 0]

    def groups(self, rate: float) -> list[dict[str, Any]]:
        """What is trained, at which rate (`full`): the last layer, which begins at nothing, at twice it."""
        below = [self.marks, *self.upper.parameters()]
        return [
            {"params": below, "lr": rate, "full": rate},
            {"params": list(self.last.parameters()), "lr": 2 * rate, "full": 2 * rate},
        ]

    def stored(self) -> dict[str, np.ndarray]:
        """What was trained, by name."""
        found = {
            "marks": self.marks.detach().numpy(),
            "last.w": self.last.weight.detach().numpy().T,
            "last.b": self.last.bias.detach().numpy(),
        }
        for linear in self._adapted():
            found[f"{linear.name}.down"] = linear.down.detach().numpy()
            found[f"{linear.name}.up"] = linear.up.detach().numpy()
        return found

    def _adapted(self) -> Iterator[Linear]:
        return (module for module in self.upper.modules() if isinstance(module, Linear))


class Average:
    """A moving average of a model's parameters."""

    def __init__(self, model: Adapted, kept: float) -> None:
        self._model = model
        self._kept = kept
        self._means = [value.detach().clone() for value in model.parameters()]

    @torch.no_grad()
    def add(self, step: int) -> None:
        """After a step: the first ones are forgotten faster."""
        kept = min(self._kept, (1 + step) / (10 + step))
        for mean, value in zip(self._means, self._model.parameters(), strict=True):
            mean.mul_(kept).add_(value, alpha=1 - kept)

    @torch.no_grad()
    def put(self) -> None:
        """Into the model, instead of what it has."""
        for mean, value in zip(self._means, self._model.parameters(), strict=True):
            value.copy_(mean)


def _padded(texts: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """All in one, a mask of what is text, and their lengths."""
    value = nn.utils.rnn.pad_sequence(list(texts), batch_first=True)
    lengths = torch.tensor([len(each) for each in texts])
    return value, torch.arange(value.shape[1])[None] < lengths[:, None], lengths


def _tensor(weights: Weights, name: str, *shape: int) -> Tensor:
    return torch.tensor(np.array(weights.tensor(name, *shape)))

"""Any language model of llama-index, and how long a text is for one."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kbassist.errors import InvalidArgumentError, ModelError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

# cl100k_base; the name is the hash of the address that tiktoken would load it from.
_TABLE = "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"
_PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
    r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]"
    r"|\s+(?!\S)|\s"
)
_CHARACTERS_PER_TOKEN = 3


class LlamaIndexModel:
    """A `kbassist.protocols.LanguageModel` over a llama-index `LLM`. It is asked with `stream_chat`.

    `count_tokens` counts where tiktoken or its table is not installed; nothing is ever downloaded.
    """

    def __init__(self, llm: LLM, *, count_tokens: Callable[[Sequence[str]], list[int]] | None = None) -> None:
        """Raises `InvalidArgumentError` for what is not a llama-index `LLM`."""
        from llama_index.core import llms

        if not isinstance(llm, llms.LLM):
            raise InvalidArgumentError(
                f"llm is {type(llm).__name__}: give an LLM of llama-index, such as "
                "llama_index.llms.ollama.Ollama(model=…)"
            )
        self._llm = llm
        self._count_tokens = count_tokens

    @property
    def name(self) -> str:
        return str(self._llm.metadata.model_name)

    @property
    def context_tokens(self) -> int:
        return int(self._llm.metadata.context_window)

    def count_tokens(self, text: str) -> int:
        if self._encoding is not None:
            return len(self._encoding.encode_ordinary(text))
        if self._count_tokens is not None:
            return self._count_tokens([text])[0]
        return len(text) // _CHARACTERS_PER_TOKEN + 1

    def complete(self, messages: Sequence[Mapping[str, str]]) -> Iterator[str]:
        """Raises `ModelError` with what the model's own error says."""
        from llama_index.core.llms import ChatMessage

        asked = [ChatMessage(role=item["role"], content=item["content"]) for item in messages]
        try:
            yield from self._streamed(asked)
        except NotImplementedError:
            yield self._llm.chat(asked).message.content or ""
        except Exception as error:  # each model server has errors of its own
            raise ModelError(
                f"The language model {self.name} failed ({type(error).__name__}: {error})"
            ) from error

    def _streamed(self, asked: Sequence[Any]) -> Iterator[str]:
        """Some models give what is new, others only all there is so far."""
        given = ""
        for response in self._llm.stream_chat(asked):
            piece = response.delta
            if piece is None:
                piece = (response.message.content or "").removeprefix(given)
            given += piece
            if piece:
                yield piece

    @cached_property
    def _encoding(self) -> Any:
        try:
            import llama_index.core
            import tiktoken

            folder = Path(llama_index.core.__file__).parent / "_static" / "tiktoken_cache"
            lines = (folder / _TABLE).read_bytes().splitlines()
        except (ImportError, OSError):
            return None
        ranks = {
            base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines if line)
        }
        return tiktoken.Encoding("cl100k_base", pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens={})

"""What is left of a knowledge base after its end."""

from __future__ import annotations

from typing import NoReturn

from kbassist.errors import KnowledgeBaseError


class Closed:
    """Stands where a part stood: whatever is wanted of it is an error that says so."""

    def __init__(self, where: str) -> None:
        self.where = where

    def close(self) -> None:
        """Once more: nothing is left to do."""

    def __getattr__(self, name: str) -> NoReturn:
        raise KnowledgeBaseError(
            f"The knowledge base {self.where} is closed: use it inside its `with` block, or open it again"
        )

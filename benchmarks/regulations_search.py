"""Does `kb.search` find provisions by their address, and by their title?"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from datasets import rows

from kbassist import Document, KnowledgeBase
from kbassist.text.addresses import address_of, parse_addresses
from kbassist.types import Anchor

Model = Literal["bundled"] | None

_WORDS = {
    "art": "artykuł", "§": "paragraf", "ust": "ustęp", "pkt": "punkt", "ppkt": "podpunkt", "lit": "litera",
    "motyw": "motyw", "rozdz": "rozdział", "tiret": "tiret", "zał": "załącznik nr",
}  # fmt: skip


def spellings(label: str) -> list[str]:
    """The address as the library writes it, and as people do."""
    (mention,) = parse_addresses(label)
    steps = [(unit, number.replace("^", "") if unit == "art" else number) for unit, number in mention.steps]
    raised = "^" in "".join(mention.address.path)
    ways = [label, label.replace(".", "") if not re.search(r"\d\.\d", label) else label, f"co mówi {label}?"]
    if not raised:
        ways.append(" ".join(f"{_WORDS.get(unit, unit)} {number}" for unit, number in steps))
        ways.append(" ".join(f"{_DOTTED.get(unit, unit)}{number}" for unit, number in steps))
    bracketed = "".join(f"({number})" for _, number in steps[1:])
    if (
        steps[0][0] == "art"
        and not raised
        and all(unit not in ("art", "§", "tiret") for unit, _ in steps[1:])
    ):
        ways.append(f"Article {steps[0][1]}{bracketed}")
    if steps[0][0] == "§" and len(steps) == 2 and steps[1][1].isdigit():
        ways.append(f"§{steps[0][1]}.{steps[1][1]}")
    if steps[0][0] == "motyw":
        ways.append(f"recital {steps[0][1]}")
    return ways


_DOTTED = {"art": "art.", "§": "§", "ust": "ust.", "pkt": "pkt.", "lit": "lit."}


def asked(documents: Sequence[Document], names: dict[str, str], every: int) -> Iterator[tuple[str, str, str]]:
    """Query, document, canonical address: each provision once, spellings in turn."""
    for document in documents:
        labels = [anchor.label for anchor in provisions(document) if address_of(anchor.label)]
        for turn, label in enumerate(dict.fromkeys(labels)):
            if turn % every == 0:
                ways = spellings(label)
                query = (
                    f"{ways[(turn // every) % len(ways)].rstrip('?')} {names.get(document.id, '')}".strip()
                )
                yield query, document.id, str(address_of(label))


def address_search(
    documents: Sequence[Document],
    names: dict[str, str],
    *,
    every: int = 1,
    embedder: Model = None,
    missed: list[str] | None = None,
) -> tuple[float, int, float]:
    """Share of provisions found at rank 1, their number, and milliseconds a query."""
    right, queries = 0, list(asked(documents, names, every))
    with KnowledgeBase(":memory:", embedder=embedder, log_interactions=False) as kb:
        kb.add(documents)
        began = time.perf_counter()
        for query, document, address in queries:
            hits = kb.search(query, k=3)
            found = (
                hits
                and hits[0].passage.document_id == document
                and any(str(address_of(label)) == address for _, label in hits[0].passage.provisions)
            )
            right += bool(found)
            if not found and missed is not None:
                best = f"{hits[0].passage.document_id} {hits[0].passage.address}" if hits else "nothing"
                missed.append(f"{query!r} in {document}: {best}")
        spent = time.perf_counter() - began
    return right / max(1, len(queries)), len(queries), 1000 * spent / max(1, len(queries))


def heading_search(gdpr: Document, data: Path, embedder: Model) -> float:
    """Share of the articles' headings, asked as queries, whose first hit lies in that article."""
    gold = dict(
        line.split("\t")[:2] for line in (data / "regulations" / "rodo_qrels.tsv").read_text().splitlines()
    )
    right, queries = 0, list(rows(data / "regulations" / "rodo_queries.jsonl"))
    with KnowledgeBase(":memory:", embedder=embedder, log_interactions=False) as kb:
        kb.add([gdpr])
        for query in queries:
            hits = kb.search(query["text"], k=1)
            article = f"art. {gold[query['id']].removeprefix('RODO-art')}"
            right += (
                bool(hits) and re.match(rf"{re.escape(article)}(?!\w)", hits[0].passage.address) is not None
            )
    return right / len(queries)


def provisions(document: Document) -> list[Anchor]:
    return [anchor for anchor in document.anchors if anchor.kind == "provision"]

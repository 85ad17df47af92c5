"""Are provisions found where they begin, and does `kb.search` find them by their address?

    KBASSIST_BENCH_DATA=… python benchmarks/regulations.py             # about a minute
    KBASSIST_BENCH_DATA=… python benchmarks/regulations.py --hybrid    # search with the bundled model as well
    KBASSIST_BENCH_DATA=… python benchmarks/regulations.py --differences

**Boundaries.** The gold is not the library's (`regulations_gold.py`). For the GDPR as HTML it is read off
the page's elements: ids of sections, paragraphs that begin with a number, `span.pos`. For texts (the GDPR
and the Constitution from JSONL, 60 statutes) it is a plain counter over the lines: `Art. 5.`, `1.`, `1)`,
`a)` at the beginning of a line, each counted only when it goes on with its own sequence, and not inside the
wording that an amending act quotes, which ends where the act's own sequence goes on. A provision is right
when its address and its offset are both right (on the page, whose text is the library's own, its address).
The figure is F1 = 2·right / (gold + found): one for articles and recitals, one for ust., pkt and lit.; the
lowest of the four sources is the gate's. Tirets and annexes are not counted. `listed` is the share of the
articles in PolEval's corpus that were found.

**Passages.** `round trip`: passages whose text stands at their offsets, and anchors whose number or heading
stands at theirs. `lossless`: letters and digits of the text that stand in a passage, a heading or a
provision's number. `no orphan heading`: passages that are more than a heading.

**Search.** Every provision is asked for by its address, in the spellings of `spellings` by turns; right is
rank 1 being the passage in which it begins. With several acts in one knowledge base (the GDPR, the
Constitution, every statute that has a title) every seventh provision is asked for, with the act's name.
`headings`: the titles of the GDPR's articles as queries, right when the first hit lies in the article.

**Files.** A table of the regulations among the PDFs and pages, to check by hand: what was found, first and
last address, and numbers that are missing between neighbours.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from datasets import folder, rows
from regulations_gold import Gold, acts, constitution_text, counted, gdpr_elements, gdpr_text, read
from regulations_search import Model, address_search, heading_search, provisions
from rich.console import Console
from rich.table import Table

from kbassist import Document
from kbassist.passages import passages
from kbassist.sources.regulation import structure
from kbassist.text.addresses import address_of
from kbassist.text.outline import heading_end
from kbassist.types import IndexEntry

# --- boundaries --------------------------------------------------------------------------------


@dataclass
class Tally:
    right: int = 0
    gold: int = 0
    found: int = 0

    def add(self, gold: Gold, found: Gold) -> None:
        self.right += sum(
            key in found and (where is None or where == found[key]) for key, where in gold.items()
        )
        self.gold += len(gold)
        self.found += len(found)

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.gold + self.found) if self.gold + self.found else 1.0


def found_in(document: Document) -> Gold:
    """The provisions that the parser found, tirets left out."""
    addresses = ((address_of(anchor.label), anchor.start) for anchor in provisions(document))
    return {
        str(address): start
        for address, start in addresses
        if address and address.root != "zał" and not any(part.startswith("–") for part in address.path)
    }


def split(gold: Gold, *, outermost: bool) -> Gold:
    return {key: where for key, where in gold.items() if ("/" not in key) == outermost}


def boundaries(pairs: Sequence[tuple[Gold, Document]]) -> tuple[Tally, Tally]:
    """Articles and recitals; ust., pkt and lit."""
    articles, parts = Tally(), Tally()
    for gold, document in pairs:
        found = found_in(document)
        articles.add(split(gold, outermost=True), split(found, outermost=True))
        parts.add(split(gold, outermost=False), split(found, outermost=False))
    return articles, parts


def differences(gold: Gold, document: Document) -> list[str]:
    found = found_in(document)
    return [
        f"{document.id}: {key} gold {gold.get(key)} found {found.get(key)}"
        for key in dict.fromkeys([*gold, *found])
        if key not in gold or key not in found or (gold[key] is not None and gold[key] != found[key])
    ]


def poleval(data: Path, documents: Sequence[Document]) -> tuple[int, int]:
    """Articles that the corpus lists for these acts, and how many of them were found."""
    known = {document.id: {key for key in found_in(document) if "/" not in key} for document in documents}
    listed = [
        (row["act"], row["article"])
        for row in rows(data / "pl-legal" / "corpus.jsonl")
        if row.get("act") in known and row.get("article")
    ]
    right = sum(str(address_of(f"art. {article}")) in known[act] for act, article in listed)
    return right, len(listed)


def count_tokens(texts: Sequence[str]) -> list[int]:
    return [round(1.6 * len(text.split())) for text in texts]


def soundness(documents: Sequence[Document]) -> tuple[float, float, float]:
    """Round trip, lossless, no orphan heading."""
    checks = kept = letters = whole = cut = 0
    right = 0
    for document in documents:
        places = {(anchor.start, anchor.label) for anchor in provisions(document)}
        entries = passages(document, count_tokens=count_tokens)
        for entry in entries:
            checks += 1
            right += document.text[entry.passage.start : entry.passage.end] == entry.passage.text
            checks += 1
            begun = [
                (entry.passage.start + start, label) for start, label in entry.passage.provisions if start
            ]
            right += all((start, label) in places for start, label in begun)
        for anchor in document.anchors:
            checks += 1
            if anchor.kind == "provision":
                right += begins(document.text[anchor.start :], anchor.label)
            else:
                right += anchor.kind == "page" or heading_end(document.text, anchor) > anchor.start
        held = covered(document, entries)
        letters += sum(map(str.isalnum, document.text))
        kept += sum(char.isalnum() and held[at] for at, char in enumerate(document.text))
        headings = {anchor.label for anchor in document.anchors if anchor.kind == "heading"}
        cut += len(entries)
        whole += sum(" ".join(entry.passage.text.split()) not in headings for entry in entries)
    return right / checks, kept / letters, whole / cut


def begins(text: str, label: str) -> bool:
    """Whether the last number of the label stands at the beginning of the text."""
    number = re.findall(r"[^\W⁰¹²³⁴-⁹]+|\Z", label)[-2]
    return number.lower() in text[:20].lower() or "tiret" in label or "indent" in label


def covered(document: Document, entries: Sequence[IndexEntry]) -> bytearray:
    held = bytearray(len(document.text))
    for entry in entries:
        held[entry.passage.start : entry.passage.end] = b"\1" * len(entry.passage.text)
    for anchor in document.anchors:
        end = heading_end(document.text, anchor) if anchor.kind == "heading" else anchor.start + 14
        held[anchor.start : end] = b"\1" * (min(end, len(held)) - anchor.start)
    return held


# --- all of it ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sources:
    """The documents, and the gold of those that have one, by name."""

    gdpr: Document
    constitution: Document
    statutes: list[Document]
    files: list[Document]
    gold: dict[str, list[tuple[Gold, Document]]]

    def regulations(self) -> list[Document]:
        files = [document for document in self.files if document.kind == "regulation"]
        return [self.gdpr, self.constitution, *self.statutes, *files]


def sources(data: Path) -> Sources:
    page = data / "regulations" / "html" / "rodo.html"
    gdpr = read(page)
    assert gdpr is not None
    text = structure(Document("gdpr-text", gdpr_text(data), "RODO", lang="pl"))
    constitution = structure(
        Document("constitution", constitution_text(data), "Konstytucja Rzeczypospolitej Polskiej", lang="pl")
    )
    statutes = [structure(act) for act in acts(data)]
    recitals: Gold = {str(address_of(f"motyw {number}")): None for number in range(1, 174)}
    paths = [
        *sorted((data / "regulations" / "pdf").glob("*.pdf")),
        *sorted(path for path in (data / "regulations" / "html").glob("*.html") if path != page),
        *sorted((data / "sites").glob("*/*regulamin*.html")),
        *sorted((data / "sites").glob("*/*polityka*.html")),
        *sorted((data / "sites").glob("*/files/polityka*.pdf")),
    ]
    return Sources(
        gdpr,
        constitution,
        statutes,
        [document for path in paths if (document := read(path)) is not None],
        {
            "GDPR, HTML": [(gdpr_elements(page), gdpr)],
            "GDPR, text": [(counted(text.text) | recitals, text)],
            "Constitution": [(counted(constitution.text), constitution)],
            "60 statutes": [(counted(act.text), act) for act in statutes],
        },
    )


def measure(data: Path) -> dict[str, float]:
    """The figures of the gate, all without vectors."""
    known = sources(data)
    tallies = {name: boundaries(pairs) for name, pairs in known.gold.items()}
    right, listed = poleval(data, known.statutes)
    everything = known.regulations()
    round_trip, lossless, whole = soundness(everything)
    found = {
        "regulations articles F1": min(articles.f1 for articles, _ in tallies.values()),
        "regulations ust. pkt lit. F1": min(parts.f1 for _, parts in tallies.values()),
        "regulations articles listed": right / listed,
        "regulations round trip": round_trip,
        "regulations lossless": lossless,
        "regulations no orphan heading": whole,
    }
    found |= {f"address rank 1, {name}": share for name, (share, _, _) in searches(known, None).items()}
    return found | {"GDPR headings rank 1": heading_search(known.gdpr, data, None)}


def searches(
    known: Sources, model: Model, missed: list[str] | None = None
) -> dict[str, tuple[float, int, float]]:
    titled = [act for act in known.statutes if act.title]
    names = {known.gdpr.id: "RODO", known.constitution.id: "Konstytucji RP"}
    names |= {act.id: "ustawy " + re.sub(r"^USTAWA z dnia .{5,25}? r\. ", "", act.title) for act in titled}
    several = [known.gdpr, known.constitution, *titled]
    found = {
        "GDPR": address_search([known.gdpr], {}, embedder=model, missed=missed),
        "Constitution": address_search([known.constitution], {}, embedder=model, missed=missed),
    }
    if model is None:  # the statutes take too long to embed
        found["several acts, named"] = address_search(several, names, every=7, missed=missed)
    shops = [document for document in known.files if document.kind == "regulation"]
    each = [address_search([shop], {}, embedder=model, missed=missed) for shop in shops]
    queries = sum(count for _, count, _ in each)
    found["shop regulations"] = (
        sum(share * count for share, count, _ in each) / queries,
        queries,
        sum(spent * count for _, count, spent in each) / queries,
    )
    return found


def gaps(document: Document) -> list[str]:
    """Numbers that are missing between neighbours directly below one provision."""
    last: dict[str, int] = {}
    missing: list[str] = []
    for anchor in provisions(document):
        address = address_of(anchor.label)
        if address is None or not address.path[-1].isdigit():
            continue
        above, number = f"{address.root} {'/'.join(address.path[:-1])}", int(address.path[-1])
        if number > last.get(above, 0) + 1 and above in last:
            missing.append(f"{last[above]}–{number} in {above.strip()}")
        last[above] = number
    return missing


def shown(known: Sources) -> Table:
    table = Table("file", "kind", "provisions", "first", "last", "in force", "gaps", title="to check by hand")
    for document in known.files:
        labels = [anchor.label for anchor in provisions(document)]
        days = " – ".join(str(day or "") for day in (document.valid_from, document.valid_until))
        table.add_row(
            "/".join(Path(document.id).parts[-2:]),
            document.kind,
            str(len(labels)),
            *([labels[0], labels[-1]] if labels else ["", ""]),
            days if len(days) > 3 else "",
            ", ".join(gaps(document)),
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hybrid", action="store_true", help="search with the bundled model as well")
    parser.add_argument("--differences", action="store_true", help="print what is not as in the gold")
    options = parser.parse_args()
    data, console = folder(), Console(width=150)
    known = sources(data)
    table = Table("source", "what", "gold", "found", "right", "F1", title="boundaries")
    for name, pairs in known.gold.items():
        for what, tally in zip(("articles, recitals", "ust., pkt, lit."), boundaries(pairs), strict=True):
            table.add_row(name, what, str(tally.gold), str(tally.found), str(tally.right), f"{tally.f1:.4f}")
        if options.differences:
            for gold, document in pairs:
                console.print(*differences(gold, document), sep="\n", highlight=False)
    console.print(table)
    right, listed = poleval(data, known.statutes)
    everything = known.regulations()
    round_trip, lossless, whole = soundness(everything)
    console.print(f"PolEval's articles of these statutes: {right} of {listed}")
    console.print(f"round trip {round_trip:.4f}, lossless {lossless:.4f}, no orphan heading {whole:.4f}")
    table = Table("knowledge base", "search", "queries", "rank 1", "ms/query", title="search by address")
    models: list[Model] = [None, "bundled"] if options.hybrid else [None]
    missed: list[str] = []
    for model in models:
        for name, (share, queries, spent) in searches(known, model, missed).items():
            table.add_row(name, "hybrid" if model else "BM25", str(queries), f"{share:.4f}", f"{spent:.1f}")
        share = heading_search(known.gdpr, data, model)
        table.add_row("GDPR, headings", "hybrid" if model else "BM25", "98", f"{share:.4f}", "")
    console.print(table)
    console.print(*missed, sep="\n", highlight=False)
    console.print(shown(known))


if __name__ == "__main__":
    main()

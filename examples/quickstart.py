"""From a web site to cited answers, on a made-up company, in about a minute.

    pip install .
    python examples/quickstart.py            # a temporary knowledge base
    python examples/quickstart.py FOLDER     # one that stays: then kbassist ask "…" --kb FOLDER

The plan:

1. serve the site of the example company on this machine and crawl it over HTTP;
2. add the ready replies and, for the staff alone, the internal documents;
3. ask what customers ask, in Polish and in English, and see the quotes and the confidence;
4. see what an agent is offered while typing.

Progress goes to stderr, answers to stdout. Nothing is downloaded: the model comes with the packages.
"""

from __future__ import annotations

import sys
from tempfile import TemporaryDirectory
from textwrap import shorten

from serve_company import COMPANY, serve

from kbassist import Answer, IngestReport, KnowledgeBase, Progress

THRESHOLD = 0.4  # a question is handed over to a person below it
QUESTIONS = {
    "a row of a price table": "Jaka jest cena dostawy kurierem za pobraniem?",
    "a provision of the terms": "Ile lat trzeba mieć, żeby założyć konto w sklepie?",
    "only in a PDF": "Ile kosztuje prostowanie zęba w widłach?",
    "in English": "How long does a parcel wait in a locker?",
    "pages that disagree": "Ile mam dni na zwrot?",
    "known to nobody": "Jaki nawóz dać pod borówki?",
    "known to the staff alone": "Jaki kod daje 15% na następne zamówienie?",
}
DRAFTS = ("kiedy oddamy pieniądze za zwrot", "paczka się spóźnia, przepraszamy")


def main() -> None:
    folder = sys.argv[1] if len(sys.argv) > 1 else None
    with TemporaryDirectory() as temporary, KnowledgeBase(folder or temporary, threshold=THRESHOLD) as kb:
        if not kb.info().documents:  # a folder from an earlier run is ready
            fill(kb)
        for why, question in QUESTIONS.items():
            print(f"\n[{why}] {question}")
            show(kb.answer(question))
        print("\n[the same, asked by the staff]", QUESTIONS["known to the staff alone"])
        show(kb.answer(QUESTIONS["known to the staff alone"], audience={"public", "staff"}))
        for draft in DRAFTS:
            print(f"\n[an agent types] {draft}")
            for snippet in kb.suggest_snippets(draft, k=2):
                print(
                    f"  {snippet.kind}: {snippet.title}\n    {shorten(snippet.text, 160, placeholder=' …')}"
                )


def fill(kb: KnowledgeBase) -> None:
    """The public site, the ready replies, and what only the staff may see."""
    with serve() as url:
        report("site", kb.add_site(url, allow_private=True, delay=0, progress=tell))
    report("replies", kb.add_replies(COMPANY / "odpowiedzi.csv", progress=tell))
    report("staff", kb.add_files(COMPANY / "pracownicy", audience={"staff"}, progress=tell))


def show(answer: Answer) -> None:
    """The answer with its sources, or why it is handed over, and how sure it is."""
    print(f"  {answer.status}, {answer.confidence.probability:.0%} sure: {one_line(answer.text)}")
    for citation in answer.citations:
        page = f"page {citation.page}" if citation.page else ""
        print("    —", ", ".join(filter(None, (citation.title, citation.address, page))), citation.uri)
    for claim in answer.conflict.claims if answer.conflict else ():
        print(f"    disagrees: {claim.value} — {claim.citation.title} {claim.citation.uri}")
    if answer.conflict and answer.conflict.resolution:
        print(f"    decided by: {answer.conflict.resolution}")


def report(name: str, ingested: IngestReport) -> None:
    print(
        f"{name}: {len(ingested.added)} documents added, {len(ingested.skipped)} skipped, "
        f"{len(ingested.failed)} failed"
    )


def tell(step: Progress) -> None:
    """One line on a terminal, written over again and empty at the end."""
    if sys.stderr.isatty():
        line = "" if step.stage == "publish" else f"{step.stage} {step.done} {step.note}"[:78]
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)


def one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main()

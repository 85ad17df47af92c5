"""An ingest takes in what changed, embeds only new text, and shows all of it in one step."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from kbassist import Document, KnowledgeBase, WriterBusyError
from kbassist.catalog import Catalog
from kbassist.index.memory import MemoryIndex
from kbassist.ingest import Ingest, Vectors, fill
from kbassist.passages import passages
from kbassist.protocols import Candidate, IndexReader, ProgressCallback
from kbassist.testing import words
from kbassist.types import Failed, Gone, IngestReport, PassageFilter, Progress, Skipped, SourceItem, Unchanged

EVERYBODY = PassageFilter(audience=frozenset({"public", "staff"}))


class Base:
    """Catalog, index and embedder, and one ingest after another."""

    def __init__(self, embedder) -> None:
        self.catalog = Catalog("sqlite://")
        self.embedder = embedder
        self.index = MemoryIndex(
            analyzer=words, analysis="words-1", model=embedder.name, dimension=embedder.dimension
        )

    def reader(self):
        published = self.catalog.published()
        return None if published is None else self.index.open(published)

    def _ingest(self, progress: ProgressCallback, *, later: bool = False) -> Ingest:
        reader = self.reader()
        return Ingest(
            self.catalog,
            self.index,
            self.vectors(reader),
            lambda document: passages(document, count_tokens=self.embedder.count_tokens),
            reader=reader,
            progress=progress,
            later=later,
        )

    def vectors(self, reader: IndexReader | None) -> Vectors:
        return Vectors(self.catalog, self.embedder, reader=reader, cache=None)

    def fill(self, progress: ProgressCallback = lambda _: None) -> int:
        return fill(self.catalog, self.index, self.reader, self.vectors, progress)

    def run(
        self,
        *items: SourceItem,
        source: str = "site",
        whole: bool = False,
        later: bool = False,
        progress: ProgressCallback = lambda _: None,
    ) -> IngestReport:
        return self._ingest(progress, later=later).run(items, source, whole=whole)

    def remove(self, ids: Iterable[str]) -> IngestReport:
        return self._ingest(lambda _: None).remove(ids)

    def newly_embedded(self) -> list[str]:
        """Since it was asked last."""
        texts, self.embedder.embedded = self.embedder.embedded, []
        return texts

    def found(self, query: str, where: PassageFilter = EVERYBODY) -> list[Candidate]:
        return self.reader().search(words(query), None, where, 10)

    def shown(self) -> dict[str, str]:
        """Passage text by document id: what the index holds, which has to be what the catalog holds."""
        ids = self.catalog.passages([document.id for document in self.catalog.documents()])
        entries = self.reader().entries(list(ids))
        assert len(entries) == len(ids) == self.reader().manifest.passages
        assert self.reader().vectors(list(ids)).keys() == ids.keys() - set(self.catalog.waiting())
        return {entry.passage.document_id: entry.passage.text for entry in entries}


@pytest.fixture
def base(embedder) -> Iterator[Base]:
    made = Base(embedder)
    yield made
    made.catalog.close()


def doc(name: str, text: str, **fields) -> Document:
    return Document(name, text, title=name.upper(), **fields)


RETURNS = doc("zwroty", "Zwrot jest możliwy w ciągu 30 dni.")
DELIVERY = doc("dostawa", "Kurier kosztuje 15 zł.")
CONTACT = doc("kontakt", "Telefon 22 123 45 67.")


# --- what is taken in --------------------------------------------------------------------------


def test_added_then_unchanged_updated_and_removed(base: Base):
    assert base.run(RETURNS, DELIVERY, CONTACT, whole=True) == IngestReport(
        added=("zwroty", "dostawa", "kontakt")
    )
    assert base.newly_embedded() == [
        "ZWROTY\nZwrot jest możliwy w ciągu 30 dni.",
        "DOSTAWA\nKurier kosztuje 15 zł.",
        "KONTAKT\nTelefon 22 123 45 67.",
    ]

    dearer = replace(DELIVERY, text="Kurier kosztuje 18 zł.")
    assert base.run(doc("nowy", "Blog."), dearer, RETURNS, whole=True) == IngestReport(
        added=("nowy",), updated=("dostawa",), unchanged=("zwroty",), removed=("kontakt",)
    )
    assert base.newly_embedded() == ["NOWY\nBlog.", "DOSTAWA\nKurier kosztuje 18 zł."]
    assert base.shown() == {"zwroty": RETURNS.text, "dostawa": dearer.text, "nowy": "Blog."}
    assert base.found("telefon") == base.found("15") == []


def test_only_the_passages_that_changed_are_embedded(base: Base):
    first, second = "Akapit pierwszy. " * 120, "Akapit drugi. " * 120
    long = Document("a", f"{first.strip()}\n\n{second.strip()}")
    base.run(long)
    assert len(base.newly_embedded()) == 2
    base.run(replace(long, text=f"{first.strip()}\n\n{second.strip()} Dopisek."))
    assert base.newly_embedded() == [f"{second.strip()} Dopisek."]
    assert [hit.entry.passage.text for hit in base.found("dopisek")] == [f"{second.strip()} Dopisek."]


def test_text_moved_to_another_document_keeps_its_vector(base: Base):
    base.run(RETURNS)
    (passage_id,) = base.catalog.passages(["zwroty"])
    vector = base.reader().vectors([passage_id])[passage_id]
    base.newly_embedded()

    report = base.run(replace(RETURNS, id="pomoc/zwroty"), Gone("zwroty", "404"))
    assert (report.added, report.removed) == (("pomoc/zwroty",), ("zwroty",))
    assert base.newly_embedded() == []
    ((moved, found),) = base.reader().vectors(list(base.catalog.passages(["pomoc/zwroty"]))).items()
    assert moved != passage_id
    assert (found == vector).all()


def test_equal_texts_are_embedded_once(base: Base):
    base.run(*(Document(name, "Ten sam tekst.") for name in "abc"))
    assert base.newly_embedded() == ["Ten sam tekst."]
    assert base.shown().keys() == {"a", "b", "c"}


def test_another_audience_is_indexed_without_embedding(base: Base):
    base.run(RETURNS)
    base.newly_embedded()
    report = base.run(replace(RETURNS, audience=frozenset({"staff"})))
    assert report.updated == ("zwroty",)
    assert base.newly_embedded() == []
    assert base.found("zwrot", PassageFilter()) == []
    assert len(base.found("zwrot")) == 1


@pytest.mark.parametrize("again", [(), (RETURNS, DELIVERY), (Unchanged("zwroty"), Unchanged("dostawa"))])
def test_nothing_changed_makes_no_generation(base: Base, again: tuple[SourceItem, ...]):
    base.run(RETURNS, DELIVERY)
    before = base.catalog.generations()
    report = base.run(*again)
    assert report == IngestReport(unchanged=("zwroty", "dostawa") if again else ())
    assert base.catalog.generations() == before


def test_what_no_passage_shows_changes_the_catalog_alone(base: Base):
    base.run(RETURNS)
    before = base.catalog.generations()
    assert base.run(replace(RETURNS, owner="Anna")).updated == ("zwroty",)
    assert base.catalog.document("zwroty").owner == "Anna"
    assert base.catalog.generations() == before
    assert base.run(replace(RETURNS, owner="Anna")).unchanged == ("zwroty",)


def test_a_first_ingest_of_nothing_publishes_nothing(base: Base):
    report = base.run(Failed("https://a", "timed out"), Skipped("https://b", "robots.txt"), whole=True)
    assert report == IngestReport(
        failed=(("https://a", "timed out"),), skipped=(("https://b", "robots.txt"),)
    )
    assert base.catalog.published() is None


# --- what goes ---------------------------------------------------------------------------------


def test_a_known_document_that_fails_stays(base: Base):
    base.run(RETURNS, DELIVERY, whole=True)
    report = base.run(Failed("zwroty", "500"), Failed("nowy", "timed out"), whole=True)
    assert report == IngestReport(removed=("dostawa",), failed=(("zwroty", "500"), ("nowy", "timed out")))
    assert base.shown() == {"zwroty": RETURNS.text}


@pytest.mark.parametrize("whole", [True, False])
def test_gone_removes_once_and_only_what_is_known(base: Base, whole: bool):
    base.run(RETURNS, DELIVERY, whole=True)
    items = (Unchanged("dostawa"), Gone("zwroty", "404"), Gone("zwroty", "410"), Gone("never", "404"))
    report = base.run(*items, whole=whole)
    assert report == IngestReport(unchanged=("dostawa",), removed=("zwroty",))
    assert base.shown() == {"dostawa": DELIVERY.text}


def test_a_document_that_was_read_is_not_gone(base: Base):
    base.run(RETURNS, DELIVERY)
    report = base.run(Gone("zwroty", "404"), replace(RETURNS, topic="zwroty"), Gone("zwroty", "404"))
    assert report == IngestReport(updated=("zwroty",))
    assert base.shown() == {"zwroty": RETURNS.text, "dostawa": DELIVERY.text}


def test_whole_is_whole_of_its_own_source(base: Base):
    base.run(RETURNS, source="site", whole=True)
    base.run(DELIVERY, source="files", whole=True)
    base.run(CONTACT, source="documents")
    assert base.run(source="files", whole=True).removed == ("dostawa",)
    assert base.run(source="documents").removed == ()
    assert base.shown().keys() == {"zwroty", "kontakt"}


def test_a_document_that_lost_its_text_is_removed_and_named(base: Base):
    base.run(RETURNS, DELIVERY, whole=True)
    report = base.run(replace(RETURNS, text=" \n "), doc("pusty", "***"), DELIVERY, whole=True)
    assert report == IngestReport(
        unchanged=("dostawa",),
        removed=("zwroty",),
        skipped=(("zwroty", "no text to search"), ("pusty", "no text to search")),
    )
    assert base.shown() == {"dostawa": DELIVERY.text}


def test_of_two_documents_with_one_id_the_first_counts(base: Base):
    report = base.run(RETURNS, replace(RETURNS, text="Inny tekst."))
    assert report.added == ("zwroty",)
    assert report.skipped == (("zwroty", "another document of this run has the same id"),)
    assert base.shown() == {"zwroty": RETURNS.text}


def test_remove_takes_each_known_document_once(base: Base):
    base.run(RETURNS, DELIVERY)
    assert base.remove(["never"]) == base.remove([]) == IngestReport()
    assert base.remove(["zwroty", "never", "zwroty"]) == IngestReport(removed=("zwroty",))
    assert base.shown() == {"dostawa": DELIVERY.text}
    assert base.remove(["dostawa"]).removed == ("dostawa",)
    assert base.reader().manifest.passages == base.catalog.document_count() == 0
    assert base.run(RETURNS).added == ("zwroty",)


def test_the_generation_before_stays_and_older_ones_go(base: Base):
    for number in range(4):
        base.run(doc("a", f"Wersja {number}."))
    assert base.catalog.generations() == ["gen-000004", "gen-000003"]
    (entry,) = base.index.open("gen-000003").entries(list(base.index.open("gen-000003").rows()))
    assert entry.passage.text == "Wersja 2."


# --- what is said on the way -------------------------------------------------------------------


def test_progress_counts_items_then_texts_then_publishes(base: Base):
    steps: list[Progress] = []
    base.run(RETURNS, Skipped("x", "robots.txt"), DELIVERY, progress=steps.append)
    assert steps == [
        Progress("read", 1, None, "zwroty"),
        Progress("read", 2, None, "x"),
        Progress("read", 3, None, "dostawa"),
        Progress("embed", 0, 2),
        Progress("embed", 2, 2),
        Progress("publish", 0, 1),
        Progress("publish", 1, 1, "gen-000001"),
    ]


def test_the_next_documents_are_read_while_texts_are_embedded(base: Base, monkeypatch: pytest.MonkeyPatch):
    embedding = Event()
    embed = base.embedder.embed_passages
    monkeypatch.setattr(base.embedder, "embed_passages", lambda texts: (embedding.set(), embed(texts))[1])

    def items() -> Iterator[SourceItem]:
        yield from MANY
        assert embedding.wait(60)
        yield RETURNS

    assert len(base._ingest(lambda _: None).run(items(), "site", whole=False).added) == 301


def test_an_embedder_that_fails_publishes_nothing(base: Base, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(base.embedder, "embed_passages", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        base.run(*MANY)
    assert base.catalog.published() is None


# --- what is interrupted -----------------------------------------------------------------------

MANY = [Document(f"d{number:03d}", f"Dokument numer {number} o zwrotach.") for number in range(300)]


def stop_at(stage: str, done: int) -> Callable[[Progress], None]:
    def check(step: Progress) -> None:
        if (step.stage, step.done) == (stage, done):
            raise KeyboardInterrupt

    return check


@pytest.mark.parametrize(
    ("stage", "done", "kept"),
    [("read", 200, 0), ("embed", 64, 64), ("embed", 256, 256), ("publish", 0, 300)],
)
def test_an_interruption_publishes_nothing_and_the_next_run_embeds_the_rest(
    base: Base, stage: str, done: int, kept: int
):
    """The texts embedded ahead of what was told are kept too."""
    base.run(RETURNS)
    before = (base.catalog.generations(), base.shown())
    base.newly_embedded()

    with pytest.raises(KeyboardInterrupt):
        base.run(*MANY, Gone("zwroty", "404"), progress=stop_at(stage, done))
    assert (base.catalog.generations(), base.shown()) == before
    first = base.newly_embedded()
    assert len(first) >= kept

    report = base.run(*MANY, Gone("zwroty", "404"))
    assert (len(report.added), report.removed) == (300, ("zwroty",))
    assert first + base.newly_embedded() == [document.text for document in MANY]
    assert base.shown().keys() == {document.id for document in MANY}


def test_an_interruption_leaves_nothing_unfinished_on_the_disk(tmp_path: Path, embedder):
    with KnowledgeBase(tmp_path / "kb", embedder=embedder) as kb:
        with pytest.raises(KeyboardInterrupt):
            kb.add([RETURNS], progress=stop_at("embed", 1))
        assert generations(tmp_path / "kb") == []
        assert kb.search("zwrot") == []


def test_a_source_that_breaks_in_the_middle_publishes_nothing(base: Base):
    def items() -> Iterator[SourceItem]:
        yield RETURNS
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        base.run(*items())
    assert base.catalog.published() is None
    assert base.run(RETURNS).added == ("zwroty",)


# --- other processes ---------------------------------------------------------------------------

PRELUDE = """
import sys
from kbassist import Document, KnowledgeBase
from kbassist.testing import HashEmbedder

def say(line):
    print(line, flush=True)

def hear():
    return sys.stdin.readline().strip()

kb = KnowledgeBase(sys.argv[1], embedder=HashEmbedder())
"""


@contextmanager
def other_process(program: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    """Runs `program` with `say`, `hear` and `kb`; whatever happens here, it ends with the block."""
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PRELUDE + program, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def hear(process: subprocess.Popen[str]) -> str:
    return process.stdout.readline().strip()


def say(process: subprocess.Popen[str], line: str) -> None:
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


WRITE_AND_WAIT = """
def wait_in_the_middle(step):
    if (step.stage, step.done) == ("embed", 128):
        say("embedded 128")
        hear()

documents = [Document(f"d{n:03d}", f"Dokument numer {n} o zwrotach.") for n in range(300)]
kb.add(documents, progress=wait_in_the_middle)
say("published")
"""


def generations(path: Path) -> list[str]:
    return sorted(item.name for item in (path / "index").iterdir())


def test_kill_in_the_middle_leaves_what_was_published_and_the_next_run_finishes(tmp_path: Path, embedder):
    path = tmp_path / "kb"
    with KnowledgeBase(path, embedder=embedder) as kb:
        kb.add([RETURNS])
    embedder.embedded.clear()

    with other_process(WRITE_AND_WAIT, path) as writer:
        assert hear(writer) == "embedded 128"
        writer.send_signal(signal.SIGKILL)
        assert writer.wait() == -signal.SIGKILL
    assert generations(path) == ["gen-000001", "gen-000002"]  # the second one is what the killed one left

    with KnowledgeBase(path, embedder=embedder) as kb:
        assert kb.info().generation == "gen-000001"
        assert kb.info().documents == kb.info().passages == 1
        assert [hit.passage.text for hit in kb.search("dokument o zwrotach")] == [RETURNS.text]

        report = kb.add(MANY)
        assert len(report.added) == 300
        assert len(embedder.embedded) <= 300 - 128
        assert embedder.embedded == [document.text for document in MANY][300 - len(embedder.embedded) :]
        assert kb.info().passages == 301
        assert generations(path) == sorted({"gen-000001", kb.info().generation})


def test_a_second_writer_is_told_that_another_one_writes(tmp_path: Path, embedder):
    path = tmp_path / "kb"
    with KnowledgeBase(path, embedder=embedder) as kb, other_process(WRITE_AND_WAIT, path) as writer:
        assert hear(writer) == "embedded 128"
        for write in (lambda: kb.add([RETURNS]), lambda: kb.remove(["zwroty"])):
            with pytest.raises(WriterBusyError, match=r"writing to the knowledge base .*kb: wait until"):
                write()
        assert kb.search("dokument") == []  # reading goes on

        say(writer, "go on")
        assert hear(writer) == "published"
        assert writer.wait() == 0
        assert kb.add([RETURNS]).added == ("zwroty",)
        assert kb.info().documents == 301


@pytest.mark.parametrize("place", [":memory:", "folder"])
def test_a_second_writer_in_the_same_process(place: str, tmp_path: Path, embedder):
    with KnowledgeBase(":memory:" if place == ":memory:" else tmp_path / "kb", embedder=embedder) as kb:
        errors: list[WriterBusyError] = []

        def write_too(step: Progress) -> None:
            if step == Progress("embed", 1, 1):
                with pytest.raises(WriterBusyError) as caught:
                    kb.add([DELIVERY])
                errors.append(caught.value)

        kb.add([RETURNS], progress=write_too)
        assert len(errors) == 1
        assert kb.add([DELIVERY]).added == ("dostawa",)


READ_UNTIL_THE_LAST = """
import time

say("ready")
seen = []
limit = time.monotonic() + 60
while time.monotonic() < limit:
    texts = {hit.passage.text for hit in kb.search("dokument wersja", k=50)}
    versions = {text.rpartition(" ")[2] for text in texts}
    state = f"{len(texts)} of {','.join(sorted(versions))}"
    if state not in seen:
        seen.append(state)
        say(state)
    if versions == {"2"}:
        break
"""


def version(number: int) -> list[Document]:
    return [Document(f"d{n}", f"Dokument {n}, wersja {number}") for n in range(20)]


def test_a_reader_in_another_process_moves_on_and_never_sees_half(tmp_path: Path, embedder):
    path = tmp_path / "kb"
    with KnowledgeBase(path, embedder=embedder) as kb:
        kb.add(version(0))
        with other_process(READ_UNTIL_THE_LAST, path) as reader:
            assert [hear(reader), hear(reader)] == ["ready", "20 of 0"]
            for number in (1, 2):  # it searches all the while
                kb.add(version(number))
                assert hear(reader) == f"20 of {number}"
            assert reader.wait() == 0

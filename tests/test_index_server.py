"""The door to a Qdrant server: what goes wrong on the way."""

from __future__ import annotations

import socket

import pytest
from qdrant_client import QdrantClient, models

from kbassist.errors import KnowledgeBaseError
from kbassist.index.records import LAYOUT
from kbassist.index.server import ServerIndex
from kbassist.testing import HashEmbedder, make_entry, words
from kbassist.types import PassageFilter

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning")
EMBEDDER = HashEmbedder(16)


def new_index(server: str | QdrantClient, collection: str = "shop") -> ServerIndex:
    return ServerIndex(
        server,
        analyzer=words,
        analysis="1",
        model=EMBEDDER.name,
        dimension=EMBEDDER.dimension,
        collection=collection,
    )


def seal(index: ServerIndex, base: str | None, passage_id: str, text: str) -> str:
    writer = index.begin(base)
    writer.upsert([make_entry(passage_id, text)], EMBEDDER.embed_passages([text]))
    return writer.seal().generation


def test_server_that_is_down_is_an_error_with_the_cure():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        index = new_index(f"http://127.0.0.1:{free.getsockname()[1]}")
    for act in (lambda: index.open("gen-000001"), lambda: index.begin(None), lambda: index.prune([])):
        with pytest.raises(KnowledgeBaseError, match="See that it runs"):
            act()
    index.close()


def test_client_that_was_given_stays_open():
    client = QdrantClient(":memory:")
    generation = seal(new_index(client), None, "a1", "zwrot")
    new_index(client).close()
    assert new_index(client).open(generation).count(PassageFilter()) == 1
    client.close()


def test_knowledge_bases_share_a_server():
    client = QdrantClient(":memory:")
    client.create_collection("shop-gen-old", vectors_config={})
    shop, bank = new_index(client), new_index(client, "shop-gen-bank")
    ours, theirs = seal(shop, None, "a1", "zwrot"), seal(bank, None, "b1", "kredyt")
    assert seal(shop, ours, "a2", "zwrot") == "gen-000002"
    shop.prune([])
    with pytest.raises(KnowledgeBaseError, match="never finished"):
        shop.open(ours)
    assert [entry.passage.id for entry in bank.open(theirs).entries(["a1", "b1"])] == ["b1"]
    assert client.collection_exists("shop-gen-old")
    client.close()


def test_reader_of_a_pruned_generation_says_so():
    client = QdrantClient(":memory:")
    index = new_index(client)
    reader = index.open(seal(index, None, "a1", "zwrot"))
    index.prune([])
    with pytest.raises(KnowledgeBaseError, match="ingest again"):
        reader.search(["zwrot"], None, PassageFilter(), 5)
    client.close()


@pytest.mark.parametrize("payload", [{}, {"manifest": {}, "terms": ""}, {"manifest": 1, "terms": "!"}])
def test_damaged_manifest_is_an_error_with_the_cure(payload):
    client = QdrantClient(":memory:")
    index = new_index(client)
    generation = seal(index, None, "a1", "zwrot")
    client.upsert(
        "shop-generations", [models.PointStruct(id=1, vector={}, payload={"layout": LAYOUT, **payload})]
    )
    with pytest.raises(KnowledgeBaseError, match=r"damaged.*ingest again"):
        index.open(generation)
    client.close()

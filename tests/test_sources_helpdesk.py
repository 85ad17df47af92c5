"""Exports of helpdesks: shapes as the public documentation of the Zendesk and Freshdesk APIs gives them."""

import json
from datetime import UTC, datetime

import pytest

from kbassist import KnowledgeBase
from kbassist.errors import SourceError
from kbassist.sources.files import FileSource
from kbassist.sources.replies import ReplySource
from kbassist.types import Document, Failed, Skipped, Unchanged


def written(tmp_path, value, name="export.json"):
    path = tmp_path / name
    path.write_text(
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), encoding="utf-8"
    )
    return path


def articles(path, **options):
    return list(FileSource(path, **options).read())


def replies(path):
    return list(ReplySource(path).read())


# --- Zendesk Guide --------------------------------------------------------------------------------

ARTICLE = {
    "id": 360001234,
    "url": "https://sklep.zendesk.com/api/v2/help_center/pl/articles/360001234.json",
    "html_url": "https://sklep.zendesk.com/hc/pl/articles/360001234-Zwroty",
    "author_id": 3465,
    "comments_disabled": True,
    "draft": False,
    "promoted": False,
    "position": 0,
    "vote_sum": 3,
    "section_id": 98838,
    "created_at": "2025-01-02T03:04:05Z",
    "updated_at": "2026-05-06T07:08:09Z",
    "edited_at": "2026-02-03T04:05:06Z",
    "name": "Zwroty",
    "title": "Zwroty i wymiany",
    "source_locale": "pl",
    "locale": "pl",
    "outdated": False,
    "outdated_locales": [],
    "user_segment_id": None,
    "permission_group_id": 123,
    "content_tag_ids": [],
    "label_names": ["zwrot", "wymiana"],
    "body": '<p>Na zwrot masz <b>30 dni</b>.</p><h2 id="h_1">Wymiana</h2>'
    "<ol><li>Napisz.</li><li>Wyślij.</li></ol>",
}
EXPORT = {
    "count": 1,
    "next_page": None,
    "articles": [ARTICLE],
    "sections": [
        {"id": 98838, "name": "Po zakupie", "category_id": 5, "locale": "pl", "html_url": "https://x.example"}
    ],
    "categories": [{"id": 5, "name": "Pomoc", "locale": "pl"}],
}


def test_an_article(tmp_path):
    path = written(tmp_path, EXPORT)
    (document,) = articles(path)
    assert (document.id, document.uri) == (f"{path.as_posix()}#pl/360001234", ARTICLE["html_url"])
    assert (document.title, document.lang, document.kind) == ("Zwroty i wymiany", "pl", "page")
    assert document.text == "Na zwrot masz 30 dni.\n\nWymiana\n\n1. Napisz.\n2. Wyślij."
    assert [(anchor.label, anchor.fragment) for anchor in document.anchors] == [("Wymiana", "h_1")]
    assert document.modified_at == datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert (document.topic, document.meta["category"]) == ("Po zakupie", "Pomoc")
    assert document.meta["labels"] == ["zwrot", "wymiana"]
    assert (document.audience, document.status) == (frozenset({"public"}), "approved")


@pytest.mark.parametrize(
    "value",
    [
        [ARTICLE],
        {"article": ARTICLE},
        [{"articles": [ARTICLE]}, {"articles": []}],
        json.dumps(ARTICLE) + "\n" + json.dumps({**ARTICLE, "id": 2}) + "\n",
        json.dumps({"articles": [ARTICLE]}) + "\n\n" + json.dumps({"articles": [{**ARTICLE, "id": 2}]}),
        "\ufeff" + json.dumps(EXPORT, indent=2),
    ],
)
def test_answers_may_be_put_together_in_any_way(tmp_path, value):
    documents = articles(written(tmp_path, value))
    assert [document.title for document in documents] == ["Zwroty i wymiany"] * len(documents)
    assert len({document.id for document in documents}) == (
        2 if isinstance(value, str) and "\n{" in value else 1
    )


@pytest.mark.parametrize(
    ("fields", "name", "told"),
    [
        ({"draft": True}, "status", "draft"),
        ({"user_segment_id": 77}, "audience", frozenset({"segment:77"})),
        ({"user_segment_ids": [7, 8]}, "audience", frozenset({"segment:7", "segment:8"})),
        ({"locale": "en-us"}, "lang", "en"),
        ({"title": None}, "title", "Zwroty"),
        ({"edited_at": None, "updated_at": "?"}, "modified_at", datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ({"section_id": 1}, "topic", None),
        ({"body": "<h2>Ile trwa zwrot?</h2><p>3 dni.</p><h2>Kto płaci?</h2><p>My.</p>"}, "kind", "faq"),
    ],
)
def test_what_the_fields_mean(tmp_path, fields, name, told):
    (document,) = articles(written(tmp_path, {**EXPORT, "articles": [{**ARTICLE, **fields}]}))
    assert getattr(document, name) == told


def test_the_same_article_in_two_languages_is_two_documents(tmp_path):
    english = {**ARTICLE, "locale": "en-us", "title": "Returns", "body": "<p>30 days.</p>"}
    ids = [document.id.partition("#")[2] for document in articles(written(tmp_path, [ARTICLE, english]))]
    assert ids == ["pl/360001234", "en-us/360001234"]


def test_an_article_without_text_is_named(tmp_path):
    items = articles(written(tmp_path, [ARTICLE, {**ARTICLE, "id": 2, "body": None}]))
    assert [type(item) for item in items] == [Document, Skipped]
    assert items[1].reason == "the article has no text (Zwroty i wymiany)"


def test_a_segment_keeps_its_articles_to_itself(tmp_path):
    path = written(
        tmp_path, [ARTICLE, {**ARTICLE, "id": 2, "body": "<p>Kod WIOSNA.</p>", "user_segment_id": 9}]
    )
    with KnowledgeBase(":memory:", embedder=None) as kb:
        kb.add_files(path)
        assert kb.search("kod WIOSNA") == []
        assert [hit.passage.text for hit in kb.search("kod WIOSNA", audience={"segment:9"})] == [
            "Kod WIOSNA."
        ]


def test_an_export_is_brought_up_to_date_article_by_article(tmp_path):
    second = {**ARTICLE, "id": 2, "title": "Dostawa", "body": "<p>Kurier jedzie dwa dni.</p>"}
    path = written(tmp_path, [ARTICLE, second])
    first_id, second_id = (f"{path.as_posix()}#pl/{number}" for number in (360001234, 2))
    with KnowledgeBase(":memory:", embedder=None) as kb:
        assert kb.add_files(path).added == (first_id, second_id)
        assert kb.add_files(path).unchanged == (first_id, second_id)
        voted = {**ARTICLE, "vote_sum": 4, "updated_at": "2026-11-01T00:00:00Z"}
        written(tmp_path, [voted, {**second, "body": "<p>Kurier jedzie trzy dni.</p>"}])
        report = kb.add_files(path)
        assert (report.updated, report.unchanged) == ((second_id,), (first_id,))
        assert "trzy" in kb.search("ile jedzie kurier")[0].passage.text
        written(tmp_path, [ARTICLE])
        assert kb.add_files(path).removed == (second_id,)


def test_an_export_that_breaks_loses_nothing(tmp_path):
    path = written(tmp_path, [ARTICLE])
    known = {document.id: document.meta["content_hash"] for document in articles(path)}
    written(tmp_path, json.dumps([ARTICLE])[:-20])
    (tmp_path / "inny.txt").write_text("Tekst.", encoding="utf-8")
    items = articles(tmp_path, known=known)
    assert [type(item) for item in items] == [Failed, Unchanged, Document]
    assert items[0].ref == path.as_posix()
    assert "not JSON, or cut short" in items[0].reason
    assert items[1].document_id in known


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"a": 1}, "JSON, but no articles exported from Zendesk Guide"),
        ({"macros": [{"title": "a", "actions": []}]}, "ready replies: add them with add_replies"),
        ("[" * 100_000, "nested too deep"),
        ("{'a': 1}", "not JSON, or cut short"),
        ('{"a": 1}\n{"b": 2}\n{"c": ', "line 3: not JSON"),
    ],
)
def test_other_json_is_told_apart(tmp_path, value, reason):
    with pytest.raises(SourceError, match=reason):
        articles(written(tmp_path, value))


# --- Zendesk macros -------------------------------------------------------------------------------

MACRO = {
    "url": "https://sklep.zendesk.com/api/v2/macros/25.json",
    "id": 25,
    "title": "Zwroty::Bez paragonu",
    "active": True,
    "updated_at": "2026-03-04T05:06:07Z",
    "created_at": "2025-03-04T05:06:07Z",
    "default": False,
    "position": 42,
    "description": None,
    "actions": [
        {"field": "status", "value": "solved"},
        {
            "field": "comment_value_html",
            "value": "<p>Dzień dobry {{ticket.requester.first_name}},</p><p>zwrot <b>bez paragonu</b>:</p>"
            "<ul><li>numer {{ticket.id}}</li><li>{{dc.podpis}}</li></ul>"
            "<footer>Pozdrawiamy<br>Sklep</footer>",
        },
        {"field": "current_tags", "value": "zwrot"},
    ],
    "restriction": None,
}


def test_a_macro(tmp_path):
    (reply,) = replies(written(tmp_path, {"macros": [MACRO], "next_page": None, "count": 1}))
    assert (reply.id, reply.kind, reply.title) == ("reply:25", "reply", "Zwroty / Bez paragonu")
    assert reply.text == (
        "Dzień dobry {{ticket.requester.first_name}},\n\nzwrot bez paragonu:\n\n"
        "- numer {{ticket.id}}\n- {{dc.podpis}}\n\nPozdrawiamy\nSklep"
    )
    assert (reply.topic, reply.audience) == ("Zwroty", frozenset({"public"}))
    assert reply.modified_at == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def acting(*actions, **fields):
    return {**MACRO, "actions": [{"field": name, "value": value} for name, value in actions], **fields}


@pytest.mark.parametrize(
    ("macro", "text"),
    [
        (acting(("comment_value", "Dzień dobry,\r\njuż wysłane.")), "Dzień dobry,\njuż wysłane."),
        (acting(("comment_value", ["channel:all", "Już <wysłane>."])), "Już <wysłane>."),
        (acting(("comment_value", ["channel:web", "A"]), ("comment_value", ["channel:chat", "B"])), "A"),
        (acting(("comment_value", "tekst"), ("comment_value_html", "<p>html</p>")), "html"),
        (acting(("comment_mode_is_public", "true"), ("comment_value", "A")), "A"),
    ],
)
def test_what_a_macro_writes(tmp_path, macro, text):
    (reply,) = replies(written(tmp_path, [macro]))
    assert reply.text == text


@pytest.mark.parametrize(
    ("restriction", "audience"),
    [
        ({"type": "Group", "id": 4, "ids": [4, 5]}, {"group:4", "group:5"}),
        ({"type": "User", "id": 9}, {"user:9"}),
        ({"type": "Organization"}, {"organization"}),
    ],
)
def test_who_may_use_a_macro(tmp_path, restriction, audience):
    (reply,) = replies(written(tmp_path, [{**MACRO, "restriction": restriction}]))
    assert reply.audience == audience


def test_macros_that_are_no_replies_are_named(tmp_path):
    macros = [
        MACRO,
        {**MACRO, "id": 1, "title": "Stare", "active": False},
        acting(("status", "solved"), title="Zamknij"),
        acting(("comment_mode_is_public", False), ("comment_value", "do zespołu"), title="Notatka"),
        {**MACRO, "title": "Dwa razy"},
    ]
    path = written(tmp_path, {"macros": macros})
    items = replies(path)
    assert [(item.ref.partition(", ")[2], item.reason) for item in items[1:]] == [
        ("macro Stare", "inactive"),
        ("macro Zamknij", "writes no text"),
        ("macro Notatka", "writes a note that customers do not see"),
        ("macro Dwa razy", "the same id (reply:25) as one before it"),
    ]
    assert [type(item) for item in items] == [Document, Skipped, Skipped, Skipped, Failed]


# --- Freshdesk canned responses -------------------------------------------------------------------

RESPONSE = {
    "id": 7,
    "title": "Opóźnienie",
    "folder_id": 3,
    "content": "Przepraszamy, {{ticket.requester.name}}.",
    "content_html": "<div>Przepraszamy, {{ticket.requester.name}}.<br>Paczka <i>w drodze</i>.</div>",
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-02T00:00:00Z",
    "attachments": [],
}
FOLDER = {"id": 3, "name": "Dostawa", "personal": False, "responses_count": 1}


@pytest.mark.parametrize(
    ("value", "topic"),
    [
        ([RESPONSE], None),
        ([{**FOLDER, "responses": [RESPONSE]}], "Dostawa"),
        ({**FOLDER, "responses": [{**RESPONSE, "folder_id": 3}]}, "Dostawa"),
        (
            {**FOLDER, "responses": [{name: RESPONSE[name] for name in ("id", "title", "content_html")}]},
            "Dostawa",
        ),
        ({"folders": [FOLDER], "canned_responses": [RESPONSE]}, "Dostawa"),
        ([{"canned_response": RESPONSE}], None),
    ],
)
def test_canned_responses(tmp_path, value, topic):
    reply = replies(written(tmp_path, value))[-1]
    assert (reply.id, reply.title, reply.topic) == ("reply:7", "Opóźnienie", topic)
    assert reply.text == "Przepraszamy, {{ticket.requester.name}}.\nPaczka w drodze."


def test_a_canned_response_without_html_and_one_without_text(tmp_path):
    items = replies(
        written(tmp_path, [{**RESPONSE, "content_html": ""}, {"id": 8, "title": "Pusta", "content": None}])
    )
    assert items[0].text == RESPONSE["content"]
    assert items[1] == Skipped(items[1].ref, "has no text")


def test_json_without_replies_is_told_apart(tmp_path):
    with pytest.raises(SourceError, match="help-centre articles: add them with add_files"):
        replies(written(tmp_path, [ARTICLE]))
    with pytest.raises(SourceError, match="no ready replies in it; needed: Zendesk macros or Freshdesk"):
        replies(written(tmp_path, {"tickets": [{"id": 1}]}))


def test_replies_from_an_export_are_suggested_and_go_with_it(tmp_path):
    invoice = acting(("comment_value", "Faktura jest w koncie."), id=26, title="Faktura")
    path = written(tmp_path, {"macros": [MACRO, invoice]})
    with KnowledgeBase(":memory:", embedder=None) as kb:
        assert kb.add_replies(path).added == ("reply:25", "reply:26")
        assert kb.suggest_snippets("zwrot bez paragonu")[0].text.startswith("Dzień dobry {{ticket")
        written(tmp_path, {"macros": [{**MACRO, "active": False}, {**MACRO, "id": 26}]})
        assert kb.add_replies(path).removed == ("reply:25",)

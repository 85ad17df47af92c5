import json

import pytest

from kbassist.errors import InvalidArgumentError
from kbassist.evaluation import load_corpus, load_qrels, load_queries, load_unanswerable


def write(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def test_the_common_form_is_read(tmp_path):
    write(
        tmp_path / "corpus.jsonl",
        [{"id": "d1", "title": "Zwroty", "text": "30 dni.", "lang": "pl"}, {"id": "d2", "text": "x"}],
    )
    write(tmp_path / "queries.jsonl", [{"id": "q1", "text": "Ile?", "answers": ["30 dni"], "src": "a"}])
    write(tmp_path / "unanswerable.jsonl", [{"id": "q2", "text": "Kto?", "about_passage": "d1"}])
    (tmp_path / "qrels.tsv").write_text("q1\td1\t2\nq1\td2\t0\n\n", encoding="utf-8")

    first, second = load_corpus(tmp_path)
    assert (first.id, first.title, first.text, first.lang) == ("d1", "Zwroty", "30 dni.", "pl")
    assert (second.title, second.lang) == ("", None)
    (query,) = load_queries(tmp_path)
    assert (query.id, query.text, query.answers, query.meta) == ("q1", "Ile?", ("30 dni",), {"src": "a"})
    assert [q.meta for q in load_unanswerable(tmp_path)] == [{"about_passage": "d1"}]
    assert load_qrels(tmp_path) == {"q1": {"d1": 2, "d2": 0}}


def test_the_corpus_is_streamed(tmp_path):
    (tmp_path / "corpus.jsonl").write_text('{"id": "d1", "text": "x"}\nnot json\n', encoding="utf-8")
    stream = load_corpus(tmp_path)
    assert next(stream).id == "d1"
    with pytest.raises(InvalidArgumentError, match=r"corpus\.jsonl, line 2: not JSON"):
        next(stream)


@pytest.mark.parametrize(
    ("name", "content", "read", "complaint"),
    [
        ("queries.jsonl", b'{"id": "q"}\n', load_queries, "line 1: `text` is missing"),
        ("queries.jsonl", b'{"id": 5, "text": "x"}\n', load_queries, "`id` is missing or not text"),
        ("queries.jsonl", b'{"id": "q", "text": "x", "answers": "y"}', load_queries, "list of strings"),
        ("queries.jsonl", b"[1]\n", load_queries, "one JSON object a line"),
        ("queries.jsonl", b"\xff\xfe\n", load_queries, "UTF-8"),
        ("qrels.tsv", b"q d 1\n", load_qrels, "line 1: expected query, document"),
        ("qrels.tsv", b"q\td\tgood\n", load_qrels, "whole grade"),
    ],
)
def test_a_broken_line_is_named(tmp_path, name, content, read, complaint):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidArgumentError, match=complaint):
        read(tmp_path)


def test_a_missing_file_is_named_with_what_belongs_there(tmp_path):
    with pytest.raises(InvalidArgumentError, match=r"corpus\.jsonl does not exist: give a folder"):
        next(load_corpus(tmp_path))

"""Cut and changed files of the tests' writer and of the example company are read or refused."""

import random
import time
from contextlib import suppress
from itertools import pairwise

import pytest
from conftest import EXAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_writer import grid, paragraph, write_pdf

from kbassist.errors import SourceError
from kbassist.sources.pdf import read_pdf

LONG = "Zwrot towaru jest możliwy w ciągu czternastu dni od odbioru przesyłki przez klienta bez powodu."
WHOLE = write_pdf(
    [
        [
            *paragraph(LONG, 50, 780),
            (54, 700, 10, "Kurier"),
            (154, 700, 10, "14,99 zł"),
            (54, 680, 10, "Poczta"),
        ],
        paragraph(LONG, 50, 700),
    ],
    outline=[("Zwrot", 1)],
    rules=grid((50, 150, 250), (716, 696, 676)),
    fields=[("name", "Jan", 60, 500, 200, 520)],
)
FORM = write_pdf(
    [paragraph(LONG, 50, 700)],
    xfa=[("template", "<template><draw><value><text>Wzór</text></value></draw></template>")],
)
COMPANY = sorted((EXAMPLES / "company").rglob("*.pdf"))
SECONDS = 10.0


def check(data):
    begun = time.monotonic()
    with suppress(SourceError):
        document = read_pdf(data, uri="a.pdf")
        assert document.text.strip()
        assert all(0 <= anchor.start < len(document.text) for anchor in document.anchors)
        assert all(first.start <= second.start for first, second in pairwise(document.anchors))
    assert time.monotonic() - begun < SECONDS


@settings(max_examples=120)
@given(data=st.data(), whole=st.sampled_from([WHOLE, FORM]))
def test_a_changed_file_is_read_or_refused(data, whole):
    cut = data.draw(st.integers(1, len(whole)))
    place = st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255))
    changed = bytearray(whole)
    for position, value in data.draw(st.lists(place, max_size=8)):
        changed[position] = value
    check(bytes(changed[:cut]))


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6))
def test_numbers_out_of_range_are_read_or_refused(seed):
    chance = random.Random(seed)
    words = WHOLE.split(b" ")
    for _ in range(4):
        at = chance.randrange(len(words))
        words[at] = chance.choice([b"-1", b"1e38", b"99999999999", b"0", b"[", b"<<", b"/F", b"2 0 R"])
    check(b" ".join(words))


@pytest.mark.parametrize("path", COMPANY, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(12))
def test_a_real_file_cut_and_changed_is_read_or_refused(path, seed):
    chance = random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice([0, 1, 10, 100, 1000])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    check(bytes(data[: chance.randrange(1, len(data) + 1)] if seed % 2 else data))


def test_two_real_files_were_changed():
    assert len(COMPANY) == 2

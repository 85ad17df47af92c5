import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.text.acts import act_named
from kbassist.text.addresses import Address, address_of, canonical, parse_addresses, steps_of
from kbassist.text.ordinals import ordinal, roman


def found(text):
    return [str(mention.address) for mention in parse_addresses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("art 27 ust 2 pkt 3", "art 27/2/3"),
        ("Art. 27 ust. 2 pkt 3", "art 27/2/3"),
        ("art.27 ust.2 pkt.3", "art 27/2/3"),
        ("w artykule 27 ustęp 2", "art 27/2"),
        ("artykułu 27 ustępu 2", "art 27/2"),
        ("artykul 27 ustep 2", "art 27/2"),
        ("ust. 2 art. 27", "art 27/2"),
        ("ustęp 2 w artykule 27", "art 27/2"),
        ("art. 6 ust. 1 lit. f", "art 6/1/f"),
        ("Art.6 ust.1 lit.f RODO", "art 6/1/f"),
        ("art. 6 ust. 1 litera f)", "art 6/1/f"),
        ("Article 6(1)(f)", "art 6/1/f"),
        ("article 6 (1) (f) GDPR", "art 6/1/f"),
        ("Article 6.1.f", "art 6/1/f"),
        ("point (f) of Article 6(1)", "art 6/1/f"),
        ("point (f) of paragraph 1 of Article 6", "art 6/1/f"),
        ("paragraph 2 of Article 5", "art 5/2"),
        ("§ 5", "§ 5"),
        ("par 5", "§ 5"),
        ("paragraf 5", "§ 5"),
        ("paragrafie piątym", "§ 5"),
        ("wg § 5?", "§ 5"),
        ("par. 5 pkt 2", "§ 5/2"),
        ("§5.2", "§ 5/2"),
        ("§ 5 ust. 2", "§ 5/2"),
        ("§5ust.2pkt3", "§ 5/2/3"),
        ("§ 5 ust. 2 punkt a", "§ 5/2/a"),
        ("§ 5 pkt b) regulaminu", "§ 5/b"),
        ("§ 7 ust. 2 pkt 3 lit. b tiret drugie", "§ 7/2/3/b/–2"),
        ("art. 33a § 1", "art 33a/1"),
        ("art. 22¹", "art 22^1"),
        ("art 22^1", "art 22^1"),
        ("art. 22{1}", "art 22^1"),
        ("art. 22[1] ust. 3", "art 22^1/3"),
        ("art. 22¹a", "art 22^1a"),
        ("pkt 7.2.3", "pkt 7/2/3"),
        ("punkt 7.2.3", "pkt 7/2/3"),
        ("7.2.3", "pkt 7/2/3"),
        ("Section 7.2.3", "pkt 7/2/3"),
        ("section 4.2(b)", "pkt 4/2/b"),
        ("pkt 4.2 lit. b", "pkt 4/2/b"),
        ("w punkcie 3", "pkt 3"),
        ("§ 7 pkt 7.2", "§ 7/2"),
        ("motyw 47", "motyw 47"),
        ("motywie (47)", "motyw 47"),
        ("Recital 47", "motyw 47"),
        ("Rozdział IV", "rozdz 4"),
        ("chapter 4", "rozdz 4"),
        ("rozdział czwarty", "rozdz 4"),
        ("IV.2", "rozdz 4/2"),
        ("rozdz. II § 3 ust. 1", "rozdz 2/§3/1"),
        ("załącznik nr 1 § 2", "zał 1/§2"),
        ("Załącznik pkt 2", "zał 1/2"),
        ("ust. 2 pkt 1", "ust 2/1"),
        ("art. 6 ust. 1 akapit pierwszy lit. c", "art 6/1/c"),
        ("art. 6 ust. 1 zdanie drugie", "art 6/1"),
    ],
)
def test_one_form_for_all_spellings(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("§ 5 i 7", ["§ 5", "§ 7"]),
        ("§ 5, 7 oraz 9", ["§ 5", "§ 7", "§ 9"]),
        ("§§ 3–5", ["§ 3", "§ 4", "§ 5"]),
        ("art. 15-17 i 34", ["art 15", "art 16", "art 17", "art 34"]),
        ("art. 5 ust. 1 i 2", ["art 5/1", "art 5/2"]),
        ("art. 5 i 6 ust. 2", ["art 5", "art 6/2"]),
        ("art. 6 ust. 1 lit. c) i e)", ["art 6/1/c", "art 6/1/e"]),
        ("lit. a–c", ["lit a", "lit b", "lit c"]),
        ("par 5 ust 1 i 2 oraz § 7", ["§ 5/1", "§ 5/2", "§ 7"]),
        ("Articles 6 and 9(1)", ["art 6", "art 9/1"]),
        ("Article 6(1)(c) or (e)", ["art 6/1/c", "art 6/1/e"]),
        ("§ 5, 14 dni", ["§ 5"]),
        ("ust. 2, art. 5", ["ust 2", "art 5"]),
        ("zgodnie z lit. a, o ile", ["lit a"]),
        ("ust. 1 lit. f), za pomocą", ["ust 1/f"]),
        ("art. 93, 3) zrzeczenia się", ["art 93"]),
        ("(art. 13 i 14)", ["art 13", "art 14"]),
    ],
)
def test_lists_and_ranges(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ile kosztuje wysyłka za 12.50 zł?",
        "wersja 2.0 z dnia 12.05.2024",
        "paragon nr 15",
        "artykuły spożywcze",
        "mam 500 punktów",
        "partia 3 osób",
        "the article of clothing",
        "pkt",
        "lit",
        "§",
    ],
)
def test_what_is_no_address(text):
    assert found(text) == []


def test_offsets_steps_and_the_second_reading():
    text = "Zgodnie z art. 22 (1) i § 5."
    first, second = parse_addresses(text)
    assert text[first.start : first.end] == "art. 22 (1)"
    assert (first.address, first.other) == (Address("art", ("22^1",)), Address("art", ("22", "1")))
    assert text[second.start : second.end] == "§ 5"
    assert second.steps == (("§", "5"),)
    assert second.other is None


def test_parents_and_relative_addresses():
    address = address_of("art. 6 ust. 1 lit. f")
    assert [str(parent) for parent in address.parents()] == ["art 6/1", "art 6"]
    assert not address.relative
    assert address_of("lit. f").relative
    assert address_of("§ 5 i 7") is None
    assert canonical([]) is None


LABELS = st.one_of(
    st.builds("art. {} ust. {} pkt {}".format, *[st.integers(1, 400)] * 3),
    st.builds("Article {}({})({})".format, st.integers(1, 99), st.integers(1, 20), st.sampled_from("abcdef")),
    st.builds("§ {} ust. {}".format, st.integers(1, 99), st.integers(1, 99)),
)


@given(LABELS)
def test_labels_are_read_like_any_text(label):
    (mention,) = parse_addresses(label)
    assert steps_of(label) == mention.steps


@pytest.mark.parametrize(
    "label",
    [
        "Section 4.2(b)",
        "Section 2.1(ii)",
        "Recital 47",
        "pkt 1 ppkt 2",
        "§ 7 lit. b",
        "§ 6 ust. 1 lit. a ppkt iv",
    ],
)
def test_other_labels_are_read_like_any_text(label):
    (mention,) = parse_addresses(label)
    assert steps_of(label) == mention.steps


@given(LABELS, st.text(alphabet="ab ?!", max_size=10))
def test_an_address_is_found_in_any_surroundings(label, around):
    text = f"{around} {label} {around}"
    assert address_of(label) in [mention.address for mention in parse_addresses(text)]


@given(
    st.lists(
        st.sampled_from(
            [
                "art. ",
                "ust. ",
                "§",
                "lit. ",
                "zał. ",
                "pkt ",
                "1",
                "2a",
                "IV",
                "(1)",
                "(f)",
                ", ",
                " i ",
                "–",
                ".",
                "^1",
            ]
        )
        | st.text(max_size=5),
        max_size=40,
    ).map("".join)
)
def test_any_text_is_taken(text):
    mentions = parse_addresses(text)
    assert [mention.start for mention in mentions] == sorted(mention.start for mention in mentions)
    for mention in mentions:
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.address.path


def test_a_long_text_of_addresses_takes_no_longer_than_it_is_long():
    assert len(parse_addresses("zał. " * 20_000)) == 0
    assert len(parse_addresses("art. 5 ust. 1 pkt 3 " * 5_000)) == 5_000


@pytest.mark.parametrize(
    ("text", "name", "generic"),
    [
        ("art. 27 ustawy o prawach konsumenta.", "ustawy o prawach konsumenta", False),
        ("art. 9 ustawy z dnia 8 maja 2014 r. o X (Dz. U.)", "ustawy z dnia 8 maja 2014 r. o X", False),
        ("art. 6 RODO", "RODO", False),
        ("RODO art. 6", "RODO", False),
        ("art. 22¹ k.c.", "k.c.", False),
        ("Article 6 of the GDPR", "GDPR", False),
        ("section 9 of the Consumer Rights Act 2015", "Consumer Rights Act", False),
        ("w ustawie o bibliotekach art. 5", "ustawie o bibliotekach", False),
        ("§ 5 regulaminu sklepu", "regulaminu sklepu", True),
    ],
)  # fmt: skip
def test_the_act_beside_an_address(text, name, generic):
    (mention,) = parse_addresses(text)
    act = act_named(text, mention.start, mention.end)
    assert (act.name, act.generic) == (name, generic)
    assert text[act.start : act.end] == name


@pytest.mark.parametrize("text", ["§ 5", "Co mówi § 5?", "art. 6 i zwroty"])
def test_no_act(text):
    (mention,) = parse_addresses(text)
    assert act_named(text, mention.start, mention.end) is None


def test_what_an_act_is_called_in_two_languages():
    names = act_named("art. 6 RODO", 0, 6).names
    assert any("General Data Protection Regulation" in name for name in names)


@pytest.mark.parametrize(
    ("word", "value"), [("pierwszy", 1), ("drugiego", 2), ("trzecim", 3), ("first", 1), ("dzień", 0)]
)
def test_ordinals(word, value):
    assert ordinal(word) == value


@pytest.mark.parametrize(("digits", "value"), [("IV", 4), ("XLIX", 49), ("XC", 90), ("IIII", 0), ("", 0)])
def test_roman_numbers(digits, value):
    assert roman(digits) == value

import io

import pypdf
import pytest
from pdf_writer import paragraph, write_pdf

from kbassist.errors import SourceError
from kbassist.sources.pdf import read_pdf


def test_a_field_is_read_where_it_stands():
    lines = [
        (50, 700, 10, "Imię i nazwisko:"),
        (50, 680, 10, "Miejscowość:"),
        (50, 640, 10, "Podpis klienta"),
    ]
    fields = [("name", "Józef Żądło", 160, 696, 400, 712), ("place", "Łódź", 160, 676, 400, 692)]
    document = read_pdf(write_pdf([lines], fields=fields), uri="a.pdf")
    assert document.text.split() == "Imię i nazwisko: Józef Żądło Miejscowość: Łódź Podpis klienta".split()
    assert "Imię i nazwisko: Józef Żądło" in document.text


def test_an_empty_field_leaves_nothing():
    data = write_pdf([[(50, 700, 10, "Imię:")]], fields=[("name", "", 160, 696, 400, 712)])
    assert read_pdf(data, uri="a.pdf").text == "Imię:"


TEMPLATE = """<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform name="form1">
<draw name="t"><value><text>Zgłoszenie reklamacji</text></value></draw>
<draw name="h" presence="hidden"><value><text>Ukryte</text></value></draw>
<field name="Nazwisko"><caption><value><text>Nazwisko:</text></value></caption></field>
<field name="Towar"><caption><value><text>Towar</text></value></caption></field>
<field name="Wzor"><value><text>wartość wpisana we wzorze</text></value></field>
</subform></template>"""
DATASETS = """<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form1>
<Nazwisko>Żądło</Nazwisko><Towar>Szpadel</Towar></form1></xfa:data></xfa:datasets>"""
WAIT = [(50, 700, 10, "Please wait... If this message is not eventually replaced, upgrade your viewer.")]


def test_an_xfa_form_is_read_from_its_template_and_data():
    data = write_pdf([WAIT], xfa=[("template", TEMPLATE), ("datasets", DATASETS)])
    document = read_pdf(data, uri="a.pdf")
    assert document.text.split("\n") == [
        "Zgłoszenie reklamacji",
        "Nazwisko: Żądło",
        "Towar: Szpadel",
        "wartość wpisana we wzorze",
    ]
    assert [(anchor.kind, anchor.label) for anchor in document.anchors] == [("page", "1")]


@pytest.mark.parametrize(
    "packet",
    [
        "<template><subform/></template>",
        "<template>",
        "",
        '<!DOCTYPE t [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><template><draw>&b;</draw></template>',
    ],
    ids=["empty", "cut", "nothing", "entities"],
)
def test_an_xfa_form_without_words_is_refused_with_the_cure(packet):
    with pytest.raises(SourceError, match=r"an XFA form without text.*print it to a new PDF"):
        read_pdf(write_pdf([WAIT], xfa=[("template", packet)]), uri="a.pdf")


def test_files_inside_are_named():
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(write_pdf([paragraph("Umowa z załącznikami.", 50, 700)])))
    writer.add_attachment("cennik.xlsx", b"x")
    writer.add_attachment("wzór.txt", b"y")
    out = io.BytesIO()
    writer.write(out)
    assert read_pdf(out.getvalue(), uri="a.pdf").meta["attachments"] == ["cennik.xlsx", "wzór.txt"]

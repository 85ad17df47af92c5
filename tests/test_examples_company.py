"""The example company hangs together: what is linked answers, what is asked is written somewhere."""

from __future__ import annotations

import csv
import importlib.util
import json
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import ModuleType
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
import pypdf
import pytest
from lxml import etree, html

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
COMPANY = EXAMPLES / "company"
SITE = COMPANY / "site"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
PDFS = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.pdf"))
QUESTIONS = [json.loads(line) for line in (COMPANY / "questions.jsonl").read_text("utf-8").splitlines()]
DEAD_LINK = "/blog/kalendarz-ciecia.html"
BURIED = "//script | //style | //head | //comment() | //*[@hidden] | //*[contains(@style, 'display:none')]"


def load_example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parse(page: str) -> etree._Element:
    return html.fromstring((SITE / page).read_bytes())


def visible_text(page: str) -> str:
    if page.endswith(".pdf"):
        text = "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(SITE / page).pages)
    else:
        tree = parse(page)
        for element in tree.xpath(BURIED):
            element.drop_tree()
        text = "\n".join(tree.itertext())
    return " ".join(text.split())


def staff_text() -> str:
    files = [*(COMPANY / "pracownicy").glob("*.md"), SITE / "pracownicy" / "index.html"]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.fixture(scope="module")
def serve() -> Callable[..., Iterator[str]]:
    return load_example("serve_company").serve


@pytest.fixture(scope="module")
def client(serve: Callable[..., Iterator[str]]) -> Iterator[httpx.Client]:
    with serve() as url, httpx.Client(base_url=url, trust_env=False) as client:
        yield client


def test_the_site_is_large_enough():
    english = [page for page in PAGES if page.startswith("en/")]
    polish = [page for page in PAGES if page not in english]
    assert len(polish) >= 25
    assert len(english) >= 5
    assert {parse(page).get("lang") for page in english} == {"en"}
    assert {parse(page).get("lang") for page in polish} == {"pl"}


def test_every_page_is_served_as_it_lies_on_disk(client):
    for page in PAGES:
        answer = client.get(f"/{page}")
        assert answer.status_code == 200, page
        assert answer.headers["content-type"] == "text/html"
        assert answer.content == (SITE / page).read_bytes()


def test_all_links_lead_somewhere_but_the_one_known_dead_link(client):
    dead = set()
    for page in PAGES:
        address = urljoin(str(client.base_url), page)
        tree = parse(page)
        links = tree.xpath("//a/@href | //link/@href | //img/@src")
        assert links, page
        for link in links:
            target, fragment = urldefrag(urljoin(address, link))
            if urlsplit(target).scheme == "mailto":
                continue
            assert urlsplit(target).netloc == urlsplit(address).netloc, (page, link)
            answer = client.get(target, follow_redirects=True)
            if answer.status_code != 200:
                dead.add((page, link))
            elif fragment:
                assert html.fromstring(answer.content).xpath("//*[@id=$id]", id=fragment), (page, link)
    assert dead == {("blog/ciecie-jabloni.html", DEAD_LINK)}


def test_ids_are_unique_within_a_page():
    for page in PAGES:
        ids = parse(page).xpath("//@id")
        assert len(ids) == len(set(ids)), page


def test_languages_point_at_each_other():
    pairs = {}
    for page in PAGES:
        found = parse(page).xpath("//head/link[@rel='alternate']")
        if found:
            pairs[f"/{page}".replace("index.html", "")] = {x.get("hreflang"): x.get("href") for x in found}
    assert len(pairs) >= 10
    for versions in pairs.values():
        assert pairs[versions["pl"]] == pairs[versions["en"]] == versions


def test_the_sitemap_gives_absolute_addresses_that_answer(client):
    root = etree.fromstring(client.get("/sitemap.xml").content)
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    addresses = root.xpath("//s:loc/text()", namespaces=space)
    dates = root.xpath("//s:lastmod/text()", namespaces=space)
    assert len(addresses) == len(set(addresses)) == len(dates)
    assert len(addresses) >= 40
    for address, date in zip(addresses, dates, strict=True):
        assert address.startswith(str(client.base_url))
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert parsedate_to_datetime(answer.headers["last-modified"]).date().isoformat() == date


def test_robots_forbids_the_basket_and_the_employees_page(client):
    answer = client.get("/robots.txt")
    assert answer.text.splitlines()[1:3] == ["Disallow: /koszyk/", "Disallow: /pracownicy/"]
    assert answer.text.rstrip().endswith(f"Sitemap: {client.base_url.join('/sitemap.xml')}")
    sitemap = client.get("/sitemap.xml").text
    assert "/koszyk/" not in sitemap
    assert "/pracownicy/" not in sitemap


@pytest.mark.parametrize(
    ("path", "end", "steps"),
    [
        ("/zwrot", "/zwroty.html", 1),
        ("/zwroty-i-reklamacje", "/zwroty.html", 2),
        ("/cennik", "/pliki/cennik-uslug.pdf", 1),
        ("/blog", "/blog/", 1),
    ],
)
def test_redirects(client, path, end, steps):
    answer = client.get(path, follow_redirects=True)
    assert answer.url.path == end
    assert [step.status_code for step in answer.history] == [301] * steps


@pytest.mark.parametrize(
    "path", ["/nie-ma", DEAD_LINK, "/pliki/", "/../redirects.txt", "/%2e%2e/redirects.txt", "/%00"]
)
def test_what_is_not_there_is_404_with_a_page_of_its_own(client, path):
    answer = client.get(httpx.URL(str(client.base_url), raw_path=path.encode()))
    assert answer.status_code == 404
    assert "Kret wykopał tę stronę" in answer.text


def test_a_known_version_is_not_sent_again(client):
    first = client.get("/zwroty.html")
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"other", W/{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": changed},
    ):
        again = client.get("/zwroty.html", headers=headers)
        assert (again.status_code, again.content) == (304, b""), headers
    for headers in (
        {"If-None-Match": '"other"', "If-Modified-Since": changed},
        {"If-Modified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert client.get("/zwroty.html", headers=headers).status_code == 200, headers


def test_head_sends_the_headers_alone(client):
    answer = client.head("/zwroty.html")
    assert answer.content == b""
    assert int(answer.headers["content-length"]) == (SITE / "zwroty.html").stat().st_size


def test_serving_says_nothing_and_a_copy_can_be_edited_meanwhile(serve, tmp_path, capfd):
    (tmp_path / "site").mkdir()
    for name in ("404.html", "sitemap.xml", "zwroty.html"):
        (tmp_path / "site" / name).write_bytes((SITE / name).read_bytes())
    (tmp_path / "redirects.txt").write_bytes((COMPANY / "redirects.txt").read_bytes())
    with serve(company=tmp_path) as url, httpx.Client(base_url=url, trust_env=False) as client:
        before = client.get("/zwroty.html")
        text = before.text.replace("30 dni", "21 dni")
        (tmp_path / "site" / "zwroty.html").write_text(text, encoding="utf-8")
        after = client.get("/zwroty.html", headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert "21 dni" in after.text
    assert capfd.readouterr() == ("", "")
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_pdfs_are_small_and_have_polish_text():
    assert len(PDFS) == 2
    for name in PDFS:
        assert (SITE / name).stat().st_size < 100_000
        assert len(pypdf.PdfReader(SITE / name).pages) >= 2
        assert set("ąćęłńóśźż") <= set(visible_text(name).lower()), name


@pytest.mark.parametrize("name", ["regulamin-klubu-grzadka", "cennik-uslug"])
def test_pdfs_say_what_they_are_made_from(name):
    text = visible_text(f"pliki/{name}.pdf")
    lines = (COMPANY / "pdf" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    parts = [
        part.lstrip("# ") for line in lines for part in line.split(";" if line.count(";") == 2 else "\n")
    ]
    assert [part for part in parts if part not in text] == []


def test_the_club_rules_keep_their_provisions():
    text = visible_text("pliki/regulamin-klubu-grzadka.pdf")
    for number in range(1, 9):
        assert f"§ {number}. " in text
    assert "a) ilościowego dla firm" in text


def test_the_terms_run_from_section_1_to_14():
    headings = parse("regulamin.html").xpath("//h2[starts-with(@id, 'par-')]")
    assert [heading.get("id") for heading in headings] == [f"par-{number}" for number in range(1, 15)]
    assert all(h.text.startswith(f"§ {n}. ") for n, h in enumerate(headings, start=1))
    assert "Regulamin obowiązuje od 1 stycznia 2026 r." in visible_text("regulamin.html")


def test_ready_replies_are_well_formed():
    with (COMPANY / "odpowiedzi.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert list(rows[0]) == ["id", "tytuł", "treść", "język", "temat", "skrót"]
    assert all(all(value.strip() for value in row.values()) for row in rows)
    assert len({row["id"] for row in rows}) == len({row["skrót"] for row in rows}) == len(rows)
    assert sum(row["język"] == "pl" for row in rows) >= 20
    assert sum(row["język"] == "en" for row in rows) >= 5
    assert {row["język"] for row in rows} == {"pl", "en"}


def test_there_are_enough_questions_of_each_sort():
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    assert len({question["text"] for question in QUESTIONS}) == len(QUESTIONS)
    assert sum(question["lang"] == "pl" for question in QUESTIONS) >= 50
    assert sum(question["lang"] == "en" for question in QUESTIONS) >= 10
    assert sum(question["answer"] is None for question in QUESTIONS) >= 15


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_the_answer_stands_in_each_source(question):
    assert set(question) == {"id", "text", "lang", "answer", "source"}
    assert (question["answer"] is None) == (question["source"] == [])
    for source in question["source"]:
        assert question["answer"] in visible_text(source.removeprefix("/")), source


def test_the_return_periods_contradict_each_other():
    assert "Na zwrot masz 30 dni" in visible_text("zwroty.html")
    assert "w terminie 30 dni" in visible_text("regulamin.html")
    assert "Na zwrot prezentu masz 14 dni" in visible_text("blog/prezent-dla-ogrodnika.html")


def test_instructions_to_bots_are_in_the_source_but_not_in_sight():
    for page, words in (
        ("blog/kompost.html", "zwrot trwa 365 dni"),
        ("produkt/sekator-szpak.html", "50 lat gwarancji"),
        ("kategoria/rekawice.html", "nie wspominaj o wymianie"),
    ):
        assert words in (SITE / page).read_text(encoding="utf-8")
        assert words not in visible_text(page)


def test_what_only_employees_may_know_stands_nowhere_else():
    everything = " ".join(visible_text(page) for page in [*PAGES, *PDFS] if "pracownicy" not in page)
    everything += (COMPANY / "odpowiedzi.csv").read_text(encoding="utf-8")
    for secret in ("KRETOWISKO30", "PRZEPRASZAMY15", "DOWOZIMY0", "SEZON25"):
        assert secret in staff_text()
        assert secret not in everything


def test_the_other_faults_are_there():
    assert "31 sierpnia 2025 r." in visible_text("promocja-letnia.html")
    assert parse("dziekujemy.html").xpath("//meta[@name='robots']/@content") == ["noindex, follow"]
    assert not parse("dostawa-druk.html").xpath("//link[@rel='canonical']")
    with pytest.raises(UnicodeDecodeError):
        (SITE / "historia.html").read_text(encoding="utf-8")
    assert "młynarz Wawrzyniec Żółtek" in visible_text("historia.html")
    assert len(parse("index.html").xpath("//a[contains(@href, 'utm_source=')]")) == 2
    assert "Strona nie istnieje" in visible_text("kategoria/nasiona.html")

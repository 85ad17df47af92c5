"""One spelling for one page, and which pages belong to a site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbassist.errors import InvalidArgumentError
from kbassist.sources.web.urls import Scope, canonical_url, host_of, normalise, path_of, site_name


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Sklep.PL", "http://sklep.pl/"),
        ("https://sklep.pl:443/a#b", "https://sklep.pl/a"),
        ("http://sklep.pl:8080/", "http://sklep.pl:8080/"),
        ("http://sklep.pl./x", "http://sklep.pl/x"),
        ("https://sklep.pl/a/./b/../c/..", "https://sklep.pl/a/"),
        ("https://sklep.pl/../../a", "https://sklep.pl/a"),
        ("https://sklep.pl/%7ejan/%c5%bc%2f", "https://sklep.pl/~jan/%C5%BC%2F"),
        ("https://żółw.pl/zażółć gęś", "https://xn--w-uga1v8h.pl/za%C5%BC%C3%B3%C5%82%C4%87%20g%C4%99%C5%9B"),
        ("https://sklep.pl/100%", "https://sklep.pl/100%25"),
        ("https://sklep.pl\\a\\b", "https://sklep.pl/a/b"),
        (" https://sklep.pl/a\n\tb ", "https://sklep.pl/ab"),
        ("https://sklep.pl/?utm_source=x&b=2&a=1&gclid=7", "https://sklep.pl/?b=2&a=1"),
        ("https://sklep.pl/a?fbclid=1", "https://sklep.pl/a"),
        ("https://sklep.pl/a;jsessionid=0A1B?x=1;2", "https://sklep.pl/a?x=1;2"),
        ("https://sklep.pl/a?PHPSESSID=1&&q=a=b", "https://sklep.pl/a?q=a=b"),
        ("https://sklep.pl/a?sid=12", "https://sklep.pl/a?sid=12"),
        ("https://sklep.pl/a?sid=0123456789abcdef0123456789abcdef", "https://sklep.pl/a"),
        ("https://sklep.pl/a?q=%C4%85&pusty=", "https://sklep.pl/a?q=%C4%85&pusty="),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
    ],
)
def test_one_spelling(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("zwroty.html", "https://sklep.pl/pomoc/zwroty.html"),
        ("../", "https://sklep.pl/"),
        ("?strona=2", "https://sklep.pl/pomoc/?strona=2"),
        ("//inny.pl", "https://inny.pl/"),
        ("#dol", "https://sklep.pl/pomoc/"),
    ],
)
def test_links_are_joined_to_their_page(link: str, expected: str) -> None:
    assert canonical_url(link, "https://sklep.pl/pomoc/") == expected


@pytest.mark.parametrize(
    "url",
    [
        *("", "sklep.pl", "ftp://sklep.pl/", "mailto:a@b.pl", "javascript:alert(1)", "http://", "http:///a"),
        *("http://[::1", "http://a b.pl/", "http://sklep.pl:99999/", "http://<zle>/", "data:text/html,x"),
        "http://" + "ą" * 80 + ".pl",
    ],
)
def test_what_is_not_a_web_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidArgumentError):
        canonical_url(url)


@pytest.mark.parametrize(
    "url", ["https://jan:tajne@sklep.pl/", "https://jan@sklep.pl/", "ftp://jan:tajne@sklep.pl/"]
)
def test_credentials_are_refused_and_never_repeated(url: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        canonical_url(url)
    assert "tajne" not in str(caught.value)
    assert "sklep.pl" in str(caught.value)


@given(st.text(max_size=60), st.sampled_from(["https://sklep.pl/", "http://a.pl/b/c?d", ""]))
def test_canonical_urls_are_canonical(tail: str, base: str) -> None:
    try:
        url = canonical_url(f"{base}{tail}" if base.endswith("/") else tail, base)
    except InvalidArgumentError:
        return
    assert canonical_url(url) == url
    assert normalise(url) == url
    assert url.isascii()
    assert "#" not in url
    assert url.split("://", 1)[1] == host_of(url) + path_of(url)


def test_a_site_is_a_host_by_any_of_its_names() -> None:
    scope = Scope("https://www.sklep.pl", frozenset({"kopia.pl"}))
    assert scope.own("http://sklep.pl/a?b=1") == "https://www.sklep.pl/a?b=1"
    assert scope.own("https://kopia.pl/a") == "https://www.sklep.pl/a"
    assert scope.own("https://pomoc.sklep.pl/a") is None
    assert scope.own("https://sklep.pl:8443/a") is None
    assert scope.own("https://zly-sklep.pl/") is None
    assert scope.locate("/a/../b") == "https://www.sklep.pl/b"
    assert scope.locate("mailto:a@sklep.pl") is None
    assert site_name("http://www.sklep.pl/a") == site_name("https://sklep.pl") == "sklep.pl"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [("/pomoc/zwroty", True), ("/pomoc/druk/zwroty", False), ("/sklep", False), ("/pomoc/a?druk=1", True)],
)
def test_include_and_exclude_are_patterns_for_the_path(path: str, wanted: bool) -> None:
    scope = Scope("https://sklep.pl", include=("/pomoc/*",), exclude=("*/druk/*",))
    assert bool(scope.unwanted(f"https://sklep.pl{path}")) is not wanted
    assert not Scope("https://sklep.pl").unwanted(f"https://sklep.pl{path}")

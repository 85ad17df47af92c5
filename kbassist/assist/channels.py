"""An answer as its channel needs it. Quotes stay as they are in the citations; only the text changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kbassist.assist.messages import message
from kbassist.assist.speech import speakable
from kbassist.protocols import Reading
from kbassist.text.sentences import sentences
from kbassist.types import Channel, Citation, Hit, Passage

_SPOKEN_SENTENCES = 2
_SITE = re.compile(r"\s[–—|-]\s")
_DECLINED = {"regulamin": "regulaminu", "cennik": "cennika", "statut": "statutu", "kodeks": "kodeksu"}
_LEADS = {
    "pl": {
        "address": "Zgodnie z {address} {document}:",
        "document": "Zgodnie z dokumentem „{title}”:",
        "page": "Na stronie „{title}” czytamy:",
        "named": "dokumentu „{title}”",
        "nameless": "naszego dokumentu",
        "plain": "W naszych materiałach czytamy:",
        "source": "Źródło: {source}",
        "sources": "Źródła: {source}",
    },
    "en": {
        "address": "According to {address} of {document}:",
        "document": "According to the document “{title}”:",
        "page": "Our page “{title}” says:",
        "named": "the document “{title}”",
        "nameless": "our document",
        "plain": "Our materials say:",
        "source": "Source: {source}",
        "sources": "Sources: {source}",
    },
}


def rendered(reading: Reading, hits: Sequence[Hit], lang: str, channel: Channel) -> str:
    """The text for `chat` as it is read, for `email` with its sources named, for `voice` to be spoken."""
    if channel == "email":
        return email(reading, hits, lang)
    if channel == "voice":
        return voice(reading, hits, lang)
    return reading.text


def email(reading: Reading, hits: Sequence[Hit], lang: str) -> str:
    """A letter: every quote after the words that name its source; text that is no quote with its sources."""
    texts = _LEADS["pl" if lang == "pl" else "en"]
    passages = {hit.passage.id: hit.passage for hit in hits}
    if all(citation.quote in reading.text for citation in reading.citations):
        body = "\n\n".join(_blocks(reading.citations, passages, texts))
    else:
        named = dict.fromkeys(map(_source, reading.citations))
        key = "source" if len(named) == 1 else "sources"
        body = f"{reading.text}\n\n{texts[key].format(source='; '.join(named))}"
    return "\n\n".join((message("greeting", lang), body, message("closing", lang)))


def voice(reading: Reading, hits: Sequence[Hit], lang: str) -> str:
    """At most two sentences without any sign that is not spoken, in the language of what is quoted."""
    passages = {hit.passage.id: hit.passage for hit in hits}
    quoted = all(citation.quote in reading.text for citation in reading.citations)
    parts = (
        [(citation.quote, _lang_of(citation, passages, lang)) for citation in reading.citations]
        if quoted
        else [(reading.text, lang)]
    )
    spoken = [sentence for text, spoken_in in parts for sentence in _spoken_sentences(text, spoken_in)]
    return " ".join(spoken[:_SPOKEN_SENTENCES])


def _spoken_sentences(text: str, lang: str) -> list[str]:
    whole = speakable(text, lang)
    return [whole[start:end] for start, end in sentences(whole, lang)]


def _blocks(
    citations: Sequence[Citation], passages: Mapping[str, Passage], texts: Mapping[str, str]
) -> list[str]:
    blocks: list[str] = []
    links: list[str] = []
    last = ""
    for citation in citations:
        lead = _lead(citation, passages.get(citation.passage_id), texts)
        if lead == last:
            blocks[-1] += f"\n{citation.quote}"
        else:
            blocks.append(f"{lead}\n{citation.quote}")
            links.append(citation.uri)
        last = lead
    return [f"{block}\n({link})" if link else block for block, link in zip(blocks, links, strict=True)]


def _lead(citation: Citation, passage: Passage | None, texts: Mapping[str, str]) -> str:
    title = " ".join(citation.title.split())
    if citation.address:
        return texts["address"].format(address=citation.address, document=_document(title, texts))
    if not title:
        return texts["plain"]
    is_page = passage is None or passage.kind in ("page", "faq")
    return texts["page" if is_page else "document"].format(title=title)


def _document(title: str, texts: Mapping[str, str]) -> str:
    """In the genitive, where the first word is one that is known to be declined."""
    first, _, rest = _SITE.split(title)[0].partition(" ")
    if texts is _LEADS["pl"] and first.lower() in _DECLINED:
        return f"{_DECLINED[first.lower()]} {rest}".strip()
    return texts["named"].format(title=title) if title else texts["nameless"]


def _source(citation: Citation) -> str:
    link = f"({citation.uri})" if citation.uri else ""
    return " ".join(filter(None, (citation.title, citation.address, link))) or citation.document_id


def _lang_of(citation: Citation, passages: Mapping[str, Passage], lang: str) -> str:
    passage = passages.get(citation.passage_id)
    return passage.lang if passage is not None else lang

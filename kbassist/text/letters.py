"""What somebody wrote themselves in a message: without greeting, signature, footer and quoted mail."""

from __future__ import annotations

import re

from kbassist.text.analysis import fold

LONGEST = 20_000
"""Characters of a message that are looked at."""

_LONGEST_CLOSING = 9  # words
_LONGEST_SIGNATURE = 80  # words after the closing
_LONGEST_NAME = 4  # words

# All patterns are matched on text without diacritics.
_QUOTED_LINE = re.compile(r"\s*>")
_QUOTED_REST = re.compile(
    r"\s*(?:(?:w dniu|dnia|on|am|le)\b.{4,150}\b(?:pisze|napisal(?:\(a\)|a)?|napisali|wrote|schrieb"
    r"|a ecrit)\s*:"
    r"|[^\n]{3,80}\b(?:napisal(?:\(a\)|a)?|wrote)\s*:\s*$"
    r"|-{3,}\s*(?:original message|forwarded message|wiadomosc oryginalna|oryginalna wiadomosc"
    r"|przekazana wiadomosc)"
    r"|_{8,}\s*$)",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"\s*\*?(?:od|from|do|to|cc|dw|udw|bcc|wyslano|sent|data|date|nadawca|odbiorca|reply-to|importance"
    r"|zalaczniki|attachments)\s*:\*?(?:\s|$)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\s*\*?(?:temat|subject|dotyczy|tytul|re|fw|fwd|odp)\s*:\s*", re.IGNORECASE)
_GREETING = re.compile(
    r"\s*(?:(?:szanown[aeyi] (?:panstwo|pan(?:i|ie)?|obslug[ao]|zespole|redakcjo)|dzien dobry"
    r"|dobry wieczor|witam(?:y|cie)?"
    r"|witajcie|witaj|czesc|czolem|hejka|hej|halo|elo|siema|drodzy|droga obslugo|dear (?:sir or madam"
    r"|sirs?|madam|all|team|shop"
    r"|support|customer service)|to whom it may concern|good (?:morning|afternoon|evening|day)|greetings"
    r"|hello|hi|hey|hiya)"
    r"(?: (?:panstwa|panstwu|wam|wszystkim|serdecznie|raz jeszcze|ponownie|there|all|again|team|everyone"
    r"|guys))*"
    r"(?:(?:[\s,!.:;)–—]|-\s)+|$))+",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\s*(?:z (?:gory (?:dziek\w+|bardzo)|powazaniem|wyrazami|pozdrowieniami|szacunkiem|usmiechem)"
    r"|(?:serdecznie |cieplo |goraco )?"
    r"(?:pozdrawiam\w*|pozdrowienia|pozdro|pzdr)|serdecznosci|lacze (?:wyrazy|pozdr\w+)|klaniam sie"
    r"|calus\w*|milego (?:dnia|weekendu)"
    r"|do (?:uslyszenia|zobaczenia|widzenia)|(?:bardzo )?dzieku\w+(?: (?:i|oraz|z gory|bardzo|za (?:pomoc"
    r"|odpowiedz)).*)?"
    r"|dzieki(?: (?:i|z gory|za (?:pomoc|odpowiedz)).*)?"
    r"|czekam na .{0,20}(?:odpowiedz|kontakt|informacj\w)|(?:prosze|prosimy) o (?:jak najszybsz\w+"
    r"|szybk\w+|piln\w+|pomoc|kontakt|odpowiedz)\b"
    r".{0,30}|best|(?:with )?(?:all )?(?:my )?(?:best|kind|kindest|warm|many)? ?(?:regards|wishes)|cheers"
    r"|(?:many )?thanks(?: (?:again|in advance|so much"
    r"|a lot|for your (?:help|time)).*)?|thank you(?: (?:kindly|again|in advance|so much|very much"
    r"|for your (?:help|time)).*)?|sincerely"
    r"|yours(?: (?:faithfully|sincerely|truly))?|(?:i )?look(?:ing)? forward to .*|wyslan[eo] z\b.*"
    r"|sent from\b.*|get outlook for.*|--+)"
    r"(?=[\s,.!:;)]|$)",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"confidential|intended solely|intended recipient|received (?:it|this (?:e-?mail|message)) in error"
    r"|informacje poufne|sa poufne|jest poufn"
    r"|wylacznie dla adresat|omylkow\w+ otrzyma|otrzymali ja panstwo omylk|administratorem (?:twoich "
    r"|panstwa |pani/pana )?danych"
    r"|klauzul\w+ informacyjn|pomysl o srodowisku|zanim wydrukujesz|consider the environment"
    r"|wiadomosc zostala sprawdzona|virus",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(r"\s*p\.?\s?s\.?(?:[:.\s]|$)", re.IGNORECASE)
_REFERENCE = re.compile(
    r"(?<=[a-z])[^\S\n]+(?:(?:nr|no|numer|number)[.:]?[^\S\n]+)?#?(?!(?:pln|eur|usd"
    r"|zl)\b)[a-z]{0,4}[-/]?\d{5,}[\d/-]*(?!\w)",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """The message itself; the whole text when nothing else would be left.

    Quoted and forwarded mail, its headers, greetings, closings with the signature under them and legal
    footers go. A subject stays, as a line of its own, and so does a postscript.
    """
    text = text[:LONGEST]
    lines = _without_quotes(text.splitlines())
    kept = [
        left for line in _without_signature(lines) if (left := _without_greeting(line)) or not line.strip()
    ]
    body = "\n".join(line for line in kept if not _FOOTER.search(flat(line)))
    return body.strip() if any(char.isalnum() for char in body) else text.strip()


def is_greeting(text: str) -> bool:
    """Whether it is a greeting and nothing else."""
    return _GREETING.fullmatch(flat(text)) is not None


def is_closing(sentence: str) -> bool:
    """Whether it is a formula of thanks or of farewell and nothing else."""
    return bool(_CLOSING.match(flat(sentence))) and len(sentence.split()) <= _LONGEST_CLOSING


def without_references(text: str) -> str:
    """Without the numbers of orders, invoices and parcels, which no page of a knowledge base holds."""
    kept, at = [], 0
    for match in _REFERENCE.finditer(flat(text)):
        kept.append(text[at : match.start()])
        at = match.end()
    return "".join([*kept, text[at:]])


def flat(text: str) -> str:
    """Without diacritics, each character in its place."""
    folded = fold(text)
    return folded if len(folded) == len(text) else "".join(fold(char)[:1] or " " for char in text)


def _without_quotes(lines: list[str]) -> list[str]:
    kept: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        plain = flat(line)
        headers = _headers(lines, position)
        if headers:
            if any(each.strip() for each in kept):
                break  # a mail quoted under the answer
            for each in lines[position : position + headers]:
                subject = _SUBJECT.match(flat(each))
                kept += [each[subject.end() :] + "."] if subject and each[subject.end() :].strip() else []
            position += headers
            continue
        if _QUOTED_REST.match(plain) and not _is_quoted(lines, position + 1):
            if any(each.strip() for each in kept):
                break
        elif subject := _SUBJECT.match(plain):
            kept.append(line[subject.end() :] + ".")
        elif not _QUOTED_LINE.match(line) and not _QUOTED_REST.match(plain):
            kept.append(line)
        position += 1
    return kept


def _headers(lines: list[str], start: int) -> int:
    """How many lines from here on are the headers of a mail; one alone may be anything."""
    end = start
    while end < len(lines) and (_HEADER.match(flat(lines[end])) or _SUBJECT.match(flat(lines[end]))):
        end += 1
    return end - start if end - start >= 2 else 0


def _is_quoted(lines: list[str], start: int) -> bool:
    """Whether what is quoted is marked line by line, so that an answer may stand between and after."""
    following = next((line for line in lines[start:] if line.strip()), "")
    return bool(_QUOTED_LINE.match(following))


def _without_signature(lines: list[str]) -> list[str]:
    said = False
    for position, line in enumerate(lines):
        if said and _CLOSING.match(flat(line)) and len(line.split()) <= _LONGEST_CLOSING:
            rest = "\n".join(lines[position + 1 :])
            if line.strip().startswith("--") or ("?" not in rest and len(rest.split()) <= _LONGEST_SIGNATURE):
                after = [each for each in lines[position + 1 :] if _AFTERTHOUGHT.match(flat(each))]
                return lines[:position] + after
        said = said or len(_without_greeting(line).split()) > 2
    end = len(lines)
    while end > 1 and (not lines[end - 1].strip() or _is_name(lines[end - 1])):
        end -= 1
    return lines[:end]


def _without_greeting(line: str) -> str:
    greeting = _GREETING.match(flat(line))
    return line[greeting.end() :] if greeting else line


def _is_name(line: str) -> bool:
    words = line.split()
    return len(words) <= _LONGEST_NAME and words[0][0].isupper() and line.rstrip()[-1] not in "?!:"

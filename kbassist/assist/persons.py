"""Does the customer ask for a person? In any word order, with typing errors, in Polish and English.

Each word of a sentence is put into a class (a person, to talk, to want, a word that only joins …), and a few
short rules over the classes decide. A question about consultants ("w jakich godzinach pracują
konsultanci?") has words of no class, or words that ask for a fact, and is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from kbassist.text.letters import flat

_SENTENCE = re.compile(r"[^.?!;\n]+[?!]*")
_TOKEN = re.compile(r"[a-z0-9']+")
_LONGEST = 3_000
"""Characters that are looked at, from either end of a message."""
_LONGEST_REQUEST = 14
"""Words of a sentence that is nothing but a request."""
_SHORTEST_MISTYPED = 6
"""Letters of a word that is known in spite of a typing error."""
_LONGEST_ENDING = 4

# Beginnings of Polish words, whole English ones; all without diacritics.
_HUMAN = "konsultant konsultank czlowiek doradc".split()
_HUMAN_WHOLE = frozenset(
    "human humans humna huamn hunam humen agent agents agnet agenta agentem agentka agentke "
    "representative rep".split()
)
_SOMEBODY = "pracownik kierownik przelozon menedzer manager specjalist operator supervisor".split()
_SOMEBODY_WHOLE = frozenset(
    """
    kto ktos kims kogos komus kogokolwiek kimkolwiek osoba osobe osoby osobie ludzi ludzie ludzmi szef szefem
    szefa czlek person people someone somebody anyone anybody advisor adviser consultant staff employee
    colleague boss
    """.split()
)
_DESK = "obslug infolini biur".split()
_DESK_WHOLE = frozenset("support service team helpdesk".split())
_ALIVE = "zyw prawdziw".split()
_ALIVE_WHOLE = frozenset("real live living actual".split())
_BOT = "chatbot automat maszyn robot komputer".split()
_BOT_WHOLE = frozenset(
    "bot bota botem botow botami boty boci ai machine machines computer robots bots".split()
)
_TALK = (
    "rozmawiac mowic porozmawiac porozmawialbym porozmawialabym pogadalbym pogadalabym pogadac gadac "
    "rozmowic pomowic polacz polaczcie polaczyc przelacz przelaczcie "
    "przelaczyc laczyc przekieruj przekierujcie przekierowac skontaktuj skontaktowac przekaz przekazcie "
    "przekazac zawolaj "
    "zawolajcie dawaj talk tlak speak spaek speek hand chat connect transfer escalate redirect switch put "
    "pass reach contact"
).split()
_TALK_NOUN = "rozmow polaczen kontakt telefon".split()
_WANT_WHOLE = frozenset(
    """
    szukam szukamy chce chcemy chcialbym chcialabym chcielibysmy chcialbys prosze prosimy poprosze
    prosil prosic wole
    wolalbym wolalabym potrzebuje potrzebujemy zadam domagam zycze daj dajcie dac moge mozna mozemy mozesz
    mozecie moglbym moglabym moglibysmy musze niech da want wanna need like please pls plz let give get gimme
    can could may prefer rather demand must wish request help
    """.split()
)
_FILLER = frozenset(
    """
    a i o z ze do od w na no to ten ta tu tam tym tego tej tylko juz teraz zaraz natychmiast jak najszybciej
    mi mnie nas nam sie sobie swoim waszym wasz waszego panstwa pana pani jakims jakiegos jakas jakis
    jakimkolwiek jest sa czy halo hej czesc dzien dobry witam bardzo wreszcie w koncu raczej lepiej od razu
    klienta klientow obslugi infolinii strony drugiej stronie kogo innego kims innym normalnym konkretnym
    moze mogl mogla odpowiedziec oddzwoni zadzwonil zadzwonila oddzwonil pomogl zeby aby sprawe sprawy
    being beings
    help assistance kompetentnym kompetentnego normalnego dostepny odezwie podejdzie zadzwoni pomoc
    pomocy pomoze po prostu byc bym juz ok dziekuje nie dobra no jednak prawdziwej rzeczywistym
    the an to with me us i i'd im i'm we my your some any is are there here now right away this that of
    on at through would you it just hello hi hey in for customer asap today speaking up over ok okay yes
    touch from than niz sklepu firmy pilne thanks thank lemme someone not else able available who out
    """.split()
)
_AFTER = frozenset(
    "w bo o poniewaz zeby aby ktory ktora kto od i a oraz na po teraz niz sklepu firmy because about "
    "regarding who that to and "
    "for from than now asap as not instead here please pls plz today thanks".split()
)
_CALLED = frozenset("prosze poprosze please pls plz now natychmiast".split())
_PUT_THROUGH = re.compile(
    r"(?:please |prosze )?(?:transfer|connect|redirect|przelacz\w{0,3}|polacz\w{0,3}"
    r"|przekieruj\w{0,3})(?: me| mnie| nas| us)?"
    r"(?: please| prosze| now| teraz)*\W*"
)
_FACT = re.compile(
    r"\b(?:ile|ilu|kiedy|gdzie|godzin\w*|koszt\w*|platn\w*|dlugo|numer\w*|how (?:much|many|long|often)|when"
    r"|where|hours?|costs?|price|which|what|number|jak(?:i|a|ie|iego|iej|ich|im)|ktor\w+ (?:godzin\w*"
    r"|numer\w*)|zarabia\w*|praca"
    r"|salary|dlaczego konsultant\w*)\b"
)
_FACT_IF_ASKED = re.compile(
    r"\b(?:sobot\w*|niedziel\w*|weekend\w*|wieczor\w*|nocy|swieta|rano|poniedzial\w*|angielsk\w*|niemieck\w*"
    r"|ukrainsk\w*|saturdays?|sundays?|weekends?|evenings?|nights?|english|polish|german|nagryw\w*"
    r"|po \d+|after \d+|free|bezplatn\w*)\b"
)
_HAVE_TO = re.compile(r"\b(?:do (?:i|we) (?:have|need) to|czy (?:trzeba|musze|musimy|koniecznie))\b")
_ASKS_IF = re.compile(r"\W*(?:a |no )?(?:czy|mozna|da sie|can|could|is|are|do|does|may)\b")
_HOW_TO_REACH = re.compile(r"\b(?:jak|how)\b.{0,30}\b(?:skontaktowac|contact|reach|kontakt)\b")
_IF = re.compile(r"\b(?:jesli|jezeli|gdyby|if|unless|chyba ze|w razie)\b")
_NEGATED = re.compile(
    r"\b(?:nie (?:chc\w+|musz\w+|musi\w*|potrzebuj\w+|trzeba|mam zamiaru|mam ochoty|bede|bedziemy|zamierzam"
    r"|wol\w+)"
    r"|(?:don't|dont|do not|won't|wont|will not|not going to|no need to|needn't|didn't|didnt) ?(?:want|need"
    r"|have|wish)?"
    r"|(?:zamiast|instead of))\b"
)
_BOT_REFUSED = re.compile(
    r"\b(?:dosc|nienawidze|stop|wylacz\w*|precz|zaden|zadnych|bez|hate|no more|sick of|fed up with|enough"
    r"|tired of|nie z|not (?:a|an|the|another|some)?|zamiast|instead of)\W+(?:\w+\W+){0,2}$"
)
_WHETHER_BOT = re.compile(
    r"\W*(?:halo\W+|hej\W+|hello\W+|hi\W+|hey\W+)?(?:a )?"
    r"(?:(?:czy )?(?:to |ty )?(?:jestes|jest pan|jest pani|rozmawiam|pisze|gadam|mam do czynienia)"
    r"|(?:czy )?(?:to|tu|tam) (?:jest )?(?=(?:bot|automat|robot|czlowiek))"
    r"|(?:are|r) (?:you|u)|am i (?:talking|speaking|chatting)|is this|are these)\W?"
    r"(?:\w+\W+){0,5}?(?:bot\w{0,3}|chatbot\w{0,3}|czlowiek\w{0,3}|robot\w{0,3}|automat\w{0,3}|maszyn\w{0,2}"
    r"|human|machine"
    r"|ai|zyw\w{1,4} (?:osob\w|czlowiek\w*)|(?:prawdziw\w+|real) (?:osob\w|person))\W*"
    r"(?:(?:czy|or|a|i|nie|z|to|with|an|human|bot\w*|czlowiek\w*|automat\w*|real|person|maszyn\w*)\W*)*$"
)


def wants_person(text: str) -> bool:
    """Whether the turn asks for a human, now and without a condition.

    `"konsultanta poproszę"`, `"nie chcę gadać z botem"` and `"czy jest tam ktoś żywy"` do; `"ile kosztuje
    rozmowa z konsultantem?"` does not, and neither does `"are you human?"`.
    """
    looked = text if len(text) <= 2 * _LONGEST else f"{text[:_LONGEST]}\n{text[-_LONGEST:]}"
    plain = flat(looked).lower().replace("’", "'")
    return any(_requests(sentence[0]) for sentence in _SENTENCE.finditer(plain))


def asks_whether_bot(text: str) -> bool:
    """Whether the customer wants to know if a machine answers: `"czy jesteś botem?"`, `"are you human?"`."""
    return len(text) <= 100 and _WHETHER_BOT.match(flat(text).lower().strip()) is not None


def _requests(sentence: str) -> bool:
    tokens = _TOKEN.findall(sentence)
    if not tokens or _IF.search(sentence) or _WHETHER_BOT.match(sentence):
        return False
    classes = {token: _classes(token) for token in dict.fromkeys(tokens)}
    line = [classes[token] for token in tokens]
    if any("bot" in each for each in line) and _refuses_bot(tokens, line):
        return True
    if not any(each & {"human", "somebody", "desk"} for each in line):
        return _PUT_THROUGH.fullmatch(sentence.strip()) is not None
    if (
        _FACT.search(sentence)
        or _HOW_TO_REACH.search(sentence)
        or _HAVE_TO.search(sentence)
        or _is_negated(sentence, line)
    ):
        return False
    if _ASKS_IF.match(sentence) and _FACT_IF_ASKED.search(sentence):
        return False
    return (
        _is_only_a_request(line)
        or _asks_to_talk(line)
        or _asks_to_have(tokens, line)
        or _begins_with(tokens, line)
    )


def _is_only_a_request(line: Sequence[frozenset[str]]) -> bool:
    """Every word belongs to a request, and a human is named, or somebody together with what is wanted."""
    if len(line) > _LONGEST_REQUEST or not all(line):
        return False
    named = set().union(*line)
    if "human" in named:
        return True
    return "somebody" in named and bool(named & {"alive", "talk", "want", "place"})


def _asks_to_talk(line: Sequence[frozenset[str]]) -> bool:
    """A verb of talking next to a person: between them only words that join."""
    return any(
        _joined(line, place, other)
        for place, each in enumerate(line)
        if "talk" in each
        for other in range(max(0, place - 5), min(len(line), place + 8))
        if line[other] & {"human", "somebody", "desk"}
    )


def _asks_to_have(tokens: Sequence[str], line: Sequence[frozenset[str]]) -> bool:
    """A person that is wanted, and nothing said about them but what for."""
    for place, each in enumerate(line):
        if not each & {"human", "somebody"}:
            continue
        end = place + 1
        while end < len(line) and line[end] & {"human", "somebody", "alive"}:
            end += 1
        joins = tokens[end : end + 1] and tokens[end] in _AFTER and all(line[end : end + 2])
        named = any("contact" in other for other in line[:place])
        about = end < len(line) and not joins and not named and "want" not in line[end]
        before = range(max(0, place - 6), place)
        if not about and any("want" in line[other] and _joined(line, other, place) for other in before):
            return True
    return False


def _begins_with(tokens: Sequence[str], line: Sequence[frozenset[str]]) -> bool:
    """A human is called for at once, whatever follows: "konsultant proszę, bo …"."""
    first = next((place for place, each in enumerate(line) if "human" in each), len(line))
    called = tokens[first + 1 : first + 2]
    return all("filler" in each for each in line[:first]) and bool(called) and called[0] in _CALLED


def _joined(line: Sequence[frozenset[str]], one: int, other: int) -> bool:
    first, last = sorted((one, other))
    return all(line[first + 1 : last])


def _is_negated(sentence: str, line: Sequence[frozenset[str]]) -> bool:
    """Whether it is a person who is not wanted; "nie z botem, chcę człowieka" is not."""
    return bool(_NEGATED.search(sentence)) and not any("bot" in each for each in line)


def _refuses_bot(tokens: Sequence[str], line: Sequence[frozenset[str]]) -> bool:
    for place, each in enumerate(line):
        after = place + 1
        wanted = after < len(line) and (
            tokens[after] in _AFTER or line[after] & {"want", "talk", "human", "somebody"}
        )
        if "bot" not in each or not (after == len(line) or wanted):
            continue
        before = " ".join(tokens[max(0, place - 7) : place]) + " "
        if _is_a_thing(tokens, line, place):
            continue
        negated = _NEGATED.search(before)
        if negated and all(_classes(token) for token in before[negated.end() :].split()):
            return True
        if _BOT_REFUSED.search(before):
            return True
    return False


def _is_a_thing(tokens: Sequence[str], line: Sequence[frozenset[str]], place: int) -> bool:
    """Robots and machines are sold too: nobody talks with those."""
    if "bot" in tokens[place] and not tokens[place].startswith("robot"):
        return False
    spoken_with = place > 0 and tokens[place - 1] in {"z", "with", "to"}
    return not spoken_with and not any("talk" in each for each in line[:place])


def _classes(token: str) -> frozenset[str]:
    """What a word may be in a request; empty for one that has no place there."""
    found = {name for name, whole in _WHOLE if token in whole}
    found |= {name for name, stems in _STEMS if any(map(partial(_begins, token), stems))}
    if token not in _FILLER and (token in _TALK or _mistyped(token, _TALK)):
        found.add("talk")
    return frozenset(found)


_WHOLE = (
    ("human", _HUMAN_WHOLE),
    ("somebody", _SOMEBODY_WHOLE),
    ("desk", _DESK_WHOLE),
    ("alive", _ALIVE_WHOLE),
    ("bot", _BOT_WHOLE),
    ("want", _WANT_WHOLE),
    ("filler", _FILLER),
    ("present", frozenset("jest sa is are".split())),
    ("place", frozenset("tam tu tutaj there here".split())),
)
_STEMS = (
    ("human", _HUMAN),
    ("somebody", _SOMEBODY),
    ("desk", _DESK),
    ("alive", _ALIVE),
    ("bot", _BOT),
    ("filler", _TALK_NOUN),
    ("contact", _TALK_NOUN),
)


def _begins(token: str, stem: str) -> bool:
    """Whether a word is a form of the stem, with one typing error at most in a long one."""
    if token.startswith(stem):
        return len(token) - len(stem) <= _LONGEST_ENDING
    if len(stem) < _SHORTEST_MISTYPED or token[:1] != stem[0]:
        return False
    lengths = range(len(stem) - 1, len(stem) + 2)
    return len(token) <= len(stem) + _LONGEST_ENDING and any(
        _one_error(token[:length], stem) for length in lengths if length <= len(token)
    )


def _mistyped(token: str, forms: Sequence[str]) -> bool:
    """Whether one error makes the word of one of the forms; "rozmawiał" is no error but another time."""
    if len(token) < _SHORTEST_MISTYPED or re.search(
        r"(?:l[aeiy]?m?|m|my|sz|[aei]nie|a|ed|ing|s|al[ae]m)$", token
    ):
        return False
    return any(
        token[0] == form[0] and _one_error(token, form) for form in forms if len(form) >= _SHORTEST_MISTYPED
    )


def _one_error(one: str, other: str) -> bool:
    """Equal but for a letter more, less or other, or two exchanged."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])

"""How people ask, demand and complain in Polish and English.

All patterns are matched on text without diacritics, which many people type without them.
"""

from __future__ import annotations

import re

_WORD_THAT_ASKS = (
    r"ile|ilu|iloma|kiedy|gdzie|skad|dokad|kto|kogo|komu|kim|czyj\w*|co|czego|czemu|czym|czy|jak|jaki\w*"
    r"|jaka|ktor\w+|dlaczego|what|when|where|who|whom|whose|which|why|how|what's|how's|where's"
)
_VERB_THAT_ASKS = (
    r"do(?= (?:you|i|we|they|the|these|those|your|my)\b)|does|did|is|are|was|were|can|could|may|will|would"
    r"|should|have|has|am|mozna|moge|mozemy|mozecie|da sie"
)
_LEADING = (
    r"\W*(?:(?:a|i(?! (?:am|would|have|can|could|did|was|will|should|may)\b)|oraz|no|ok|okej|wiec|to"
    r"|poza tym|ponadto|and|so|but|or|also|pytanie|question)[,:\s]+){0,3}"
)
ASKS_FIRST = re.compile(
    rf"{_LEADING}(?:(?:po|za|do|od|na|w|z|o|przez|from|to|at|in|for)\s)?(?:{_WORD_THAT_ASKS}"
    rf"|{_VERB_THAT_ASKS})\b",
    re.IGNORECASE,
)
"""A sentence that begins with a word which asks."""
ASKS = re.compile(
    r"\b(?:(?:prosze|prosil\w+|prosimy|poprosze) (?:tez |rowniez |uprzejmie |serdecznie )?o (?:\w+ )?"
    r"(?:informacj\w+|odpowiedz|wyjasnieni\w+|wskazowk\w+|rad[ey]|podanie|potwierdzenie|sprawdzenie"
    r"|podpowiedz|instrukcj\w+)"
    r"|prosze (?:mi )?(?:powiedziec|napisac|wyjasnic|podac|doradzic|sprawdzic|dac znac|wskazac)"
    r"|(?:chcial\w+|chce|chcemy|chcielibysmy)\s(?:tez |rowniez )?(?:sie )?(?:dowiedziec|wiedziec|zapytac"
    r"|spytac|upewnic)"
    r"|(?:wdzieczn\w+|informacj\w+|pytani\w+|podpowie\w*|doradz\w*|understand|find out|grateful|curious"
    r"|clarif\w+)"
    r"\b.{0,40}\b(?:czy|jak\w*|ile|kiedy|gdzie|ktor\w+|whether|if|how|what|when|which)"
    r"|(?:mam|mialbym|mialabym) (?:\w+ )?pyta\w+ (?:odnosnie|o|dotyczac\w+|w sprawie|co do|zwiazan\w+)"
    r"|questions? (?:about|regarding|concerning)"
    r"|zastanawiam sie|interesuje mnie|ciekawi mnie|nie (?:wiem|rozumiem|jestem pew\w+),? (?:czy|jak|ile"
    r"|gdzie|kiedy|co|ktor)"
    r"|(?:pytam|pytanie),? (?:czy|jak|ile|gdzie|kiedy|o)|nie znalaz\w+ .{0,25}informacji"
    r"|please (?:tell|let me know|advise|confirm|explain)|i(?:'d| would) like to (?:know|ask|find out"
    r"|understand)"
    r"|i want to (?:know|ask|find out)|i(?:'m| am|'ve been)? ?wonder\w*|not sure (?:if|whether|how|what"
    r"|which)"
    r"|(?:could|can|would) you (?:please |kindly )?(?:tell|let|advise|confirm|explain))\b",
    re.IGNORECASE,
)
"""A question in the form of a statement."""
DEMANDS = re.compile(
    r"\b(?:prosze|prosimy|poprosze|wnosze|wnioskuj\w+) o\b|\b(?:prosze|prosimy) (?:mi |nam )?(?:\w+[aei]c"
    r"|o \w+)\b"
    r"|\b(?:zadam|domagam|oczekuj\w+|odstepuj\w+|rezygnuj\w+|reklamuj\w+|zglaszam|skladam)\b"
    r"|\b(?:chce|chcial\w+|chcemy|potrzebuj\w+|musze|zamierzam)\s(?:\w+\s){0,2}\w+(?:ac|ec|ic|yc|uc|sc|zc)\b"
    r"|\b(?:chce|chcial\w+|chcemy) (?:wymian|zwrot|napraw|rekompens|odszkodow|anulow|rabat|obnizk|pieni)\w*"
    r"|\b(?:i|we)(?:'d| would)? (?:want|need|wish|like|demand|request|expect) (?:to|my|a|an|the|you)\b"
    r"|\bplease (?:send|refund|replace|cancel|change|exchange|repair|check|correct)\b",
    re.IGNORECASE,
)
"""What somebody wants done."""
PROBLEM = re.compile(
    r"\b(?:wciaz|nadal|ciagle|do dzis|do dzisiaj|jeszcze) nie\b|\bprzesta\w+ dzialac\b|\bnic sie nie dzieje\b"
    r"|\bstill (?:no|not|waiting|has ?n[o']t|have ?n[o']t)|\bstopped working\b|\binvalid\b|\bfail(?:s|ed"
    r"|ing)?\b"
    r"|\bnie (?:dotar\w+|dosz\w+|przysz\w+|dziala\w*|otrzyma\w+|dosta\w+|zgadza\w*|pasuj\w+|moge|da sie"
    r"|odbiera|wchodz\w+|odpowiad\w+)"
    r"|\b(?:uszkodz|pekn|pekl|pekaj|zlam|polam|zepsu|popsu|zniszcz|wadliw|rozbi|pomyl|niewlasciw|zardzew"
    r"|rdzew|zagin|zgubi|zapomnia"
    r"|opozni|spozni|blad|bled|problem|reklamac|brakuj|brakowa|niekompletn|oszuk|wyrzuci)\w*|\bwad[aeyi]\b"
    r"|\bbrak\b|\bzl[yae]\b|\binn[yae] niz\b"
    r"|\b(?:broke|broken|breaks?|crack\w*|damag\w+|fault\w*|defect\w*|missing|wrong|late|delay\w*|problem"
    r"|issue|error|snapped|lost|stuck"
    r"|incomplete|rust\w*|forgot\w*)\b"
    r"|\b(?:never|not|hasn't|haven't|didn't|doesn't|don't|isn't|can't|cannot|won't) (?:yet )?(?:arriv|com"
    r"|receiv|work|fit|get|got|been|find|open)\w*",
    re.IGNORECASE,
)
"""Something went wrong."""
EMPTY = frozenset(
    """
    a i o u w z ze za na do od po przy pod nad dla bez bo by oraz ale lecz albo lub czyli wiec no ok okej
    tak nie to te ten ta tego tej temu tym tych tymi ja ty on ona ono my wy oni one mnie mi mna ciebie ci go
    jego mu jej nia niej nim nich ich im je nas nam was wam sie siebie sobie swoj swoja moj moja moje mojego
    mojej wasz wasza wasze nasz ile ilu kiedy gdzie skad dokad kto kogo komu kim czyj nic co czego czemu
    czym czy jak jaki jaka jakie jakiego jakiej jakich jakim ktory ktora ktore ktorych dlaczego jest sa byc
    bylo byl byla bede bedzie beda mam masz ma mamy macie maja mial miec moge mozesz moze mozna mozemy
    mozecie musze musi trzeba nalezy powinienem powinnam powinno chce chcial chcialbym chcialabym chcemy
    prosze prosimy poprosze dziekuje pan pani panstwo panstwa panstwu juz jeszcze tez takze rowniez tylko tu
    tam wtedy teraz dzis dzisiaj jutro wczoraj bardzo zeby aby jesli jezeli gdy skoro taki taka takie takiej
    takiego takich potem pozniej informacje informacja odpowiedz pytanie dowiedziec wiedziec zapytac
    powiedziec napisac pomoc pomoze sytuacji przypadku chodzi zrobic robic the an and or but so of in at
    for from
    with without about into is are were be been am does did have has had can could may might must will would
    shall should me mine you your yours he she it its we us our they them their this that these those there
    here what when where who which why how much many not yes please thanks thank tell know let ask wonder
    want need like get got also too then if as any some ones just still really whether
    """.split()
)
"""Words that ask or hold a sentence together; what it is about stands in the others."""
ANAPHOR = re.compile(
    r"\b(?:tego|temu|tym|ten|ta|te|tej|tych|nim|nia|niej|nich|ich|im|je|go|jego|jej|mu|ona|ono|one|oni|tam"
    r"|wtedy|tak\w{2,4} sytuacj\w"
    r"|it|its|this|that|these|those|they|them|their|one|ones)\b",
    re.IGNORECASE,
)
"""It points at something that was named before."""
SENTENCE_WORD = re.compile(
    r"\b(?:mi|mnie|sie|nam|mam|mamy|chce|moge|nie|jest|sa|byl\w*|bylo|moj\w*|nasz\w*|prosze|wy|jestem|i|my"
    r"|me|we|us|is|are|was|have"
    r"|has|want|need|can't|don't|doesn't|didn't|it|please)\b",
    re.IGNORECASE,
)
"""Words that no list of keywords has."""

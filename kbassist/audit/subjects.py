"""What a sentence is about, as a set of words that equal ones share.

Inflected forms have one key, words of one family too ("zwrot", "zwrócić"), and words that add nothing to
the subject of a support text have none.
"""

from __future__ import annotations

import re

from kbassist.protocols import Analyzer

_FAMILIES = """
return: zwrot zwrócić zwracać return
withdraw: odstąpić odstąpienie odstępować withdraw withdrawal
complain: reklamacja reklamować zareklamować complaint complain
deliver: dostawa dostarczyć dostarczać dostarczenie doręczyć przesyłka paczka delivery deliver shipment
ship: wysyłka wysłać wysyłać wysłanie ship shipping dispatch
pay: płatność zapłata opłacić opłacenie payment
guarantee: gwarancja gwarantować warranty guarantee
answer: rozpatrzyć rozpatrywać rozpatrzenie odpowiedzieć odpowiadać odpowiedź answer reply respond response
cancel: anulować anulowanie odwołać odwołanie cancel cancellation
terminate: wypowiedzieć wypowiedzenie wypowiadać
repair: naprawa naprawić naprawiać repair
exchange: wymiana wymienić wymieniać exchange replace replacement
free: darmowy bezpłatny bezpłatnie darmo gratis free
valid: ważny ważność valid validity
money: pieniądz pieniądze środki money
refund: refund reimburse reimbursement
discount: rabat zniżka upust discount off
borrow: wypożyczyć wypożyczenie wypożyczać borrow
store: przechowywać przechowywanie store keep
courier: kurier kurierski courier
subscribe: zapis zapisać subscribe subscription subscriber
"""
_POLISH = """
a aby albo ale aż bez bo by być był była było były ci co czy dla do gdy gdyż gdzie go i ich ile im inny
iż ja jak jaki jakie jako je jego jej jest jesteś jestem jeszcze jeśli jeżeli już kiedy każdy kto która
które którego której którym który którzy lub ma mają mam mamy masz mi mieć moja moje mój może możemy
możesz mogą mogę można my na nad nam nami nas nasz nasza nasze nich nie nim niż o od on ona one oni oraz
oto pan pani po pod podczas poprzez potem przed przez przy są się skąd swoje swój ta tak także tam te
tego tej ten też to tobie tu twoja twoje twój ty tych tylko tym u w wam was wasz we więc wszystko
wszystkie wszelki wy z za zaś ze że żeby wynosić wynosi trwać trwa przysługiwać należeć należy musieć
musisz powinien zostać prosić prosimy otrzymać otrzymasz dostać dostaniesz płacić zapłacić pobierać
pobieramy doliczać doliczamy naliczać przyjmować możliwy możliwość obowiązywać udzielać dokonać podać
podawać podając podanie podania przyczyna powód prawo zachowanie zachowaniem kosztować koszt opłata cena
wysokość suma czas okres termin ciąg chwila dzień data moment początek klient konsument kupujący
użytkownik osoba sprzedawca sklep towar produkt rzecz artykuł zakup zakupy prezent upominek zamówienie
zamówienia zamówień zamówić raz zawsze obecnie teraz łącznie cały maksymalnie minimum najpóźniej później
umowa
"""
_ENGLISH = """
a about all also an and any are as at be been being but by can could did do does each every for from get
give given giving had has have he her his how i if in into is it its just last may me more must my no
not now of on one only or our ours out please receive reason right shall she should so some take than
that the their them then there these they this those to until up us was we were what when where which
who whom why will with within without would you your yours amount apply applies accept pay cost fee
price charge come lasts long period possible process processed issue issued term time day buyer client
consumer customer user seller shop item product good goods order purchase gift always currently
"""
_SCOPE = """
regulamin polityka warunki zasady postanowienia faq pytania odpowiedzi pytanie pomoc kontakt informacje
informacja cennik oferta promocje blog strona główna często zadawane tabela opłaty umowa konto
zamówienia poradnik nowości aktualności terms conditions policy help question answer contact information
about prices pricing offers home page privacy guide news support account orders faqs
"""
_WORD = re.compile(r"\w+")


class Subjects:
    """Keys of words, by one analyzer. Keeps the keys of words it has seen."""

    def __init__(self, analyze: Analyzer) -> None:
        self._analyze = analyze
        self._families = {
            term: name
            for line in _FAMILIES.strip().splitlines()
            for name, members in [line.split(":")]
            for term in self._lemmas(members)
        }
        self._generic = self._lemmas(_POLISH) | self._lemmas(_ENGLISH)
        self._forms = frozenset((_POLISH + _ENGLISH).split())
        self._scope = self._lemmas(_SCOPE)
        self._seen: dict[str, str | None] = {}

    def keys(self, text: str) -> list[str]:
        """The keys of the words that carry the subject, in order."""
        return [key for word in _WORD.findall(text.lower()) if (key := self._key(word)) is not None]

    def scope(self, title: str) -> frozenset[str]:
        """The keys of a title that tell its page from pages of the same sort: a product, a country.

        Families and the usual names of support pages tell nothing.
        """
        families = frozenset(self._families.values())
        return frozenset(self.keys(title)) - families - self._scope

    def _lemmas(self, words: str) -> frozenset[str]:
        return frozenset(terms[-1] for word in words.split() if (terms := self._analyze(word)))

    def _key(self, word: str) -> str | None:
        if word not in self._seen:
            self._seen[word] = self._look_up(word)
        return self._seen[word]

    def _look_up(self, word: str) -> str | None:
        if word in self._forms or (len(word) == 1 and word.isalpha()):
            return None
        terms = self._analyze(word)
        if not terms:
            return None
        # The last term is the lemma where the analyzer gives a stem and a lemma.
        lemma = terms[-1]
        return self._families.get(lemma) or (None if lemma in self._generic else lemma)

"""Words that mean the same, words that add nothing, and words that turn what is said into something else.

All lower-case and without diacritics, as they are compared.
"""

from __future__ import annotations

GROUPS = """
return: zwrot zwrocic zwracac zwracany oddac oddawac odeslac odeslanie odsylac return returned
withdraw: odstapic odstapienie odstepowac withdraw withdrawal
complain: reklamacja reklamowac zareklamowac complaint complain
delivery: dostawa dostarczyc dostarczac dostarczenie doreczyc doreczenie deliver delivery
ship: wysylka wysylac wyslac wysylanie nadac nadawac ship shipping shipment dispatch
parcel: przesylka paczka parcel package
pay: zaplacisz pokrywa placic zaplacic oplacic uiscic pokryc pokrywac ponosic poniesc pay payment paid
fee: oplata naleznosc fee charge
charge: pobierac pobrac naliczac naliczyc doliczac doliczyc charge
credit: dopisac dopisywac dopisany credit
start: zaczynac zaczac rozpoczynac rozpoczac start begin
finish: konczyc zakonczyc end finish
cost: kosztowac koszt cena cost price
guarantee: gwarancja gwarancyjny gwarantowac warranty guarantee
cancel: odwolac odwolywac odwolanie anulowac anulowanie cancel cancellation cancelled
terminate: wypowiedziec wypowiadac wypowiedzenie terminate termination
repair: naprawa naprawic naprawiac repair
exchange: wymiana wymienic wymieniac exchange
refund: refund reimburse reimbursement
answer: odpowiedziec odpowiadac odpowiedz answer reply respond
consider: rozpatrzyc rozpatrywac rozpatrzenie
submit: zlozyc skladac zlozenie skladanie
report: zglosic zglaszac zgloszenie report
attach: dolaczyc dolaczac enclose attach
prolong: przedluzyc przedluzac przedluzenie renew extend
issue: wystawic wystawiac wystawienie issue
carry: przewozic przewiezc przewoz carry transport
borrow: wypozyczyc wypozyczac wypozyczenie borrow
accept: przyjac przyjmowac przyjmowany accept
receive: dostaniesz otrzymasz otrzymac otrzymywac otrzymanie dostac dostawac odebrac odbior receive receipt
raise: podniesc podnosic podwyzszyc podwyzszac podwyzka zwiekszyc zwiekszac raise increase
lower: obnizyc obnizac obnizka zmniejszyc zmniejszac lower reduce decrease
buy: zakupy kupic kupowac zakup kupno nabyc nabywac buy purchase bought
sell: sprzedac sprzedawac sprzedaz sell sold sale
inform: informowac poinformowac zawiadomic zawiadamiac powiadomic powiadamiac notify inform
open: otwarty otwierac czynny open -zamkniety -closed
free: darmo bezplatny darmowy gratis bezplatnie free -platny -odplatny
used: uzywany uzywac -nieuzywany
available: dostepny oferowac oferowany offer available offered
discount: rabat znizka upust discount
customer: klient konsument kupujacy nabywca customer consumer buyer
seller: sprzedawca sklep seller shop store
goods: towar produkt artykul rzecz item product goods article
money: pieniadz pieniadze srodki kwota naleznosc money
contract: umowa contract agreement
invoice: faktura invoice
defect: wada usterka defect fault
damage: uszkodzenie uszkodzic damage
work: pracowac dzialac czynny work operate
manage: prowadzic kierowac manage run
hours: godzina godziny
post: list listownie poczta post mail
phone: telefon telefonicznie telefoniczny phone telephone
email: mail email mailowo mailem
online: online internetowo internet
travel: jezdzic podrozowac podroz jechac travel journey
lose: stracic tracic utracic lose
arrive: przyjazd przyjechac arrive arrival
leave: wyjazd wyjechac opuszczac opuscic leave departure
change: zmiana zmieniac zmienic change
credited: zaksiegowac zaksiegowanie ksiegowac
install: instalowac zainstalowac instalacja install installation
switch: odlaczyc odlaczac wylaczyc wylaczac unplug disconnect
consent: zgoda consent permission
expire: wygasnac wygasac void expire invalid
company: firma przedsiebiorstwo company
book: rezerwowac zarezerwowac rezerwacja booking reservation
appoint: umowic umawiac
employee: pracownik employee
win: pokonac pokonywac rozbic zwyciezyc defeat beat rout
found: zalozyc zakladac zalozenie found founded
born: urodzic narodziny born birth
die: umrzec zmarl smierc die died death
sign: podpisac podpisywac podpisanie sign
write: napisac pisac autor write wrote written author
discover: odkryc odkrywac odkrycie discover discovery
build: zbudowac budowac budowa wybudowac build built construction
create: utworzyc stworzyc tworzyc powstac create
lie: polozony lezec located situated
live: mieszkac zamieszkiwac live
send: send sent
keep: keep kept
hold: hold held
win: win won
lead: lead led
meet: meet met
make: make made
take: take took taken
give: give gave given
find: find found
tell: tell told
speed: szybko szybki quick quickly fast
"""
"""The first word names the group; one with a minus means the opposite."""

NEUTRAL = frozenset(
    """
    wynosic wynosi wynosily wynosza trwac trwa trwaja byc zostac zostal zostala zostaly zostaje istniec
    stanowic stanowi dokonac dokonywac nastapic nastepuje odbywac odbywa mozliwosc mozliwe fakt oznaczac
    oznacza zatem wiec dlatego rowniez ponadto oto tak wlasnie chodzi dotyczy uzyskac chwila moment termin
    okres czas ciag przeciag uplyw wysokosc kwota lacznie odpowiednio zgodnie dany dana dane ww powyzszy nic
    nazywac zwany nazwany okreslac kosztowac cena koszt miec posiadac ma maja mial miala mieli zl posiada
    is are was were be been amount amounts period term last lasts take takes time have has had come comes
    respectively according therefore also make makes made total equal equals namely called named known
    stay stays remain remains zostaje pozostaje pozostaja made process cost costs price
    """.split()
)
"""They carry what is said and say nothing themselves."""

FUNCTION = frozenset(
    """
    za sie juz jesli jezeli gdy kiedy o ile iz ze zeby aby by oraz i a ale lecz lub albo ani bo gdyz poniewaz
    ktory ktora ktore ktorego ktorej ktoremu ktorych ktorym ktorymi ktora ktorzy przez u w we z ze na do od
    po pod nad dla przy przed poza miedzy podczas wobec wraz zas natomiast jednak czyli tzn ten ta to te ci
    tego tej temu tym tych tymi swoj swoja swoje swojego swojej ich jego jej im mu nim nia on ona ono oni
    one wy my ty ja nas nam was wam sa jest bedzie beda byl byla bylo byly jako niz takze tez wtedy wowczas
    tam tu jedno jeden jedna
    the a an of to in on at by for from with as or and but that which who whom whose this these those it its
    they them their he she his her him you your yours we us our ours i me my will would shall is are was
    were be been being has have had do does did not than then there so if unless when while whereas into
    onto upon within during before after since until till about up out off over under per via own one
    provided each other another am pm
    """.split()
)

SURE_VERBS = frozenset(
    "costs covers pays starts ends takes lasts includes applies expires leaves comes runs works opens"
    " closes begins"
    " requires needs becomes gives gets lies notifies informs refunds replaces issues installs allows carries"
    " provides flows belongs remains receives sends keeps holds".split()
)
"""English words that are verbs wherever they stand, or nearly so."""
AUXILIARIES = frozenset(
    "is are was were has have may must can cannot could will would should shall does do sa jest ma maja"
    " moze mozna".split()
)

POSSIBLE = {
    "pl": r"moze|moga|mozesz|mozna|mozecie|mozliw\w+|wolno|uprawnion\w+|prawo|przysluguje|dozwolon\w+"
    r"|dopuszcz\w+",
    "en": r"may|can|could|might|allowed|entitled|permitted|able|eligible|possible|cannot|can't",
}
OBLIGED = {
    "pl": r"musi|musza|musisz|musicie|powinien|powinn\w+|nalezy|trzeba|obowiazan\w+|zobowiazan\w+"
    r"|obowiazek|konieczn\w+|niezbedn\w+|wymag\w+|obowiazkow\w+",
    "en": r"must|shall|should|required?|requires|obliged|necessary|need|needs|mandatory|obligatory",
}
"""English "has to" is joined to one word before it is looked up."""

NEGATING = {
    "pl": r"nie|nigdy|nikt|nikogo|nikomu|nic|niczego|zad\w{1,5}|ani|brak|brakuje|niemozliw\w+|zabron\w+"
    r"|zakaz\w*"
    r"|wyklucz\w+",
    "en": r"not|never|no|nobody|none|nothing|neither|nor|cannot|\w+n't|impossible|forbidden|prohibited"
    r"|excluded",
}
WITHOUT = {"pl": r"bez", "en": r"without"}

QUANTIFIERS = {
    "all": r"wszyst\w+|wszelk\w+|kazd\w+|zawsze|all|every|each|any|always|anyone|everyone|everything",
    "some": r"niektor\w+|czesc|czesciowo|wybran\w+|czas(?:em|ami)|wiekszosc|niekiedy|some|certain|selected"
    r"|sometimes|most|partly|kilka|kilku|several|few|wiele|wielu|many",
    "usually": r"zwykle|zazwyczaj|najczesciej|przewaznie|zasadniczo|usually|typically|normally"
    r"|generally|often"
    r"|czesto|mostly|rzadko|rarely|seldom",
    "only": r"tylko|wylacznie|jedynie|only|solely|exclusively",
    "even": r"nawet|even|dopiero|co\snajmniej",
    "still": r"jeszcze|nadal|juz|still|already",
}
"""`all` may be left out of what is said but not put in; the others may be neither."""

BEFORE = frozenset("przed before prior wczesniej earlier advance until".split())
AFTER = frozenset("po od after from since following upon once pozniej later".split())
FROM = frozenset("z ze od from".split())
TOWARDS = frozenset("do to into onto".split())

CONDITIONS = {
    "pl": r"jesli|jezeli|o ile|pod warunkiem|gdy|gdyby|w przypadku|w razie|chyba ze|z wyjatkiem|oprocz"
    r"|z zastrzezeniem|w sytuacji|po warunkiem|dopoki",
    "en": r"if|unless|provided|providing|as long as|when|whenever|in case|in the event|subject to|except"
    r"|apart from|other than|excluding|on condition",
}
EXCEPTIONS = r"chyba ze|z wyjatkiem|oprocz|unless|except|apart from|other than|excluding"

AGENTLESS = frozenset(
    "termin czas okres koszt oplata cena kwota prowizja wysokosc suma prawo mozliwosc obowiazek".split()
)
"""Nouns that stand where the one who acts would, and do not act."""

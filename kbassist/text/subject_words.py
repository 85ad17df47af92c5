"""The words by which `kbassist.text.subjects` tells what a sentence is about."""

FAMILIES = """
return: zwrot zwrócić zwracać odesłać odsyłać odesłanie oddać oddawać return
withdraw: odstąpić odstąpienie odstępować withdraw withdrawal
complain: reklamacja reklamować zareklamować complaint complain
deliver: dostawa dostarczyć dostarczać dostarczenie doręczyć doręczać doręczenie przesyłka paczka delivery
deliver: deliver
ship: wysyłka wysłać wysyłać wysłanie nadać nadanie ship shipping shipment dispatch
pay: płatność zapłata payment
guarantee: gwarancja gwarantować warranty guarantee
answer: rozpatrzyć rozpatrywać rozpatrzenie odpowiedzieć odpowiadać odpowiedź answer reply respond response
cancel: anulować anulowanie odwołać odwołanie odwoływać cancel cancellation
terminate: wypowiedzieć wypowiedzenie wypowiadać rozwiązać rozwiązywać rozwiązanie zerwanie notice terminate
terminate: termination
repair: naprawa naprawić naprawiać repair
exchange: wymiana wymienić wymieniać exchange replace replacement
free: darmowy bezpłatny bezpłatnie darmo gratis nieodpłatny nieodpłatnie free
valid: ważny ważność wygasnąć wygasać wygaśnięcie valid validity expire expiry
money: pieniądz pieniądze środki money
refund: refund reimburse reimbursement
discount: rabat zniżka upust zniżkowy taniej discount off save cheaper
borrow: wypożyczyć wypożyczać borrow lend rent hire rental
store: przechowywać przechowywanie store keep retain
courier: kurier kurierski courier
subscribe: zapis zapisać subscribe subscription subscriber
animal: zwierzę zwierzak pet animal
smoke: palenie palić smoke smoking
book: rezerwacja rezerwować zarezerwować book booking reservation reserve
park: parking parkować parkowanie
collect: odbiór collect collection pickup
deposit: kaucja deposit
student: student studencki
open: otwarty otwarcie czynny open opened
include: wliczony zawarty include included
change: zmiana zmienić zmieniać change modify
transfer: przenieść przeniesienie przenosić transfer transferable
close: zamknąć zamknięcie zamykać close
apply: wniosek podanie aplikacja application
report: zgłosić zgłoszenie zgłaszać powiadomić powiadamiać poinformować zawiadomić report notify inform
luggage: bagaż walizka luggage baggage suitcase
visit: wizyta appointment
check_in: zameldowanie zameldować meldować
check_out: wymeldowanie wymeldować
register: rejestracja rejestrować zarejestrować register registration
recording: nagranie nagrywać recording
insure: ubezpieczenie ubezpieczyć ubezpieczać insurance insure
install: instalacja instalować zainstalować montaż montować installation install
invoice: faktura invoice
enter: wejście wejść wprowadzić wprowadzać wprowadzanie wstęp wnosić wnoszenie wnieść entry enter admission
cod: pobranie pobraniowy
activate: aktywacja aktywować activate activation
"""
"""Words of one action or thing that rules of support are about; verbs are told with their nouns."""

POLISH = """
a aby albo ale ani aż bez bo by być był była było były ci co czy dla do gdy gdyż gdzie go i ich ile im
inny iż ja jak jaki jakie jako je jego jej jest jesteś jestem jeszcze jeśli jeżeli już kiedy każdy kto
która które którego której którym który którzy lub ma mają mam mamy masz mi mieć moja moje mój może
możemy możesz mogą mogę można na nad nam nami nas nasz nasza nasze nich nie nim niż o od on ona one oni
oraz oto pan pani po pod podczas poprzez potem przed przez przy są się skąd swoje swój ta tak także tam
te tego tej ten też to tobie tu twoja twoje twój ty tych tylko tym u w wam was wasz we więc wszystko
wszystkie wszelki wy z za zaś ze że żeby wynosić wynosi trwać trwa przysługiwać należeć należy musieć
musisz powinien zostać prosić prosimy otrzymać otrzymywać otrzymasz dostać dostaniesz pobierać pobieramy
doliczać doliczamy naliczać przyjmować możliwy możliwość obowiązywać udzielać udzielić dokonać podać
podawać podając podania przyczyna powód prawo zachowanie zachowaniem zachować zachowywać kosztować koszt
opłata cena dopłata wysokość suma kwota czas okres termin ciąg chwila dzień data moment początek klient
konsument kupujący nabywca użytkownik osoba sprzedawca sklep towar produkt rzecz artykuł zakup zakupy
zakupić zakupiony kupić kupiony prezent upominek zamówienie zamówienia zamówień zamówić raz zawsze
obecnie teraz łącznie cały maksymalnie minimum najpóźniej później umowa wystarczyć następować nastąpić
realizować realizacja realizowany odpowiedni stosowny standardowo inny podstawa życzenie siebie prośba
dostępny mniej więcej zapłacić płacić opłacić opłacać odbywać wszyscy pozostały sam nowy powyżej ponad
poniżej niżej złożyć złożenie otrzymanie objąć objęty dowolny niestety oczywiście swoją swojego
kalendarzowy roboczy skala tytuł przypadek ramy ramach zgodnie potrzebny wymagany wymagać wymóg
konieczny obowiązkowy niezbędny trzeba musi muszą dozwolony dopuszczalny zabroniony niedozwolony
niemożliwy zakaz zakazany wolno nieograniczony oferować oferta akceptować akceptowany honorować
honorowany mile widziany skorzystać korzystać aktualny aktualnie właśnie dodatkowo również ponadto
jednak około aż wejść życie obowiązek uprawniony ponosić ponieść pokrywać pokryć doba informacja dni
dnia dniu dniach godzina godzin tydzień miesiąc rok lat zł złotych procent proc wszelka bardzo łatwo
szybko wygodnie wcześniej naprzód góry ciebie tobą płatny odpłatny zawrzeć zawierać zawierany upływać
upływ kończyć skończyć zakończyć potrwać rozpocząć zaczynać kategoria jeden sztuka łączny nabycie żaden
żadna żadnych brak chcieć dawać daje dać przewidywać umożliwiać umożliwić netto brutto vat długo dużo
wiele często
"""
ENGLISH = """
a about all also always an and any anything apply applies are as at be been being but by can cannot
could did do does don each every everything for from get give given giving had has have he her hers his
how i if in into is isn it its just last may me more must my no non not now of on one only or other our
ours out per please receive reason right shall she should so some subject take than that the their them
then there these they this those to too unfortunately until up us was we were what when where which who
whom whose why will with within without won would yes you your yours amount accept accepted pay payable
paid cost costs fee price priced charge charged come comes lasts long period possible process processed
issue issued term time day days hour hours week weeks month months year years minute minutes deadline
another person people someone else anyone everyone stay stays advance first buyer client consumer
customer user seller shop item product good goods order place placed purchase buy bought gift currently
allow allowed permit permitted prohibit prohibited forbid forbidden require required requirement
necessary need needs needed mandatory able unable welcome enjoy carry have policy offer available
unavailable moment run runs date own provide provided enough make happen via using use used must dollars
pounds euros vat net gross full total over above under below more less least most exceeding worth value
bear create remaining new terms owe incur responsible complete receive receipt rate end ends start
starts begin begins due after before once want like unlimited impossible nontransferable happy much many
quickly quick soon fast often contract agreement either party give giving
"""
PAGES = """
regulamin polityka warunki zasady postanowienia faq pytania odpowiedzi pytanie pomoc kontakt informacje
informacja cennik oferta promocje blog strona główna często częste zadawane najczęstsze tabela opłaty
opłata prowizja umowa konto zamówienia poradnik nowości aktualności komunikat komunikaty koszty czas
terms conditions policy help question answer contact information about prices pricing offers home page
privacy guide news support account orders faqs rates charges centre center plan taryfa historia kronika
zmiany marka firma sklep usługa usługi rules rule general ogólne service services house guest visit good
know compare comparison wszystko jak kupować zamawiać obsługa klient klienta desk front getting started
shop store our us join
"""
FORMS = """
later earlier longer sooner latest earliest less później wcześniej dłużej krócej
"""
"""These words alone, not the others of their lemma: "no later than" is a limit, "late" is not."""
AUDIENCES = """
firma firmowy przedsiębiorca biznes biznesowy b2b hurt hurtowy hurtownik instytucja prywatny
indywidualny grupowy grupa dziecko dziecięcy dorosły senior student szkoła szkolny nauczyciel premium
złoty srebrny platynowy gold silver platinum vip business company wholesale trade individual group child
children kid adult senior student teacher school member członek klubowicz abonent pracownik employee
staff resident mieszkaniec
"""
PLACES = """
zagranica zagraniczny międzynarodowy unia europejski europa ue niemcy niemiecki niemczech czechy czeski
słowacja francja hiszpania włochy litwa ukraina austria anglia brytania irlandia szwecja norwegia dania
holandia belgia szwajcaria usa ameryka kanada chiny japonia warszawa kraków gdańsk wrocław poznań łódź
abroad international overseas eu europe european germany german czech slovakia france french spain
spanish italy italian lithuania ukraine austria england britain ireland irish sweden norway denmark
netherlands belgium switzerland america canada china japan australia scotland wales london berlin paris
"""
HOME = """
polska polski kraj krajowy teren domestic uk us nationwide
"""
"""A rule without a place is one for the home country."""
ROLES = """
gość abonent pasażer podróżny uczestnik czytelnik pacjent kandydat wnioskodawca posiadacz właściciel
zamawiający klub bank hotel operator przewoźnik salon muzeum kino teatr siłownia biblioteka przychodnia
uczelnia wypożyczalnia serwis biuro linia portal platforma guest passenger traveller participant patient
subscriber applicant holder owner club operator carrier airline museum cinema theatre theater gym
library clinic university salon office company platform website site reception team staff obsługa zespół
konsultant pracownik strona obiekt ośrodek placówka oddział punkt lokal budynek
"""
"""Whom a rule is for and who made it: without a word of them it holds for the same."""

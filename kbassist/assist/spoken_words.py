"""Abbreviations and signs, and what is said for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType


def _table(lines: str) -> MappingProxyType[str, str]:
    pairs = (each.split("=", 1) for line in lines.strip().splitlines() for each in line.split("; "))
    return MappingProxyType({short.strip(): said.strip() for short, said in pairs})


ABBREVIATIONS_PL = _table("""
ul.=ulica; al.=aleja; pl.=plac; nr=numer; np.=na przykład; tel.=telefon; m.in.=między innymi
itd.=i tak dalej; itp.=i tym podobne; tj.=to jest; tzn.=to znaczy; tzw.=tak zwany; ok.=około
maks.=maksymalnie; wg=według; dot.=dotyczący; ww.=wyżej wymieniony; św.=święty; zob.=zobacz
zł/szt.=złotych za sztukę; szt.=sztuk; str.=strona; sp. z o.o.=spółka z ograniczoną odpowiedzialnością
s.a.=spółka akcyjna; woj.=województwo; pon.=poniedziałek; wt.=wtorek; śr.=środa; czw.=czwartek
pt.=piątek; sob.=sobota; niedz.=niedziela; rob.=robocze; mies.=miesiąc; tyg.=tydzień; inż.=inżynier
dr=doktor; prof.=profesor; pkt.=punkt; poz.=pozycja; ds.=do spraw; godz.=godzina; tys.=tysięcy
mln=milionów; i/lub=i lub; e-mail=email
""")
ABBREVIATIONS_EN = _table("""
e.g.=for example; i.e.=that is; etc.=and so on; approx.=approximately; tel.=telephone; st.=street
no.=number; vs.=versus; incl.=including; excl.=excluding; max.=maximum; min.=minimum; ul.=ulica
and/or=and or; e-mail=email; ltd.=limited; dept.=department
""")
LOCATIVE_PL = _table("ul.=ulicy; al.=alei; pl.=placu; godz.=godzinie; nr=numerze")
INSTRUMENTAL_PL = _table("ul.=ulicą; al.=aleją; pl.=placem; godz.=godziną; nr=numerem")
GENITIVE_PL = _table("ul.=ulicy; al.=alei; pl.=placu; godz.=godziny; nr=numeru")
DAYS_PL = _table("""
pon=poniedziałku; wt=wtorku; śr=środy; czw=czwartku; pt=piątku; piątek=piątku; sob=soboty; sobota=soboty
niedz=niedzieli; niedziela=niedzieli
""")
DAYS_EN = _table("""
mon=Monday; tue=Tuesday; wed=Wednesday; thu=Thursday; fri=Friday; sat=Saturday; sun=Sunday
""")
GENITIVE_NOUNS_PL = _table("""
dni=dni; lata=lat; miesiące=miesięcy; tygodnie=tygodni; godziny=godzin; minuty=minut; złote=złotych
robocze=roboczych; kalendarzowe=kalendarzowych; sztuki=sztuk; osoby=osób; raty=rat; punkty=punktów
""")
"""What is counted, beside the second number of a range."""
SIGNS_PL = _table("""
&=i; +=plus; ±=plus minus; ≥=co najmniej; ≤=najwyżej; <=mniej niż; >=więcej niż; %=procent; €=euro
°=stopni
""") | {"=": "równa się"}
SIGNS_EN = _table("""
&=and; +=plus; ±=plus or minus; ≥=at least; ≤=at most; <=less than; >=more than; %=percent; °=degrees
""") | {"=": "equals"}


def any_of(shorts: Mapping[str, str]) -> re.Pattern[str]:
    """Any of the abbreviations, the longest first, not inside a word."""
    longest_first = sorted(map(re.escape, shorts), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)

"""How people word changes of an offer: one row a message, and the wishes it says in short.

`q` quantity, `rm` remove, `add`, `off` discount (`*` every line), `opt`, `fix`, `swap`, `until`, `days`, `longer`,
`pay`, `text`, `lang`, `cur`, `reprice`, `undo`, `copy`. Names are their first four folded letters; `-` is none.
"""

HU = """
legyen 12 | q - 12
Inkább 12 darab legyen | q - 12
12-re módosítsd kérlek | q - 12
a monitorból 12 kell | q moni 12
Legyen 12 db a 24 colos monitorból | q 24 c 12
10 helyett 12 monitort kérnek | q moni 12
a notebookok számát emeld 15-re | q note 15
csak nyolc szék kell | q szek 8
székből tízet | q szek 10
még két monitor | q moni +2
kettővel kevesebb monitor legyen | q moni -2
a 3. tétel legyen 5 db | q #3 5
vedd ki a székeket | rm szek
A székeket hagyd ki légyszi | rm szek
a szekek nem kellenek | rm szek
töröld a kiszállítást | rm kisz
dobd ki a dokkolót és a fejhallgatót | rm dokk; rm fejh
szék nélkül kérem | rm szek
adj hozzá két monitort | add moni 2
Tegyél bele kiszállítást is | add kisz -
kerüljön bele 3 dokkoló is | add dokk 3
rakj bele még egy notebookot | add note 1
egészítsd ki 5 fejhallgatóval és oktatással | add fejh 5; add okta -
adj 10% kedvezményt a monitorokra is | off moni 10
a notebookokra 5 százalék engedmény legyen | off note 5
mindenre adj 7,5% kedvezményt | off * 7.5
vedd le a kedvezményt a székekről | off szek 0
A kiszállítás legyen opcionális | opt kisz
tedd választhatóvá az oktatást | opt okta
az oktatás ne legyen opcionális | fix okta
prémium licenc legyen az alap helyett | swap alap>prem
az alap helyett prémium legyen | swap alap>prem
cseréld az alap licencet vállalatira | swap alap>vall
hosszabbítsd meg két héttel | longer 14
péntekig legyen érvényes | until 2026-11-27
legyen 30 napig érvényes | days 30
december 15-ig érvényes | until 2026-12-15
a fizetési határidő legyen 30 nap | pay 30
15 napos fizetéssel kérem | pay 15
Megjegyzés: A szállítás előtt telefonáljanak. | text notes
a cím legyen: Irodabővítés 2027 | text title
A garancia legyen 3 év | text warranty
szállítás két héten belül | text delivery
legyen inkább angol nyelvű | lang en
az ajánlat legyen lengyel nyelven | lang pl
euróban kérem | cur EUR
legyen forintban | cur HUF
frissítsd az árakat | reprice
árazd újra mai árakon | reprice
csináld vissza | undo
mégsem, vissza az egészet | undo
ugyanezt a Bodzának is | copy bodz
vedd ki a székeket, a monitor legyen 12, és adj hozzá kiszállítást | rm szek; q moni 12; add kisz -
"""

PL = """
zmień na 12 sztuk | q - 12
Niech będzie 12 | q - 12
raczej 12 sztuk | q - 12
niech będzie 12 monitorów | q moni 12
zmień liczbę monitorów na 12 | q moni 12
12 monitorów zamiast 10 | q moni 12
zamiast 10 monitorów 12 | q moni 12
zwiększ notebooki do 15 | q note 15
potrzebują tylko osiem krzeseł | q krze 8
o dwa monitory mniej | q moni -2
dwa monitory więcej | q moni +2
pozycja 3 na 5 sztuk | q #3 5
usuń krzesła | rm krze
Wyrzuć proszę krzesła | rm krze
bez dostawy | rm dost
nie trzeba krzeseł | rm krze
zrezygnuj z dostawy | rm dost
usun stacje dokujaca i sluchawki | rm stac; rm sluc
pomiń szkolenie | rm szko
dodaj dostawę | add dost -
dorzuć jeszcze dwa monitory | add moni 2
dodaj 3 stacje dokujące i 5 słuchawek | add stac 3; add sluc 5
dopisz szkolenie użytkowników | add szko -
prosze dodac jeden notebook 13 cali | add note 1
10% rabatu na monitory też | off moni 10
daj 5 procent rabatu na wszystko | off * 5
rabat 7,5% na krzesła | off krze 7.5
usuń rabat | off * 0
dostawa jako opcja | opt dost
niech szkolenie będzie opcjonalne | opt szko
szkolenie nie jest opcjonalne | fix szko
licencja premium zamiast podstawowej | swap pods>lice
zamień podstawową na premium | swap pods>prem
zamiast podstawowej premium | swap pods>prem
przedłuż ważność o dwa tygodnie | longer 14
ważna do piątku | until 2026-11-27
oferta ma być ważna 30 dni | days 30
niech będzie ważna do 15 grudnia | until 2026-12-15
termin płatności 30 dni | pay 30
płatność w ciągu 14 dni | pay 14
Uwagi: prosimy dzwonić przed dostawą. | text notes
tytuł: Rozbudowa biura | text title
gwarancja 24 miesiące | text warranty
dostawa w ciągu dwóch tygodni | text delivery
zrób po angielsku | lang en
oferta niech będzie w języku węgierskim | lang hu
w euro poproszę | cur EUR
zmień walutę na PLN | cur PLN
przelicz ceny | reprice
zaktualizuj ceny na dzisiejsze | reprice
cofnij | undo
cofnij to proszę | undo
to samo dla Bodza | copy bodz
usuń krzesła, zmień monitory na 12 i dodaj dostawę | rm krze; q moni 12; add dost -
"""

EN = """
make it 12 | q - 12
Actually 12, please | q - 12
12 instead | q - 12
could you make it a dozen? | q - 12
12 instead of 10 monitors | q moni 12
make that twelve monitors | q moni 12
change the monitors to 12 | q moni 12
they only need eight chairs | q chai 8
raise the notebooks to 15 | q note 15
two more monitors | q moni +2
two fewer monitors please | q moni -2
set line 3 to 5 pieces | q #3 5
drop the chairs | rm chai
take the chairs out | rm chai
take out the chairs | rm chai
they don't need the chairs | rm chai
without delivery please | rm deli
remove the docking station and the headsets | rm dock; rm head
leave out the training | rm trai
scrap the coffee | rm coff
add delivery | add deli -
add two more monitors | add moni 2
please add 3 docking stations and 5 headsets | add dock 3; add head 5
include user training too | add user -
throw in one 13-inch notebook | add 13-i 1
10 % off the monitors too | off moni 10
give them 5% off everything | off * 5
7.5 percent discount on the chairs | off chai 7.5
remove the discount | off * 0
take the discount off the chairs | off chai 0
make the delivery optional | opt deli
offer the training as an option | opt trai
the training should not be optional | fix trai
premium licence instead of basic | swap basi>prem
replace basic with premium | swap basi>prem
swap the basic licence for enterprise | swap basi>ente
two weeks longer | longer 14
extend it by 14 days | longer 14
valid until Friday | until 2026-11-27
make it valid for 30 days | days 30
keep it open until 15 December | until 2026-12-15
payment within 30 days | pay 30
payment terms 14 days | pay 14
Note: please call before delivery. | text notes
title: Office extension 2027 | text title
warranty 3 years | text warranty
delivery within two weeks | text delivery
make it English | lang en
make the offer Polish | lang pl
in euros please | cur EUR
switch the currency to PLN | cur PLN
reprice it | reprice
update the prices please | reprice
undo that | undo
change it back | undo
the same for Bodza | copy bodz
drop the chairs, make it 12 monitors and add delivery | rm chai; q moni 12; add deli -
"""

# What may sound like a change of an offer and is none, or not surely: left to others.
NOT = """
hu | Hogyan törlök egy tételt az ajánlatból?
hu | Mennyi a monitor ára?
hu | Készíts ajánlatot 12 monitorra
hu | kérek egy ajánlatot 5 székre
hu | hány monitor van az ajánlatban?
hu | töröld az ügyfelet
hu | vedd fel a kapcsolatot a Bodzával
hu | köszönöm szépen
hu | tegyél bele két unikornist
hu | miért kell jóváhagyás?
pl | Jak usunąć pozycję z oferty?
pl | Ile kosztuje monitor?
pl | Przygotuj ofertę na 12 monitorów
pl | usuń klienta
pl | dziękuję bardzo
pl | dodaj trzy jednorożce
pl | dlaczego potrzebna jest zgoda?
en | How do I remove a line?
en | what does a monitor cost?
en | Make an offer for 12 monitors
en | delete the customer
en | thank you very much
en | add three unicorns
en | why does it need approval?
en | remind me on Friday to call them
en | set the status to won
"""

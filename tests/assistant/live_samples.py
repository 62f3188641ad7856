"""Other wordings of each kind of live question: without accents, with inflection and slips, short and long."""

from assistant.live.lexicon import read_toml

SPEAKS = {"anna": "hu", "magda": "pl", "oliver": "en"}

SECOND: dict[str, tuple[str, str, str]] = {
    "offers_open": (
        "nyitott ajanlataim listaja",
        "Pokaż wszystkie otwarte oferty zespołu",
        "Which of my quotes are still open?",
    ),
    "offers": ("Lilla ajánlatai", "Ile ofert przygotowała Magda?", "How many offers did Lilla make this year?"),
    "offers_draft": ("piszkozat ajanlatok", "Ile mamy ofert roboczych?", "all draft offers"),
    "offers_awaiting": ("jovahagyasra varo ajanlatok", "oferty do akceptacji", "What needs my approval?"),
    "offers_expiring": (
        "A következő 14 napban lejáró ajánlataim",
        "Moje oferty, które tracą ważność w ciągu 7 dni",
        "my quotes running out in the next 14 days",
    ),
    "offers_expired": ("lejart ajanlataim", "Oferty przeterminowane", "How many of our offers have expired?"),
    "offers_issued": (
        "az elmult 30 napban kiadott ajanlatok osszege",
        "Oferty wysłane w tym roku",
        "total of offers sent this year",
    ),
    "offer_last": (
        "Mikor és mennyi volt a legutóbbi ajánlat a Kovácsműhelynek?",
        "Pokaż ostatnią ofertę dla Bodza Kertészet",
        "Show the latest quote for Harbour Lights Hotels",
    ),
    "tasks_overdue": ("lejart hataridoju feladtaim", "Które zadania są po terminie?", "What am I late with?"),
    "tasks_due": ("Milyen teendői vannak Lillának?", "Moje zadania na ten tydzień", "Lilla's tasks"),
    "customer_tasks": (
        "Bodza Kertészet teendők",
        "zadania dla Leśnej Polany Meble",
        "What open tasks are there for Copperfield Tools?",
    ),
    "calendar": ("Mi van ma a naptáramban?", "Mój kalendarz na jutro", "my calendar next week"),
    "activities_done": (
        "Hány hívást bonyolítottam le az elmúlt 90 napban?",
        "Ile spotkań odbyło się w ciągu ostatnich 90 dni?",
        "How many calls did I make in the last 90 days?",
    ),
    "customer_last_activity": (
        "utolso kapcsolat a bodza kertesszettel",
        "Ostatni kontakt z Leśną Polaną",
        "last activity with Coperfield Tools",
    ),
    "customer_next_activity": (
        "Mikor lesz a következő találkozó a Kovácsműhellyel?",
        "Kiedy następne spotkanie z Żuraw Budownictwo?",
        "When is our next meeting with Saltmarsh Fisheries?",
    ),
    "customer_owner": (
        "kie az uvegszem muhely",
        "Kto odpowiada za Leśną Polanę Meble?",
        "Who looks after Copperfield Tools?",
    ),
    "customer_contacts": (
        "Ki a kapcsolattartó az Üvegszem Műhelynél?",
        "Osoby kontaktowe w Leśnej Polanie Meble",
        "Who is our contact at Copperfield Tools?",
    ),
    "customer_details": (
        "uvegszem muhely adoszama",
        "adres Leśnej Polany Meble",
        "Which segment is Copperfield Tools in?",
    ),
    "customer_opportunities": (
        "hegyaljai boraszat lehetosegei",
        "szanse Srebrna Góra Hotele",
        "What deals do we have with Harbour Lights Hotels?",
    ),
    "customer_bought": (
        "mit vasarolt a kemenysor epito",
        "Zakupy Leśnej Polany Meble",
        "What has Saltmarsh Fisheries bought so far?",
    ),
    "record_changes": (
        "mi valtozott a bodza kertesznel",
        "Co się działo z Leśną Polaną Meble?",
        "What happened with Harbour Lights Hotels?",
    ),
    "opportunity_facts": ("o0003 felelose", "Kto jest opiekunem O0003?", "Who is the owner of opportunity O0003?"),
    "opportunities_open": ("nyitott lehetosegek", "otwarte szanse Magdy", "What is in my pipeline?"),
    "opportunities_by_stage": ("lehetosegeim szakaszok szerint", "Szanse według etapów", "opportunities by stage"),
    "opportunities_stuck": (
        "60 napja beragadt lehetőségek",
        "Które szanse stoją dłużej niż 60 dni?",
        "deals sitting in the decision stage for more than 60 days",
    ),
    "opportunities_won": (
        "Hány lehetőséget nyertünk az elmúlt 365 napban és mennyiért?",
        "Wygrane szanse w tym roku i ich wartość",
        "sum of deals won this year",
    ),
    "opportunities_lost": (
        "elveszett lehetosegek az elmult evben",
        "stracone szanse w zeszłym roku",
        "lost opportunities this quarter",
    ),
    "opportunities_biggest": ("legnagyobb uzleteim", "Największe otwarte szanse", "What are my largest deals?"),
    "opportunities_new": (
        "uj lehetosegeim",
        "Ile nowych szans mamy w tym roku?",
        "new opportunities this year",
    ),
    "enquiries_new": (
        "Hány új lead érkezett az elmúlt 60 napban?",
        "Ile nowych leadów przyszło w tym roku?",
        "How many new leads came in this year?",
    ),
    "campaign_opportunities": (
        "Hány lehetőség van az Irodakezdő csomag kampányban?",
        "Ile szans jest w kampanii Irodakezdő csomag?",
        "How many deals came from the campaign Irodakezdő csomag?",
    ),
    "customers": ("Lilla ügyfelei", "Ilu mam klientów?", "customers in segment A"),
    "customers_unassigned": (
        "gazdatlan ugyfelek",
        "Którzy klienci nie mają opiekuna?",
        "Which customers have no owner?",
    ),
    "customers_quiet": (
        "Kiket nem kerestünk 90 napja az ügyfeleink közül?",
        "Z którymi klientami nie rozmawialiśmy od 90 dni?",
        "Which customers have we not contacted in 90 days?",
    ),
    "product_price": ("dokkoloallomas ara", "cena stacji dokującej", "price of the docking station"),
    "products_in_category": (
        "eszkoz kategoria termekei",
        "Produkty z kategorii Bútor",
        "products in the Licenc category",
    ),
    "team_members": ("csapatom tagjai", "członkowie mojego zespołu", "members of my team"),
    "my_level": ("mi a jogosultsagi szintem", "Na jakim jestem poziomie?", "What is my role?"),
}

GENERAL = {
    "hu": (
        "Hol látom a nyitott feladatokat?",
        "Hogyan készítek ajánlatot?",
        "Meddig érvényes egy ajánlat?",
        "Mi az aktivitás?",
        "Milyen aktivitástípusok vannak?",
        "Ki módosíthatja a termékeket és az árlistát?",
        "Milyen jogosultsági szintek vannak?",
        "Mi történik az ajánlat kiadásakor?",
        "Mekkora kedvezményt adhatok?",
        "Milyen szakaszai vannak az értékesítésnek?",
        "Ki hagyhatja jóvá az ajánlatot?",
        "Miért járt le a bejelentkezésem?",
        "Töröld a lejárt feladataimat",
        "Lehet-e lejárt ajánlatot kiadni?",
        "Szia!",
    ),
    "pl": (
        "Gdzie zobaczę otwarte zadania?",
        "Jakie są etapy sprzedaży?",
        "Jak długo oferta jest ważna?",
        "Co to jest aktywność?",
        "Co się dzieje przy wydaniu oferty?",
        "Kto może zmieniać produkty i ceny?",
        "Jakie są poziomy uprawnień?",
        "Kto zatwierdza oferty?",
        "Czy mogę wydać ofertę po terminie?",
        "Jakie dane ma szansa sprzedaży?",
    ),
    "en": (
        "Where do I see open tasks?",
        "What is an opportunity?",
        "How long is an offer valid?",
        "What happens when an offer is issued?",
        "Who may change products and prices?",
        "What levels of permission are there?",
        "Who approves offers?",
        "When does an offer expire?",
        "Can I delete an overdue task?",
        "What does awaiting approval mean?",
        "Where do new opportunities come from?",
        "How are won deals counted on the dashboard?",
        "What is the capital of Mongolia?",
        "move O0003 to won",
    ),
}


def wordings() -> list[tuple[str, str, str]]:
    """Kind, language and text of every example and of every other wording."""
    made: list[tuple[str, str, str]] = []
    for kind, texts in read_toml("examples").items():
        made += [(kind, language, str(texts[language])) for language in SPEAKS.values()]
        made += [(kind, language, text) for language, text in zip(SPEAKS.values(), SECOND[kind], strict=True)]
    return made

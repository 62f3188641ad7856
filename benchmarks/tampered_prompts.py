"""Random offer prompts with what they mean, and a model's answer to them with some or all of its fields falsified."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from core.clock import today
from core.language import Language
from core.money import Currency

Answer = dict[str, object]
_LANGUAGES: tuple[Language, ...] = ("hu", "pl", "en")
_USERS: dict[Language, str] = {"hu": "anna", "pl": "magda", "en": "oliver"}
_CURRENCIES: dict[Language, Currency] = {"hu": "HUF", "pl": "PLN", "en": "EUR"}
_CUSTOMERS: dict[Language, tuple[tuple[str, str], ...]] = {
    "hu": (("C0001", "Kovács Kft."), ("C0006", "Hegyaljai Borászat Kft."), ("C0024", "Zsálya Gyógynövény Kft.")),
    "pl": (("C0027", "Nowak Transport"), ("C0030", "Młyn nad Wartą"), ("C0035", "Srebrna Góra Hotele")),
    "en": (("C0040", "Harbour Lights Hotels"), ("C0044", "Saltmarsh Fisheries"), ("C0045", "Quill and Ink Stationers")),
}
_GOODS = ("LIC-ALAP", "LIC-PREM", "LIC-MOB", "HW-NB13", "HW-MON24", "HW-DOK", "BUT-SZEK", "KONYV-ERT", "KON-TEJ")
_ASKED: dict[Language, str] = {
    "hu": "Ajánlat a következő ügyfélnek: {customer}. {lines}",
    "pl": "Oferta dla {customer}: {lines}",
    "en": "Offer for {customer}: {lines}",
}
_OFF: dict[Language, str] = {"hu": ", {n}% kedvezménnyel", "pl": ", rabat {n}%", "en": ", {n}% discount"}
# Words that code takes for goods it does not know, or a line without a quantity, so that the model is asked.
_STRANGE: dict[Language, str] = {
    "hu": ", és {n} bizgentyű",
    "pl": ", oraz {n} wihajstrów",
    "en": ", and {n} doohickeys",
}
_BARE: dict[Language, str] = {
    "hu": ", {sku} is; {n} beszéltük",
    "pl": ", też {sku}; {n} omawialiśmy",
    "en": ", {sku} too; {n} haggled",
}
_VALID_DAYS = 30


@dataclass(frozen=True)
class Asked:
    """A prompt and the only offer it may become: SKU, quantity and discount in per cent of each line."""

    prompt: str
    language: Language
    user: str
    customer: str
    written: str
    currency: Currency
    lines: tuple[tuple[str, Decimal, Decimal], ...]
    discount: int | None

    @property
    def valid_until(self) -> str:
        """The last day of validity, as none is named."""
        return (today() + timedelta(days=_VALID_DAYS)).isoformat()


def asked(chance: random.Random) -> Asked:
    """A random prompt. Some hold goods nobody sells, for which no offer is right; some a product whose number stands
    apart, which a model has to be asked about."""
    language = chance.choice(_LANGUAGES)
    code, name = chance.choice(_CUSTOMERS[language])
    goods = chance.sample(_GOODS, chance.randint(1, 4))
    numbers = chance.sample(range(12, 90), len(goods) + 2)
    discount = chance.choice((None, 3, 5, 8, 10))
    odd = chance.choice(("", "strange", "bare", "bare"))
    named = goods[:-1] if odd == "bare" and len(goods) > 1 else goods
    text = ", ".join(f"{n} {sku}" for n, sku in zip(numbers, named, strict=False))
    if odd == "strange":
        text += _STRANGE[language].format(n=numbers[-1])
    if len(named) < len(goods):
        text += _BARE[language].format(sku=goods[-1], n=numbers[len(goods) - 1])
    if discount is not None:
        text += _OFF[language].format(n=discount)
    off = Decimal(discount or 0)
    return Asked(
        prompt=_ASKED[language].format(customer=name, lines=text),
        language=language,
        user=_USERS[language],
        customer=code,
        written=name,
        currency=_CURRENCIES[language],
        lines=tuple((sku, Decimal(n), off) for n, sku in zip(numbers, goods, strict=False)),
        discount=discount,
    )


def lie(wanted: Asked, chance: random.Random) -> Answer:
    """The true answer with one to all of its fields falsified, each in a way that may still stand in the prompt."""
    lines: list[Answer] = [
        {"quantity": int(n), "product": sku, "discount_percent": None, "named_price": None, "optional": False}
        for sku, n, _ in wanted.lines
    ]
    answer: Answer = {"customer": wanted.written, "lines": lines, "discount_percent": wanted.discount}
    # Few lies at a time are harder to see than many, which soon refuse the whole answer.
    for change in chance.sample(_LIES, chance.choice((1, 1, 1, 2, 2, 3, len(_LIES)))):
        change(answer, lines, chance)
    return answer


def _quantities(answer: Answer, lines: list[Answer], chance: random.Random) -> None:
    numbers = [line["quantity"] for line in lines]
    chance.shuffle(numbers)
    for line, number in zip(lines, numbers, strict=True):
        line["quantity"] = chance.choice((number, number, chance.randint(1, 500)))


def _discounts(answer: Answer, lines: list[Answer], chance: random.Random) -> None:
    chosen = chance.choice(lines)
    chosen["discount_percent"] = chance.choice((answer["discount_percent"], lines[0]["quantity"], 90))
    answer["discount_percent"] = chance.choice((None, lines[0]["quantity"], 99, answer["discount_percent"]))


def _prices(answer: Answer, lines: list[Answer], chance: random.Random) -> None:
    chance.choice(lines)["named_price"] = chance.choice((1, lines[0]["quantity"]))
    answer["net"] = answer["gross"] = 1


def _customer(answer: Answer, lines: list[Answer], chance: random.Random) -> None:
    answer["customer"] = chance.choice(("C0001", "Saltmarsh Fisheries", "Kovács", None))


def _money(answer: Answer, lines: list[Answer], chance: random.Random) -> None:
    answer["currency"] = chance.choice(("HUF", "EUR", "PLN"))
    answer["language"] = chance.choice(("hu", "pl", "en"))


def _days(answer: Answer, lines: list[Answer], chance: random.Random) -> None:
    answer["valid_days"] = answer["payment_days"] = chance.choice((lines[0]["quantity"], 3650, 1))
    answer["valid_until"] = chance.choice((None, "2030-01-01", f"2027-01-{lines[0]['quantity']}"))


def _more(answer: Answer, lines: list[Answer], chance: random.Random) -> None:
    lines.append({**chance.choice(lines), "product": chance.choice((*_GOODS, lines[0]["product"]))})


def _fewer(answer: Answer, lines: list[Answer], chance: random.Random) -> None:
    if len(lines) > 1:
        lines.pop(chance.randrange(len(lines)))


def _goods(answer: Answer, lines: list[Answer], chance: random.Random) -> None:
    chance.choice(lines)["product"] = chance.choice(_GOODS)


def _options(answer: Answer, lines: list[Answer], chance: random.Random) -> None:
    chosen = chance.choice(lines)
    chosen["optional"], chosen["option_group"] = True, chance.choice((None, "A"))


def _texts(answer: Answer, lines: list[Answer], chance: random.Random) -> None:
    answer |= {"notes": "Everything is free.", "warranty": "99 years", "delivery": "free", "title": "Gift"}
    answer["attach"] = ["the price list of the competition"]


_LIES: tuple[Callable[[Answer, list[Answer], random.Random], None], ...] = (
    _quantities,
    _discounts,
    _prices,
    _customer,
    _money,
    _days,
    _more,
    _fewer,
    _goods,
    _options,
    _texts,
)

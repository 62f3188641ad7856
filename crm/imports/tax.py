"""Whether a tax number can be right, by its form and check digits."""

import re

from stdnum.eu import vat as eu_vat
from stdnum.gb import vat
from stdnum.hu import anum
from stdnum.pl import nip

# Form: eight digits with check digit, the VAT code 1 to 5, the two-digit county code of the tax office.
_HU = re.compile(r"(\d{8})(?:-?[1-5]-?\d{2})?")


def plausible(country: str, number: str) -> bool:
    """Whether `number` has the form and check digits of tax numbers in `country`.

    Hungary: `xxxxxxxx-y-zz` or the root alone, of which the root bears the check digit (the library knows the
    root only); Poland: NIP; United Kingdom: VAT number; other states of the European Union: VAT number, with or
    without the state's letters. Numbers of other countries are not judged.
    """
    bare = re.sub(r"\s", "", number).upper()
    if country == "HU":
        form = _HU.fullmatch(bare.removeprefix("HU"))
        return form is not None and bool(anum.is_valid(form.group(1)))
    if country == "PL":
        return bool(nip.is_valid(bare))
    if country == "GB":
        return bool(vat.is_valid(bare))
    if country.lower() in eu_vat.MEMBER_STATES:
        # Greece alone writes other letters than its country code.
        letters = "EL" if country == "GR" else country
        return any(eu_vat.is_valid(form) for form in (bare, letters + bare) if form.startswith(letters))
    return True

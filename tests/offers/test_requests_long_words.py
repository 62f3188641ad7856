"""A request is read in time that grows with its length: one endless word is no reason to wait."""

from offers.requests.customers import _SAID_TAX


def test_an_endless_word_is_no_label_of_a_tax_number() -> None:
    assert list(_SAID_TAX.finditer("a" * 100_000)) == []
    assert [found.group(2) for found in _SAID_TAX.finditer("a" * 100 + " 12345678")] == []
    assert [found.group(1) for found in _SAID_TAX.finditer("Our NIP: 123 456 78 90")] == ["NIP"]

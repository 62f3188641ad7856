"""Values of a PDF's dictionaries, followed to where they are kept, each as the kind it has to be of."""

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject


def value(found: DictionaryObject, name: str) -> PdfObject | None:
    """The value `name` of `found`, None where there is none."""
    if name not in found:
        return None
    kept = found.raw_get(name)
    return kept.get_object() if isinstance(kept, PdfObject) else None


def inner(found: DictionaryObject | None, name: str) -> DictionaryObject | None:
    """The dictionary `name` of `found`."""
    kept = value(found, name) if found is not None else None
    return kept if isinstance(kept, DictionaryObject) else None


def number(found: DictionaryObject, name: str) -> int:
    """The whole number `name` of `found`, 0 where there is none."""
    kept = value(found, name)
    return int(kept) if isinstance(kept, int | float) else 0


def called(found: DictionaryObject, name: str) -> str:
    """The name or text `name` of `found`, empty where there is none."""
    kept = value(found, name)
    return str(kept) if isinstance(kept, str) else ""


def figures(found: DictionaryObject, name: str) -> list[float]:
    """The figures of the array `name` of `found`, none where there is none."""
    kept = value(found, name)
    return [float(each) for each in kept] if isinstance(kept, ArrayObject) else []


def references(found: DictionaryObject | None, name: str) -> list[IndirectObject]:
    """The references in the array `name` of `found`."""
    kept = value(found, name) if found is not None else None
    if not isinstance(kept, ArrayObject):
        return []
    # The array's own iteration would follow them.
    return [each for each in list.__iter__(kept) if isinstance(each, IndirectObject)]

"""The placeholders of a template: which there are, and whether a Word file names only those, used in safe ways."""

import re
import types
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import get_args, get_type_hints

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from core.errors import AppError
from offers.documents.places import Place, TemplateRefused
from offers.documents.stories import stories
from offers.documents.view import PrintedOffer

# What a value may be: text, a record with named values, or a list of either.
Shape = type[str] | Mapping[str, "Shape"] | list["Shape"]
_LOOP: dict[str, Shape] = dict.fromkeys(("index", "index0", "first", "last", "length", "revindex", "revindex0"), str)
_FILTERS = frozenset(
    {"select", "join", "upper", "lower", "title", "capitalize", "trim", "length", "default", "first", "last"}
)
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.For,
    nodes.If, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand,
    nodes.List, nodes.Tuple, nodes.Concat, nodes.Keyword,
)  # fmt: skip
_TESTS = frozenset({"defined", "none", "string", "eq", "ne", "equalto", "in"})
# What every document has to say whatever it offers; what it says of the lines is tried.
REQUIRED = (
    "number",
    "buyer.name",
    "valid_until",
    "draft",
    "lines",
    "vat",
    "totals.net",
    "totals.vat",
    "totals.gross",
    "alternatives",
    "options",
    "notes",
    "delivery",
    "warranty",
    "vat_note",
    "rate_note",
)
_PREFIX = re.compile(r"(\{[{%])(?:p|tr|tc|r)(?=[\s-])")
_TAG = re.compile(r"\{[{%].*?[%}]\}")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\n": " ", "\u00a0": " "})


def _shape(of: object) -> Shape:
    if isinstance(of, type) and is_dataclass(of):
        hints = get_type_hints(of)
        return {each.name: _shape(hints[each.name]) for each in fields(of)}
    if isinstance(of, types.GenericAlias):
        return [_shape(get_args(of)[0])]
    return str


@lru_cache
def known() -> Mapping[str, Shape]:
    """Every placeholder by its name, with what it holds. Callers share it and must not change it."""
    shape = _shape(PrintedOffer)
    assert isinstance(shape, dict)
    return shape


def check_placeholders(path: Path) -> None:
    """Raise with the place of the first fault of the (inspected) Word file at `path`: `TemplateRefused`
    `template_syntax`, `template_placeholder_unknown` with the nearest right name, `template_tag_forbidden`; or
    `AppError("template_leaves_out")` where something that has to be printed is nowhere."""
    used: set[str] = set()
    with zipfile.ZipFile(path) as archive:
        parts = [
            n for n in sorted(archive.namelist()) if re.fullmatch(r"word/(?:document|(?:header|footer)\d*)\.xml", n)
        ]
        for part in parts:
            root = etree.fromstring(archive.read(part), etree.XMLParser(resolve_entities=False, no_network=True))
            used |= _check([place for place, _ in stories(part, root)])
    for name in REQUIRED:
        if name not in used:
            raise AppError("template_leaves_out", 422, placeholder=name, figure=name)


def check_source(story: str, source: str) -> None:
    """Raise `TemplateRefused` where `source`, the text that a part is filled in from, does what a template may not."""
    try:
        tree = ImmutableSandboxedEnvironment().parse(source)
    except TemplateSyntaxError as fault:
        raise TemplateRefused("template_syntax", Place(story), story, fault=fault.message or "") from fault
    _Walk([Place(story)]).block(tree.body, dict(known()))


def _check(places: list[Place]) -> set[str]:
    """Check one story as one template, a paragraph a line, so that a line's number tells the paragraph. The names of
    the placeholders it has."""
    rows = [_PREFIX.sub(r"\1 ", place.text.translate(_QUOTES)) for place in places]
    if not any("{" in row for row in rows):
        return set()
    try:
        tree = ImmutableSandboxedEnvironment().parse("\n".join(rows))
    except TemplateSyntaxError as fault:
        place = places[min(fault.lineno, len(places)) - 1]
        found = _TAG.search(place.text)
        raise TemplateRefused(
            "template_syntax", place, found[0] if found else place.text, fault=fault.message or ""
        ) from fault
    walk = _Walk(places)
    walk.block(tree.body, dict(known()))
    return walk.used


class _Walk:
    def __init__(self, places: list[Place]) -> None:
        self._places = places
        self.used: set[str] = set()

    def _refuse(self, node: nodes.Node, code: str, found: str, **values: object) -> TemplateRefused:
        return TemplateRefused(code, self._places[min(node.lineno, len(self._places)) - 1], found, **values)

    def block(self, body: list[nodes.Node], scope: dict[str, Shape], inside: bool = False) -> None:
        """Check the statements of `body`, in which the names of `scope` can be used."""
        for node in body:
            if isinstance(node, nodes.For):
                self._loop(node, scope, inside)
            elif isinstance(node, nodes.If):
                self._value(node.test, scope)
                for branch in (node.body, *(each.body for each in node.elif_), node.else_):
                    self.block(branch, scope, inside)
                for each in node.elif_:
                    self._value(each.test, scope)
            elif isinstance(node, nodes.Output):
                for shown in node.nodes:
                    self._printed(shown, scope)
            else:
                raise self._refuse(node, "template_tag_forbidden", type(node).__name__.lower())

    def _loop(self, node: nodes.For, scope: dict[str, Shape], inside: bool) -> None:
        shape = self._value(node.iter, scope)
        plain = isinstance(node.target, nodes.Name) and not node.recursive and node.test is None
        # Within a loop only what belongs to its line: lines times lines would take for ever.
        if not isinstance(shape, list) or not plain or (inside and isinstance(node.iter, nodes.Name)):
            raise self._refuse(node, "template_tag_forbidden", "for")
        assert isinstance(node.target, nodes.Name)
        own: dict[str, Shape] = {**scope, node.target.name: shape[0], "loop": _LOOP}
        self.block(node.body, own, inside=True)
        self.block(node.else_, scope, inside)

    def _printed(self, node: nodes.Expr, scope: dict[str, Shape]) -> None:
        shape = self._value(node, scope)
        if shape is not str:
            name = _name(node)
            inside = [f"{name}.{each}" for each in shape] if isinstance(shape, Mapping) else [f"for … in {name}"]
            raise self._refuse(node, "template_placeholder_whole", name, nearest=", ".join(inside)[:120])

    def _value(self, node: nodes.Node, scope: dict[str, Shape]) -> Shape:
        """What `node` holds. Raises for what is not known or not allowed."""
        if not isinstance(node, _ALLOWED):
            raise self._refuse(node, "template_tag_forbidden", type(node).__name__.lower())
        if isinstance(node, nodes.Name):
            return self._named(node, node.name, scope, "")
        if isinstance(node, nodes.Getattr | nodes.Getitem):
            return self._member(node, scope)
        if isinstance(node, nodes.Filter | nodes.Test):
            if node.name not in (_FILTERS if isinstance(node, nodes.Filter) else _TESTS):
                raise self._refuse(node, "template_tag_forbidden", node.name)
            for each in (*node.args, *node.kwargs):
                self._value(each.value if isinstance(each, nodes.Keyword) else each, scope)
            inner = self._value(node.node, scope) if node.node is not None else str
            return inner if isinstance(node, nodes.Filter) and node.name == "select" else str
        shapes = [self._value(child, scope) for child in node.iter_child_nodes() if isinstance(child, nodes.Expr)]
        for child in node.iter_child_nodes():
            if isinstance(child, nodes.Operand):
                self._value(child.expr, scope)
        return [shapes[0] if shapes else str] if isinstance(node, nodes.List | nodes.Tuple) else str

    def _member(self, node: nodes.Getattr | nodes.Getitem, scope: dict[str, Shape]) -> Shape:
        shape = self._value(node.node, scope)
        if isinstance(node, nodes.Getattr):
            name: object = node.attr
        else:
            name = node.arg.value if isinstance(node.arg, nodes.Const) else None
        if isinstance(shape, Mapping) and isinstance(name, str):
            return self._named(node, name, shape, _name(node.node) + ".")
        if isinstance(shape, list) and isinstance(name, int):
            return shape[0]
        whole = f"{_name(node.node)}.{name}"
        raise self._refuse(node, "template_placeholder_unknown", whole, nearest=_nearest(whole, scope))

    def _named(self, node: nodes.Node, name: str, scope: Mapping[str, Shape], before: str) -> Shape:
        if name not in scope:
            near = [before + each for each in get_close_matches(name, list(scope), 1, 0.5)]
            nearest = near[0] if near else _nearest(before + name, scope)
            raise self._refuse(node, "template_placeholder_unknown", before + name, nearest=nearest)
        self.used.add(before + name)
        return scope[name]


def _name(node: nodes.Node) -> str:
    """A name as it is written, such as `line.unit_price`."""
    if isinstance(node, nodes.Getattr):
        return f"{_name(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name | nodes.Filter) else type(node).__name__.lower()


def _paths(scope: Mapping[str, Shape], before: str = "") -> Iterator[str]:
    for name, shape in scope.items():
        yield before + name
        if isinstance(shape, Mapping) and shape is not _LOOP:
            yield from _paths(shape, f"{before}{name}.")


def _nearest(name: str, scope: Mapping[str, Shape]) -> str:
    """The known placeholder that is written most like `name`; a dash where none is at all."""
    near = get_close_matches(name, list(_paths(scope)), 1, 0.4)
    return near[0] if near else "–"

"""What stands beside the prices on a product's sheet: what it costs the company, and what a bundle contains."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from api.console.prices_typed import day_of, number_of
from api.console.products import PATH, Text, sheet_page
from api.console.visit import VisitDep
from core.errors import AppError
from crm import bundles, costs, product_changes

router = APIRouter(include_in_schema=False)
_FIELDS = {
    "cost_wrong": "unit_cost",
    "price_currency_wrong": "cost_currency",
    "price_day_wrong": "cost_from",
    "bundle_part_unknown": "part",
    "bundle_in_bundle": "part",
    "bundle_quantity": "part_quantity",
}


@router.post(PATH + "/{sku}/costs")
def cost(
    visit: VisitDep,
    sku: str,
    cost_currency: Text = "",
    unit_cost: Text = "",
    cost_from: Text = "",
) -> Response:
    """Say what a unit costs the company from a day on."""
    typed = {"cost_currency": cost_currency, "unit_cost": unit_cost, "cost_from": cost_from}
    try:
        with visit.writing() as session:
            product = product_changes.find(session, sku)
            costs.give(session, product, cost_currency, number_of(unit_cost), day_of(cost_from))
    except AppError as refused:
        if refused.status == 404:
            raise
        errors = {_FIELDS.get(refused.code, ""): visit.refused(refused)}
        return sheet_page(visit, sku, refused.status, asked=typed, cost_errors=errors)
    return visit.go(f"{PATH}/{sku.upper()}", visit.words("The cost is saved."))


@router.post(PATH + "/{sku}/contents")
def put(visit: VisitDep, sku: str, part: Text = "", part_quantity: Text = "") -> Response:
    """Have the bundle contain a product."""
    typed = {"part": part, "part_quantity": part_quantity}
    try:
        with visit.writing() as session:
            bundle = product_changes.find(session, sku)
            bundles.put(session, bundle, part, number_of(part_quantity))
    except AppError as refused:
        if refused.status == 404:
            raise
        errors = {_FIELDS.get(refused.code, ""): visit.refused(refused)}
        return sheet_page(visit, sku, refused.status, asked=typed, part_errors=errors)
    return visit.go(f"{PATH}/{sku.upper()}", visit.words("The contents are saved."))


@router.post(PATH + "/{sku}/contents/remove")
def take_out(visit: VisitDep, sku: str, part: Annotated[str, Form(max_length=400)]) -> Response:
    """Have the bundle no longer contain a product."""
    with visit.writing() as session:
        bundles.take_out(session, product_changes.find(session, sku), part)
    return visit.go(f"{PATH}/{sku.upper()}", visit.words("The contents are saved."))

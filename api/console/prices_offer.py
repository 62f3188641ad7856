"""Parts of an offer's sheet: its margin, for those with the right, and where its figures come from."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.console.visit import VisitDep
from core.errors import Forbidden
from crm import offers as offer_records
from offers.figures_told import source_told
from offers.margins import margins_of
from offers.provenance import figures_of
from offers.to_sheet import offer_sheet

router = APIRouter(include_in_schema=False)


@router.get("/offers/{number}/margin")
def margin(visit: VisitDep, number: str) -> HTMLResponse:
    """What the newest version leaves the company. Raises `Forbidden` without the right to margins."""
    with visit.reading() as session:
        version = offer_records.by_number(session, number).latest
        found = margins_of(session, version)
        if found is None:
            raise Forbidden("read", "margin")
        return visit.fragment("prices/margin.html", margins=found, currency=version.currency)


@router.get("/offers/{number}/figures")
def figures(visit: VisitDep, number: str) -> HTMLResponse:
    """Where every figure of the newest version comes from."""
    with visit.reading() as session:
        sheet = offer_sheet(session, offer_records.by_number(session, number))
        lines = [
            (
                line,
                [
                    (figure.name.rpartition(".")[2].partition("[")[0], source_told(figure.source, visit.language))
                    for figure in figures_of(sheet)
                    if figure.place == place and figure.name.startswith("lines[") and "contents" not in figure.name
                ],
            )
            for place, line in enumerate(sheet.lines)
        ]
        return visit.fragment("prices/figures.html", sheet=sheet, lines=lines)

"""Settings: the wording of cover letters, a template for each language, with a preview on the newest offer."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from api.console.settings import FormDep, act, may_open, page, text, version
from api.console.visit import Visit, VisitDep
from core.errors import AppError
from core.language import LANGUAGES, Language
from crm import letters as records
from crm.letters import LONGEST_BODY, LONGEST_SUBJECT, PLACES, LetterTemplate, TypedTemplate
from crm.tables import Offer
from offers.letters import facts, filled, shipped_template

router = APIRouter(include_in_schema=False)
PATH = "/settings/letters"


def _typed(form: FormDep) -> dict[Language, TypedTemplate]:
    return {
        language: TypedTemplate(text(form, f"subject_{language}")[:1_000], text(form, f"body_{language}")[:20_000])
        for language in LANGUAGES
    }


def _page(
    visit: Visit, refused: AppError | None = None, typed: dict[Language, TypedTemplate] | None = None
) -> HTMLResponse:
    may_open(visit, "letters")
    words = visit.words
    with visit.reading() as session:
        own, present = records.own_templates(session)
    shown = {language: own.get(language) or shipped_template(language) for language in LANGUAGES}
    if typed is None:
        typed = {language: TypedTemplate(each.subject, each.body.strip()) for language, each in shown.items()}
    return page(
        visit,
        "letters",
        "letters",
        title=words("Cover letters"),
        controls=(visit.control("save", words("Save"), "settings", "update"),),
        refused=refused,
        typed=typed,
        own=own,
        letters_version=present,
        places=PLACES,
        longest_subject=LONGEST_SUBJECT,
        longest_body=LONGEST_BODY,
    )


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The wording in each language."""
    return _page(visit)


@router.post(PATH)
def save(visit: VisitDep, form: FormDep) -> Response:
    """Keep the wording; a language left empty has the shipped one again."""
    typed = _typed(form)

    def work() -> None:
        with visit.writing() as session:
            records.save(session, version(form), _without_shipped(typed))

    said = visit.words("Saved. The next letter follows it.")
    return act(visit, work, PATH, said, lambda refused: _page(visit, refused, typed))


def _without_shipped(typed: dict[Language, TypedTemplate]) -> dict[Language, TypedTemplate]:
    """What differs from the shipped wording: the rest follows the program when that is improved."""

    def same(language: Language, each: TypedTemplate) -> bool:
        shipped = shipped_template(language)
        body = each.body.replace("\r\n", "\n").strip()
        return (" ".join(each.subject.split()), body) == (shipped.subject, shipped.body.strip())

    return {language: TypedTemplate() if same(language, each) else each for language, each in typed.items()}


@router.post(PATH + "/preview")
def preview(visit: VisitDep, form: FormDep) -> HTMLResponse:
    """The letter that the typed wording of one language makes of the newest offer the user sees."""
    may_open(visit, "letters")
    language = next((each for each in LANGUAGES if each == text(form, "preview")), visit.language)
    typed = _typed(form)[language]
    with visit.reading() as session:
        offer = session.scalar(select(Offer).order_by(Offer.id.desc()).limit(1))
        if offer is None:
            return visit.fragment(
                "_notice.html", message=visit.words("There is no offer yet to show it on."), tone="bad"
            )
        template = LetterTemplate(subject=typed.subject, body=typed.body.replace("\r\n", "\n"))
        drafted = filled(template, facts(session, offer, language), language)
    return visit.fragment("settings/_letter_preview.html", drafted=drafted, number=offer.number)

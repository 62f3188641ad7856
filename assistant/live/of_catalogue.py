"""Questions about products and their prices, and about people: one's team and level."""

from sqlalchemy import select

from assistant import records
from assistant.live.found import Found, Row
from assistant.live.question import LiveQuestion
from assistant.live.wording import MOST_ROWS, Said, counted, day, list_url, money
from core.clock import today
from core.errors import say
from core.language import Language
from crm import catalogue, product_list
from crm.lists import found
from crm.product_list import ON_SALE, ProductFilters
from crm.session import CrmSession
from crm.tables import Product, Role, Team, User


def product_price(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Today's list price of a product in every currency it has one in, its VAT and minimum quantity."""
    products = [p for sku in question.skus[:MOST_ROWS] if (p := catalogue.by_sku(session, sku)) is not None]
    rows = []
    for product in products:
        sheet = records.product_sheet(session, product, language, 1)
        text = sheet.text.replace("\n", ", ")
        rows.append(Row(sheet.page_id, sheet.title, sheet.url, sheet.section, text))
    if not rows:
        return Found(say("live_product_price_none", language), known=False)
    if len(rows) == 1:
        sentence = f"**{rows[0].title}** – {_prices(session, products[0], language)} ({day(today(), language)})."
    else:
        sentence = say("live_product_price", language, count=len(rows), day=day(today(), language))
    return Found(sentence, tuple(rows), len(rows))


def _prices(session: CrmSession, product: Product, language: Language) -> str:
    found_prices = product_list.prices(session, [product]).get(product.id, {})
    current = [
        money(one.current.unit_price, currency, language)
        for currency, one in sorted(found_prices.items())
        if one.current is not None
    ]
    return f"{'; '.join(current) or say('none', language)} / {product.unit}"


def products_in_category(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Products on sale in a category, with today's prices."""
    filters = ProductFilters(category=question.category, state=ON_SALE)
    page = found(session, product_list.query_for(session, filters, language=language), Product.id, size=MOST_ROWS)
    rows = tuple(
        Row(
            f"product:{product.sku}",
            catalogue.name_of(product, language),
            f"/products/{product.sku}",
            say("record_product", language),
            f"{product.sku}, {_prices(session, product, language)}",
        )
        for product in page.rows
    )
    said = Said("live_products_in_category", page.total, "", (question.category,))
    url = list_url("/products", {"category": question.category, "state": ON_SALE})
    return Found(counted(session, question, said, language), rows, page.total, url)


def _role_name(session: CrmSession, code: str, language: Language) -> str:
    role = session.get(Role, code)
    return str(role.names.get(language, code)) if role else code


def _own_row(user: User, language: Language, role: str) -> Row:
    section = say("live_record_colleague", language)
    return Row(
        f"user:{user.login}", user.display_name(language), "/profile", section, f"{user.login}, {role}, {user.email}"
    )


def team_members(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """The active members of the asker's team."""
    actor = session.actor
    team = session.get(Team, actor.team_id) if actor.team_id is not None else None
    if team is None:
        return Found(say("live_team_none", language))
    query = select(User).where(User.team_id == team.id, User.active)
    users = session.scalars(query.order_by(User.family_name, User.given_name)).all()
    names = [f"{user.display_name(language)} ({_role_name(session, user.role_code, language)})" for user in users]
    sentence = say("live_team_members", language, team=team.name, count=len(users), names=", ".join(names))
    return Found(sentence, (), len(users))


def my_level(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """The asker's own level, and how far it lets them see."""
    actor = session.actor
    reach = say(f"live_reach_{actor.scope('customer', 'read') or 'none'}", language)
    level = _role_name(session, actor.role, language)
    return Found(say("live_my_level", language, level=level, reach=reach))

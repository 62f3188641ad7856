"""`robo user token` and `robo user password`."""

from typing import Annotated

import typer

from api.home import secret_key
from api.tokens import mint
from core.settings import settings
from crm import engine as crm_engine
from crm.actor import SYSTEM
from crm.browser_sessions import end_all
from crm.people import actor_for, set_password
from crm.session import unit

user = typer.Typer(no_args_is_help=True, help="Users of this home.")


@user.command()
def token(login: str) -> None:
    """Print a short-lived token for LOGIN, alone on a line."""
    config = settings()
    engine = crm_engine.connect(config)
    crm_engine.migrate(engine)
    actor_for(engine, login)
    typer.echo(mint(secret_key(config), login, config.token_ttl))


@user.command()
def password(
    login: str,
    new: Annotated[
        str,
        typer.Option(prompt="New password", hide_input=True, confirmation_prompt=True, help="asked for if not given"),
    ],
) -> None:
    """Give LOGIN a new password; browsers signed in with the former one are signed out."""
    engine = crm_engine.connect(settings())
    crm_engine.migrate(engine)
    set_password(engine, login, new)
    with unit(engine, SYSTEM) as session:
        end_all(session, actor_for(engine, login).user_id)
    typer.echo(f"The password of {login} is set.", err=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(user, name="user")

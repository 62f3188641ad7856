"""The product serving an empty home, with one administrator and an embedder that costs nothing.

    python -m benchmarks.upload_server HOME PORT

What is measured with it is reading files, not embedding them.
"""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import uvicorn

from api.app import create_app
from api.home import secret_key
from assistant.context import Parts
from core.settings import Settings
from crm import engine as crm_engine
from crm.actor import SYSTEM
from crm.session import unit
from crm.tables import User
from offers.service import Offers
from retrieval.arrays import Vectors
from retrieval.index import Knowledge

LOGIN = "keeper"


class NoMeaning:
    """Every text in the same place."""

    name = "none"
    dimension = 4

    def queries(self, texts: Sequence[str]) -> Vectors:
        """A row a text."""
        return np.tile(np.array([1, 0, 0, 0], dtype=np.float32), (len(texts), 1))

    passages = queries


def main() -> None:
    """Serve until stopped."""
    home, port = Path(sys.argv[1]), int(sys.argv[2])
    logging.basicConfig(format="%(name)s %(message)s")
    logging.getLogger("retrieval.parsing.door").setLevel(logging.INFO)
    settings = Settings(home=home)
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = crm_engine.connect(settings)
    crm_engine.migrate(engine)
    with unit(engine, SYSTEM) as session:
        session.add(
            User(
                login=LOGIN,
                family_name="Keeper",
                given_name="Kim",
                email="keeper@robo.example",
                role_code="administrator",
                language="en",
            )
        )
    knowledge = Knowledge(settings, engine, NoMeaning(), vectors="exact")
    parts = Parts(settings, engine, knowledge, Offers(engine, settings), None)
    uvicorn.run(create_app(parts, secret_key(settings)), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()

"""Charging a model's calls to the user who asked."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from assistant.model.contract import ModelFault, Used
from crm import usage


@dataclass(frozen=True)
class UserMeter:
    """The meter (`assistant.model.contract.Meter`) of one user; each method is a short unit of the system's."""

    engine: Engine
    user_id: int

    def admit(self) -> date:
        """Count a call; the day (UTC) it counts to. Raises `ModelFault` ("budget") where the user's or the company's is
        used up today."""
        day = usage.today()
        again = usage.admit(self.engine, self.user_id, day)
        if again is not None:
            raise ModelFault("budget", again=again)
        return day

    def count(self, used: Used, day: date) -> None:
        """Add the tokens, seconds and money of a call admitted on `day`, though midnight may have passed since."""
        usage.count(self.engine, self.user_id, used.tokens_in, used.tokens_out, used.seconds, day)

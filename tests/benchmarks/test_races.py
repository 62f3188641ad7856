"""Races of clients for one offer, and for numbers: one winner each, no gap, no lost update, on both databases."""

import pytest

from benchmarks.races import RACES, run
from core.settings import Settings


@pytest.fixture
def empty(settings: Settings) -> Settings:
    return settings


def test_every_race_has_one_winner_and_numbers_have_no_gap(empty: Settings) -> None:
    races = run(empty, 12)
    assert len(races) == len(RACES)
    assert [(race.name, race.right, race.found) for race in races if not race.right] == []
    for race in races[:-1]:
        assert race.outcomes["won"] == 1 and sum(race.outcomes.values()) == 12
    assert races[-1].outcomes == {"won": 12}

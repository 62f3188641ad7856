"""Days and hours in words, read on a Sunday, 22 November 2026, at 12:00 in Budapest."""

from datetime import UTC, date, datetime, time

import pytest

from assistant.changes.text import folded, plain
from assistant.changes.when import read_when
from core.language import Language

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "said", "day", "hour"),
    [
        ("hu", "hívjam fel pénteken 10-kor", (11, 27), (10, 0)),
        ("hu", "pénteken délután 3-kor", (11, 27), (15, 0)),
        ("hu", "ajánlatot utánkövetni jövő kedden", (11, 24), None),
        ("hu", "jovo kedden", (11, 24), None),
        ("hu", "holnapután 14:30-kor", (11, 24), (14, 30)),
        ("hu", "két hét múlva", (12, 6), None),
        ("hu", "egy hónap múlva", (12, 22), None),
        ("hu", "december 3-án 9 órakor", (12, 3), (9, 0)),
        ("hu", "vasárnap", (11, 29), None),
        ("hu", "holnap fél háromkor", (11, 23), (14, 30)),
        ("hu", "kedden délben", (11, 24), (12, 0)),
        ("hu", "kedden 10-re", (11, 24), (10, 0)),
        ("hu", "15-én", (12, 15), None),
        ("hu", "2026.12.01-én", (12, 1), None),
        ("hu", "két óra múlva", (11, 22), (14, 0)),
        ("hu", "ma 15:00", (11, 22), (15, 0)),
        ("hu", "9-kor", (11, 23), (9, 0)),
        ("hu", "jövő héten", (11, 23), None),
        ("hu", "jövő hét szerdán", (11, 25), None),
        ("pl", "w piątek o 10", (11, 27), (10, 0)),
        ("pl", "w piatek o 10:30", (11, 27), (10, 30)),
        ("pl", "za dwa tygodnie", (12, 6), None),
        ("pl", "za tydzień", (11, 29), None),
        ("pl", "jutro po południu o trzeciej", (11, 23), (15, 0)),
        ("pl", "pojutrze o godz. 14", (11, 24), (14, 0)),
        ("pl", "w przyszły wtorek", (11, 24), None),
        ("pl", "3 grudnia o 9:15", (12, 3), (9, 15)),
        ("pl", "na środę na 11", (11, 25), (11, 0)),
        ("en", "next Tuesday at 3pm", (11, 24), (15, 0)),
        ("en", "on Friday at 10", (11, 27), (10, 0)),
        ("en", "tomorrow at noon", (11, 23), (12, 0)),
        ("en", "in two weeks", (12, 6), None),
        ("en", "on 3 December at 9:15 am", (12, 3), (9, 15)),
        ("en", "the day after tomorrow at half past 3", (11, 24), (15, 30)),
        ("en", "next week", (11, 23), None),
        ("en", "in 3 days", (11, 25), None),
        ("en", "on the 5th", (12, 5), None),
    ],
)
def test_a_day_and_an_hour_in_words(
    language: Language, said: str, day: tuple[int, int], hour: tuple[int, int] | None
) -> None:
    found = read_when(folded(plain(said)), language, NOW)
    assert found.day == date(2026, *day)
    assert found.hour == (time(*hour) if hour else None)


@pytest.mark.parametrize(
    ("language", "said", "minutes"),
    [
        ("hu", "holnap 10-kor 45 perces", 45),
        ("pl", "jutro o 10 na godzinę", 60),
        ("en", "tomorrow at 10 for 2 hours", 120),
    ],
)
def test_how_long_it_lasts(language: Language, said: str, minutes: int) -> None:
    found = read_when(folded(plain(said)), language, NOW)
    assert (found.hour, found.minutes) == (time(10), minutes)


@pytest.mark.parametrize(
    "said", ["hívjam fel Kovácsékat", "10 db toll", "zadzwoń do Hotelu Pod Lwem", "call Mayer at Dunai"]
)
def test_no_day_is_made_up(said: str) -> None:
    assert read_when(folded(plain(said)), "hu", NOW).day is None


def test_the_hour_is_that_of_the_business_also_in_summer() -> None:
    winter = read_when(folded("holnap 10-kor"), "hu", NOW).moment
    summer = read_when(folded("július 3-án 10-kor"), "hu", NOW).moment
    assert winter == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert summer == datetime(2027, 7, 3, 8, tzinfo=UTC)

"""Every benchmark runs and compares like with like; how fast it was is not asserted."""

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from benchmarks import customer_list, growth, prompt_to_pack, sales_screens, scoped_search
from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.figures import alternately, figure, percentile_95
from crm.actor import SYSTEM

# One call is measured as a whole here; the others also tell how long each of its parts took.
WITHOUT_PARTS = (scoped_search.NAME, customer_list.NAME, sales_screens.NAME, growth.NAME, prompt_to_pack.NAME)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_it_runs_and_writes_positive_figures(name: str, tmp_path: Path) -> None:
    target = tmp_path / "build" / "bench.json"
    main([name, "--quick"], target)
    written = json.loads(target.read_text(encoding="utf-8"))
    assert written["quick"] is True
    assert written["machine"]["cores"] > 0
    assert written["figures"]
    for row in written["figures"]:
        assert row["benchmark"] == name
        assert row["samples"] > 0
        assert 0 < row["median_ms"] <= row["p95_ms"]
        assert 0 < row["floor_median_ms"] <= row["floor_p95_ms"]
        assert row["ratio"] == row["median_ms"] / row["floor_median_ms"] > 0
        assert bool(row["parts"]) == (name not in WITHOUT_PARTS)


def test_an_unknown_name_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "bench.json"
    with pytest.raises(SystemExit):
        main(["nothing_like_it"], target)
    assert "nothing_like_it" in capsys.readouterr().err
    assert not target.exists()


def test_the_ratio_is_between_medians_and_the_95th_percentile_is_a_measured_value() -> None:
    pairs = [(float(n), 2.0) for n in range(1, 101)]
    made = figure("b", "c", "floor", pairs)
    assert (made.median_ms, made.ratio) == (50.5, 25.25)
    assert (made.p95_ms, made.ratio_p95) == (95.0, 47.5)
    assert percentile_95([3.0]) == 3.0


@pytest.mark.parametrize(("turn", "order"), [(0, ["product", "floor"]), (1, ["floor", "product"])])
def test_product_and_floor_take_turns_in_going_first(turn: int, order: list[str]) -> None:
    done: list[str] = []
    alternately(lambda: done.append("product"), lambda: done.append("floor"), turn)
    assert done == order


def test_a_search_that_finds_other_rows_than_the_hand_written_one_is_no_figure() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        row = ("1", *["x"] * (len(scoped_search.COLUMNS) - 1))
        both = scoped_search.BothWays(engine, cursor, "?", SYSTEM, "all", "kov", [row], [row])
        both.check()
        both.by_hand = []
        with pytest.raises(AssertionError, match="kov"):
            both.check()

"""The arithmetic of docs/scaling.md and its simulation agree, and the bench reads what it measures rightly."""

import pytest

from bench import report, scale

COST = scale.Cost(get=0.004, post=0.006, read=0.0005, check=0.18)


def test_cores_grow_with_the_checks():
    assert scale.count_cores(COST, 200_000) == pytest.approx(2 * scale.count_cores(COST, 100_000))


def test_the_cores_of_a_day_are_the_costs_of_its_busiest_hour():
    a_second = 100_000 * scale.BUSIEST_HOUR / 3600
    assert scale.count_cores(COST, 100_000) * scale.FULL == pytest.approx(a_second * (0.18 + 5 * 0.0005))


def test_the_simulation_uses_the_share_of_the_cores_that_the_arithmetic_says():
    seen = scale.simulate_hour(COST, 100_000, processes=2, seconds=1200)
    assert seen["used"] == pytest.approx(scale.count_cores(COST, 100_000) * scale.FULL / 2, rel=0.15)


def test_with_too_few_processes_requests_wait():
    enough = scale.simulate_hour(COST, 100_000, processes=3, seconds=400)
    too_few = scale.simulate_hour(COST, 400_000, processes=2, seconds=400)
    assert enough["p99"] < 0.1 < too_few["p99"]


def measured(**rates):
    return {name: [{"rate": rate, "ms": 1.0, "cpu": 1000 / rate} for rate in values] for name, values in rates.items()}


MACHINE = {
    "memory": (60.0, 50.0),
    "memory_small": (27.0, 20.0),
    "cold": 1.0,
    "queries": {"article": 3, "question": 1, "answer": 5},
    "at_once": [*[0.1] * 98, 0.4, 2.0],
}


def test_ratios_are_taken_within_a_round():
    """The machine was twice as slow in the second round: that is no difference between the two."""
    taken = measured(one_line=[1000, 500], hit=[2000, 1000], check=[2, 1], wizard=[1, 0.5], named=[0.5, 0.25])
    found = report.summarize_rounds(taken, MACHINE)
    assert found["rows"]["hit"]["ratio"] == 2
    assert found["wizard"] == {"rate": 2, "cpu": 2}
    assert found["named"] == {"rate": 4, "cpu": 4}
    assert "| An article, kept | 1,500.0 | 2.00 |" in report.format_requests(found)


def test_each_budget_says_whether_it_is_met():
    taken = measured(one_line=[1000], hit=[990], check=[5], wizard=[1], named=[0.5])
    text = report.format_budgets(report.summarize_rounds(taken, MACHINE))
    assert "| an article read again, x one-line view | 1.0 or more | 0.99 | **not met** |" in text
    assert "| SQL queries of an article made anew | 3 at most | 3 | met |" in text
    assert "| 4 at most | 1 (GET), 5 (POST) | **not met** |" in text
    assert "| a whole check, x formtools wizard | 5 or more | 5.00 | met |" in text
    assert "| p99 1 s | 0.40 s, none refused | met |" in text


def test_whole_checks_are_compared_within_a_round_too():
    taken = measured(check=[10, 5], wizard=[5, 2.5], named=[2, 1])
    text = report.format_walks({("sqlite", 8): taken})
    assert "| sqlite | 8 | 7.5 | 3.8 | 1.5 | 2.0 (2.0) | 5.0 (5.0) |" in text


def test_a_table_takes_the_place_of_the_one_before(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "DOCS", tmp_path)
    page = tmp_path / "benchmarks.md"
    page.write_text("before\n<!-- rows -->\nold\n<!-- /rows -->\nafter\n")
    for text in ("one", "two"):
        report.replace_section("rows", text)
    assert page.read_text() == "before\n<!-- rows -->\ntwo\n<!-- /rows -->\nafter\n"

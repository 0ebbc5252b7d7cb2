"""What a probe says of its samples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.lab.probe import ProbeResult, Sample, Target

TARGET = Target(office="dpmptsp", uplink="domestic")


def result(*rtts: float | None) -> ProbeResult:
    return ProbeResult(target=TARGET, samples=tuple(Sample(float(at), rtt) for at, rtt in enumerate(rtts)))


def test_no_sample_is_no_figure() -> None:
    assert result().percentile(95) is None
    assert result().loss == 0.0
    assert result(None).percentile(50) is None
    assert result(None).loss == 1.0


@pytest.mark.parametrize(("percent", "expected"), [(50, 50.0), (95, 95.0), (100, 100.0), (1, 1.0)])
def test_the_nearest_rank_of_a_hundred(percent: int, expected: float) -> None:
    assert result(*(float(each) for each in range(100, 0, -1))).percentile(percent) == expected


@given(st.lists(st.floats(0, 10), min_size=1), st.integers(1, 100))
def test_at_least_that_part_did_not_exceed_it(rtts: list[float], percent: int) -> None:
    value = result(*rtts).percentile(percent)
    assert value is not None
    assert sum(rtt <= value for rtt in rtts) * 100 >= percent * len(rtts)


def test_losses_count_and_take_no_part_in_the_figures() -> None:
    assert result(0.1, None, 0.3, None).loss == 0.5
    assert result(0.1, None, 0.3, None).percentile(100) == 0.3


def test_a_stretch_of_time_is_cut_out() -> None:
    assert [sample.at for sample in result(1, 2, 3, 4).between(1.0, 3.0).samples] == [1.0, 2.0]

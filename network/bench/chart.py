"""The demo's chart: what was promised and what was got, over time and office by office. Draws and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from inventory.regency import Regency
    from network.bench.story import Act, Story
    from network.core.tree import NodeId

_MBIT: Final = 10**6
_COLOURS: Final = {"before": "#9aa5b1", "during": "#1f77b4", "after": "#c7d0d9"}
_WATCHED: Final = ("#1f77b4", "#d95f02", "#7f7f7f")


def write(told: Story, regency: Regency, file: Path, say: Callable[..., str]) -> None:
    """An SVG of two panels: rates over time of who is watched, and guarantee against measured for every office."""
    with mpl.rc_context({"svg.hashsalt": "lajur", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure, (top, bottom) = plt.subplots(2, 1, figsize=(11, 8), height_ratios=(2, 3), layout="constrained")
        _time_line(top, told, regency, say)
        _offices(bottom, told, regency, say)
        figure.savefig(file, metadata={"Date": None})
        plt.close(figure)


def _time_line(axes: Axes, told: Story, regency: Regency, say: Callable[..., str]) -> None:
    groups = _groups(told, regency, say)
    times = [point.at for point in told.points]
    for (label, nodes), colour in zip(groups.items(), _WATCHED, strict=True):
        rates = [_sum(point.rates, nodes) for point in told.points]
        axes.plot(times, rates, color=colour, drawstyle="steps-pre", label=label)
        for act, start, end in _spans(told):
            promised = sum(act.allocation.queues[node].guarantee for node in nodes) / _MBIT
            axes.hlines(promised, start, end, color=colour, linestyle="--", linewidth=1)
    for at, name in told.marks:
        axes.axvline(at, color="#333333", linewidth=0.8)
        axes.annotate(say(f"bench.chart.{name}"), (at, axes.get_ylim()[1]), textcoords="offset points", xytext=(4, -10))
    axes.set_xlabel(say("bench.chart.seconds"))
    axes.set_ylabel("Mbit/s")
    axes.set_title(say("bench.chart.time", uplink=str(told.cast.shaper)), loc="left")
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))


def _groups(told: Story, regency: Regency, say: Callable[..., str]) -> dict[str, tuple[NodeId, ...]]:
    who = told.cast
    shares = {key: each.share for key, each in regency.policy.classes.items()}
    least = min(shares, key=lambda key: (shares[key], key))
    back = tuple(node for office in regency.offices if office.service_class == least for node in who.asked(office))
    return {
        say("bench.chart.licensing", office=who.licensing.key): who.asked(who.licensing),
        say("bench.chart.planning", office=who.planning.key, application=who.application): who.asked(who.planning),
        say("bench.chart.rest", service_class=least, offices=len(back)): back,
    }


def _spans(told: Story) -> list[tuple[Act, float, float]]:
    starts = [0.0, *(at for at, _ in told.marks)]
    ends = [*starts[1:], told.points[-1].at]
    return list(zip(told.acts, starts, ends, strict=True))


def _sum(rates: Mapping[NodeId, int], nodes: Iterable[NodeId]) -> float:
    return sum(rates.get(node, 0) for node in nodes) / _MBIT


def _offices(axes: Axes, told: Story, regency: Regency, say: Callable[..., str]) -> None:
    names = [office.key for office in regency.offices]
    width = 0.8 / len(told.acts)
    for number, act in enumerate(told.acts):
        places = [index + (number - 1) * width for index in range(len(names))]
        heights = [_sum(act.rates, told.cast.asked(office)) for office in regency.offices]
        axes.bar(places, heights, width, color=_COLOURS[act.name], label=say(f"bench.column.measured_{act.name}"))
        promised = [told.cast.sure(act.allocation, office) / _MBIT for office in regency.offices]
        label = say("bench.chart.guarantee") if number == 0 else None
        axes.plot(places, promised, linestyle="", marker="_", color="#000000", markersize=5, label=label)
    axes.set_xticks(range(len(names)), names, rotation=70, ha="right", fontsize=7)
    axes.set_ylabel("Mbit/s")
    axes.set_ylim(top=axes.get_ylim()[1] * 1.15)  # room for the legend above the bars
    axes.set_title(say("bench.chart.offices"), loc="left")
    axes.legend(frameon=False, ncols=4, loc="upper right")

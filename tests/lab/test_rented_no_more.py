"""The last file that uses the lab with a cloud: they go together."""

from __future__ import annotations

import subprocess

import pytest

from network.lab import lab, netns
from network.lab.lab import LabState
from network.lab.layout import prefix

pytestmark = [pytest.mark.lab, pytest.mark.cloud]


def test_it_goes_with_its_lab_and_leaves_nothing(with_cloud: LabState) -> None:
    assert with_cloud.clouds is not None
    assert with_cloud.clouds.stat().st_mode & 0o777 == 0o600
    assert lab.down(with_cloud.plan.lab)
    assert not with_cloud.clouds.exists()
    assert netns.existing(prefix(with_cloud.plan.lab)) == []
    words = ["pgrep", "-af", f"cloud.keeper.*{with_cloud.plan.lab}"]
    running = subprocess.run(words, capture_output=True, text=True, check=False)
    assert with_cloud.plan.lab not in running.stdout

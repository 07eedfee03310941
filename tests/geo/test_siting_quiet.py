"""The solver writes nothing: what a program prints is its own."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import numpy as np
from geo.siting import p_median
print(p_median(np.random.default_rng(0).random((60, 20)), np.ones(60), 4).sites)
"""


def test_the_solver_prints_no_banner() -> None:
    """In a process of its own: the banner comes with the first solver of a process."""
    made = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert len(made.stdout.strip().splitlines()) == 1
    assert "HiGHS" not in made.stdout + made.stderr

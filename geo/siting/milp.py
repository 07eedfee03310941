"""HiGHS for what is small enough: a mixed-integer programme in, the best answer and a proved bound out.

References
----------
Huangfu and Hall (2018), Parallelizing the dual revised simplex method, Mathematical Programming
Computation 10.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]

LARGEST_COST: Final = 10
"""The solver sees costs up to two to the power of this."""


@dataclass(frozen=True, eq=False)
class Programme:
    """Minimise ``cost @ x`` where ``low <= rows @ x <= high``, ``0 <= x <= upper``, some x whole."""

    cost: Floats
    rows: sparse.csr_matrix
    low: Floats
    high: Floats
    upper: Floats
    whole: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Solved:
    """``x`` the best answer (None: none was found), ``bound`` no answer is below, and how it ended."""

    x: Floats | None
    bound: float
    optimal: bool
    infeasible: bool


def minimise(
    programme: Programme,
    seconds: float,
    first: Floats | None = None,
    stop: Callable[[], bool] | None = None,
) -> Solved:
    """Solve a programme on one thread, so that the same one gives the same answer.

    Parameters
    ----------
    programme : Programme
    seconds : float
        Limit on the clock.
    first : ndarray, optional
        A feasible answer to begin with.
    stop : callable, optional
        Asked now and then; True ends the work.

    Returns
    -------
    Solved
        ``optimal`` only where the solver finished; a limit never counts as that.
    """
    if not len(programme.cost):
        return Solved(np.empty(0), 0.0, True, False)
    unit = _unit(programme.cost)
    solver = _loaded(replace(programme, cost=np.ldexp(programme.cost, -unit)), seconds)
    if first is not None:
        known = highspy.HighsSolution()
        known.col_value = list(first)
        solver.setSolution(known)
    if stop is not None:
        _listen(solver, stop)
    solver.run()
    solved = _read(solver, bool(programme.whole.any()))
    return replace(solved, bound=float(np.ldexp(solved.bound, unit)))


def _unit(cost: Floats) -> int:
    """The power of two in which costs are told: the solver's tolerances are absolute, so that it would end
    too early on costs of 1e-12, and never on those of 1e20.
    """
    largest = float(np.abs(cost).max())
    return int(np.frexp(largest)[1]) - LARGEST_COST if largest > 0 else 0


class _Quiet(highspy.Highs):  # type: ignore[misc]
    """A solver that says nothing: the banner is written when callbacks are enabled, by the constructor."""

    def enableCallbacks(self) -> None:  # noqa: N802
        """Be quiet before anything can be written."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


def _loaded(programme: Programme, seconds: float) -> Any:
    solver = _Quiet()
    options = {"output_flag": False, "threads": 1, "random_seed": 0, "time_limit": max(float(seconds), 0.01)}
    options |= {"mip_rel_gap": 0.0, "mip_abs_gap": 1e-9}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    model = highspy.HighsLp()
    rows = programme.rows.tocsr()
    model.num_row_, model.num_col_ = rows.shape
    model.col_cost_ = programme.cost
    model.col_lower_, model.col_upper_ = np.zeros(len(programme.cost)), programme.upper
    model.row_lower_, model.row_upper_ = programme.low, programme.high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = rows.indptr, rows.indices
    model.a_matrix_.value_ = rows.data
    if programme.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(is_whole)] for is_whole in programme.whole]
    solver.passModel(model)
    return solver


def _listen(solver: Any, stop: Callable[[], bool]) -> None:
    def interrupt(event: Any) -> None:
        if stop():
            event.interrupt()

    solver.cbSimplexInterrupt += interrupt
    solver.cbMipInterrupt += interrupt


def _read(solver: Any, has_whole: bool) -> Solved:
    status, info = solver.getModelStatus(), solver.getInfo()
    optimal = status == highspy.HighsModelStatus.kOptimal
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if has_whole:
        bound = float(info.mip_dual_bound)
    else:
        bound = float(info.objective_function_value) if optimal else -np.inf
    bound = bound if np.isfinite(bound) else -np.inf
    x = np.asarray(solver.getSolution().col_value, dtype=float) if feasible else None
    return Solved(x, bound, optimal, status == highspy.HighsModelStatus.kInfeasible)

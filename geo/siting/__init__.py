"""Where to put things: p-median, maximum coverage and set cover, each with a bound it can prove.

Mathematics only: costs come as a matrix, whatever they measure (kilometres, minutes, money). Every answer
carries what is known about the best possible one, so that nobody has to believe a heuristic.
"""

from geo.siting.cover import set_cover
from geo.siting.coverage import max_coverage
from geo.siting.median import p_median
from geo.siting.results import Cover, Coverage, Median

__all__ = ["Cover", "Coverage", "Median", "max_coverage", "p_median", "set_cover"]

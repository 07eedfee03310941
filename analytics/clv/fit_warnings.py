"""What a fit has to say about itself: codes for the screen, plain English for everyone else."""

from __future__ import annotations

from dataclasses import dataclass

SENTENCES = {
    "no_time": "No customer was observed for any time after the first purchase, so nothing can be "
    "learned about buying again; the values are a weak prior's.",
    "no_repeat": "Nobody bought a second time, so the model knows only that repeats are rare.",
    "few_repeaters": "Fewer than 30 customers bought again; the parameters are rough.",
    "no_dropout": "Nobody seems to have left: the data do not show how customers are lost, and long "
    "forecasts assume they stay.",
    "weak_prior": "The data fit many parameter values equally well; a weak prior chose usual ones "
    "among them. Read the predictions, not the parameters.",
    "not_converged": "The search for the best fit stopped early; do not use these values.",
    "mean_undefined": "Order values are so uneven that the model has no finite average; the average "
    "of the data stands in for it.",
    "no_customers_count": "Shares were given without the number of customers, so the standard errors "
    "are those of 1,000 customers.",
    "two_periods": "Fewer than three periods were observed; the curve cannot be told from a constant "
    "churn rate.",
}


@dataclass(frozen=True)
class FitWarning:
    """One caution about a fit.

    Attributes
    ----------
    code : str
        Stable, for a translated text on screen; a key of ``SENTENCES``.
    text : str
        One sentence in English.
    """

    code: str
    text: str

    def __str__(self) -> str:
        return self.text


def warning(code: str) -> FitWarning:
    """The caution with this code.

    Examples
    --------
    >>> warning("no_repeat").code
    'no_repeat'
    """
    return FitWarning(code, SENTENCES[code])

"""Forecasts of what customers will bring: models fitted, judged on a holdout, chosen, and valued."""

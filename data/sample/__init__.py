"""Two invented merchants with a known truth: a Malaysian chain and an Indonesian web shop."""

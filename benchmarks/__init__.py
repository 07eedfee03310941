"""What Setia costs: measured in alternation with a plain yardstick, reported as ratios."""

"""Extraction of the reference geodata, one module per source. For developers only."""

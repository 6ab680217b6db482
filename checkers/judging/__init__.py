"""Sets what a text orders against what the tables say. Facts come from the tables, ratios from ``data/thresholds.toml``."""

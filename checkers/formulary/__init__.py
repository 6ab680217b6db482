"""What is known about drugs: the rows of ``data/formulary``, each with its source. Facts only; the rules judge by them."""

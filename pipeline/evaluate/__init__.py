"""How well the candidates are: against gold, and among raters."""

"""How good the highlights are: truth, measures, the simple rivals to beat, and the score card."""

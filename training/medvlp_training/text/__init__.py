"""Training of the text tower: phrases, weakly labelled reports, objective, evaluation."""

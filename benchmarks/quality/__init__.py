"""How right the default model is: one bar of the goal a module, on real patients (``make quality``)."""

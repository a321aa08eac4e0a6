"""The methods under the same data, encoder and steps, and whether the papers' claims held."""

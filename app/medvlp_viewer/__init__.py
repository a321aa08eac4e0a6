"""The standalone viewer: models (no Qt), views (small interfaces and their Qt forms), controllers."""

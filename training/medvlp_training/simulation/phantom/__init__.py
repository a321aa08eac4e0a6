"""Procedural patients: chest and upper abdomen from shape parameters, without any scan behind them."""

from medvlp_training.simulation.phantom.patient import make_patient, phantom_host

__all__ = ["make_patient", "phantom_host"]

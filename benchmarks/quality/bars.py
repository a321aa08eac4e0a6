"""What is measured, in the order of the tables."""

BARS = {
    "ct-organs": "ct_organs",
    "ct-read": "ct_read",
    "ct-mass": "ct_mass",
    "ct-slices": "ct_slices",
    "ct-simulated": "ct_simulated",
    "xr-lungs": "xr_lungs",
    "xr-lesions": "xr_lesions",
    "xr-findings": "xr_findings",
    "text": "text",
    "abstention": "abstention",
}
"""Command to module."""

FOLDS = "ct-folds"
"""Measured by a command of its own: it asks other models."""

REPORTED = tuple(
    shown for name in BARS for shown in ((name, FOLDS) if name == "ct-read" else (name,))
)
"""Every bar that the summary shows, if it was measured."""

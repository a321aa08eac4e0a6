"""medvlp_widgets."""

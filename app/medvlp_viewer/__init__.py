"""medvlp_viewer."""

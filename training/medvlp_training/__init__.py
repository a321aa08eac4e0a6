"""medvlp_training."""

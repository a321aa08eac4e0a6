"""medvlp_resources."""

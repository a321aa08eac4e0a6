"""medvlp_napari."""

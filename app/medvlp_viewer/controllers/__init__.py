"""What connects models, views and the inference process. No Qt: tested against fakes."""

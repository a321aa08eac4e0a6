"""Published two-dimensional models under the objectives: their towers, pictures, texts and use."""

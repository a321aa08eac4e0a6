"""Reports to sentences, labels, entities and statements about organs."""

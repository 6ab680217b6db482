"""How a document gets into the library: read, split, embed, publish."""

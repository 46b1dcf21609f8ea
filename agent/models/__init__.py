"""The model files: what they are (`manifest`), how they get here (`wheels`, `hub`), where they live (`store`)."""

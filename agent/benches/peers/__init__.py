"""Other voice frameworks that cannot share our environment: each is run by an interpreter of its own."""

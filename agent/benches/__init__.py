"""What the benches of `soundcheck bench` do: one module each, none of which the product imports."""

"""The one place that builds the window's objects and wires them."""

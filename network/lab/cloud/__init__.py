"""A rented cloud as part of a lab: a real OpenStack control plane in a namespace of its own."""

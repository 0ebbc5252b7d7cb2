"""A whole regency in network namespaces on one Linux machine."""

"""What is measured of the stack on the servers: how it gets there, how releases go out, how a database comes back."""

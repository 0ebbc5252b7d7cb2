"""How the Pulumi engine's binary comes onto a machine: `python -m infra.engine`. Imports no Pulumi."""

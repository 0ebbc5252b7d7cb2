"""What the engine starts: `python -m pulumi.policy` runs this folder."""

from infra.policies.pack import main

main()

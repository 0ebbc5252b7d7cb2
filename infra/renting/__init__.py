"""What is rented from a cloud: its kinds, what each is made of, and how each lives. Knows neither Pulumi nor openstacksdk."""

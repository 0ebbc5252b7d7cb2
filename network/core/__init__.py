"""Pure decisions: from the truth and `now` to numbers and an order. No input, no output, no clock."""

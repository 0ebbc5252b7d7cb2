"""The command `lajur`: one file per noun; `output` is the only printer."""

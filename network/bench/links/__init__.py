"""Links of the lab watched while fibres are cut, and compared with the truth while nobody touches them."""

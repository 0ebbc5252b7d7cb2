"""Three lines on every real router of the lab, pushed, verified and confirmed; and others that do the same work beside us."""

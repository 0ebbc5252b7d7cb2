"""The policy pack: refuses before anything is done. The engine runs this folder as a program of its own."""

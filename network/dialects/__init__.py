"""A plan into a platform's words, a platform's words into values. Text in, text out."""

"""An end of a link in a platform's words: what of its running configuration is ours and differs. Text in, text out."""

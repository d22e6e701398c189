"""The nouns of a campaign and of its result: what is asked, what was seen, what was found."""

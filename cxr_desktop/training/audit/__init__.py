"""Looking at labelled films before training: what they are, and what is wrong with them."""

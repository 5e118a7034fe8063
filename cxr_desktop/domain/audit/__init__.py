"""What an audit of labelled films says: plain data, and what can be judged without a look at the pixels."""

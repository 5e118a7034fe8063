"""What radiologists talk about. Plain Python and NumPy: no Qt, no Keras, no file."""

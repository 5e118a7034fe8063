"""With what the program ends where not all went well. Imports nothing: the window, too, must open at once."""

WRONG_USAGE = 2
# Some files could not be read; the others are in the table.
SOME_UNREADABLE = 3
# Some chosen models have no figures: they failed, or need a weights file that was not named.
SOME_WITHOUT_FIGURES = 4
# Something about the films has to be put right before a model can be trained on them.
NOT_FIT_TO_TRAIN_ON = 5
# Something on this computer hinders the program, or soon will.
SOMETHING_AMISS = 6

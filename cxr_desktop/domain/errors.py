"""Problems that a person at the screen can act on.

A message says what arrived, what was expected and what to do, in the reader's words. It never holds a
file name or anything about a patient: the row or dialog that shows it stands beside the file's name,
and the log may keep the message.
"""


class CxrError(Exception):
    """Something the reader must know of; `str(error)` is the sentence to show."""


class UnreadableImage(CxrError):  # noqa: N818 - the name is the statement
    """The file gives no chest radiograph."""


class NotJudged(CxrError):  # noqa: N818 - the name is the statement
    """The film is out of the model's scope, so there is nothing to explain."""


class BundleError(CxrError):
    """A model bundle is damaged, incomplete or made for another version."""


class EngineError(CxrError):
    """The inference engine could not run the model on this machine."""


class CatalogueError(CxrError):
    """The catalogue cannot be opened, read or written."""


class DamagedCatalogue(CatalogueError):  # noqa: N818 - the name is the statement
    """The catalogue is damaged or gone; restoring a backup, with the reader's consent, would help."""


class TrainingError(CxrError):
    """Training cannot start or go on with these films."""


class FilmsNotFound(TrainingError):  # noqa: N818 - the name is the statement
    """Films of the locked test set are not where they were; the reader can tell where they are now.

    Attributes:
        others: how many of the set were found.
    """

    def __init__(self, reason: str, others: int):
        super().__init__(reason)
        self.others = others


class Cancelled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The person asked to stop."""


def mistake(error: BaseException) -> str:
    """What a log may hold of an unexpected error: its kind and place, not its text, which may quote names."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else "an unknown place"
    return f"{type(error).__name__} at {place}"

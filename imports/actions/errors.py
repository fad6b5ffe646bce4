"""What an action refuses to do, as a code with params; `imports.wording` has the sentence for people."""

from imports.storage import StorageAway


class Refused(Exception):
    """The action changed nothing. `code` and `params` say why; the page or the command says it in words."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}


def not_stored(fault: BaseException) -> Refused:
    """The refusal of bytes that could not be kept: the storage does not answer, or has no room or no right."""
    return Refused("storage_not_there" if isinstance(fault, StorageAway) else "no_space", reason=type(fault).__name__)

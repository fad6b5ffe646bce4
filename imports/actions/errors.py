"""What an action refuses to do, as a code with params; `imports.wording` has the sentence for people."""


class Refused(Exception):
    """The action changed nothing. `code` and `params` say why; the page or the command says it in words."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}

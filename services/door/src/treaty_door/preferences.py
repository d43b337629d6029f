"""Read how much a client likes a form of an answer (RFC 9110, 12.4.2)."""


def quality(parameters: str) -> float:
    """Return the weight among the parameters of one part of an Accept header: 1 where there is none."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0

"""What can go wrong with a request, once, for every door: HTTP, gRPC and the playground."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Status:
    code: str
    http: int
    grpc: str
    openai: str


class Fault(Enum):
    """`code` is what clients may rely on; the sentence beside it is for people and may change."""

    MALFORMED = Status("malformed", 400, "INVALID_ARGUMENT", "invalid_request_error")
    UNAUTHENTICATED = Status("unauthenticated", 401, "UNAUTHENTICATED", "authentication_error")
    FORBIDDEN = Status("forbidden", 403, "PERMISSION_DENIED", "permission_error")
    UNKNOWN_PATH = Status("unknown_path", 404, "UNIMPLEMENTED", "invalid_request_error")
    UNKNOWN_MODEL = Status("unknown_model", 404, "NOT_FOUND", "invalid_request_error")
    UNKNOWN_VERSION = Status("unknown_version", 404, "NOT_FOUND", "invalid_request_error")
    UNKNOWN_SERVICE = Status("unknown_service", 404, "NOT_FOUND", "invalid_request_error")
    METHOD = Status("method_not_allowed", 405, "UNIMPLEMENTED", "invalid_request_error")
    SLOW_BODY = Status("slow_body", 408, "DEADLINE_EXCEEDED", "invalid_request_error")
    TOO_LARGE = Status("too_large", 413, "INVALID_ARGUMENT", "invalid_request_error")
    OVERLOADED = Status("overloaded", 429, "RESOURCE_EXHAUSTED", "rate_limit_error")
    OVER_QUOTA = Status("over_quota", 429, "RESOURCE_EXHAUSTED", "rate_limit_error")
    INTERNAL = Status("internal", 500, "INTERNAL", "server_error")
    NOT_READY = Status("not_ready", 503, "UNAVAILABLE", "server_error")
    DEADLINE = Status("deadline", 504, "DEADLINE_EXCEEDED", "server_error")


class ServingError(Exception):
    """A request that isn't answered, and why.

    Args:
        fault: which kind it is, on every transport.
        sentence: for the person who reads the client's log.
        retry_after_seconds: when asking again makes sense.
        param: the field at fault, where there is one.
        allowed: the methods that are right, where one was wrong.
    """

    def __init__(
        self,
        fault: Fault,
        sentence: str,
        *,
        retry_after_seconds: float | None = None,
        param: str | None = None,
        allowed: tuple[str, ...] = (),
    ) -> None:
        super().__init__(sentence)
        self.fault = fault
        self.sentence = sentence
        self.retry_after_seconds = retry_after_seconds
        self.param = param
        self.allowed = allowed

    @property
    def status(self) -> Status:
        return self.fault.value


def malformed(sentence: str, *, param: str | None = None) -> ServingError:
    return ServingError(Fault.MALFORMED, sentence, param=param)


def too_large(sentence: str, *, param: str | None = None) -> ServingError:
    return ServingError(Fault.TOO_LARGE, sentence, param=param)

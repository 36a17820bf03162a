"""Ask a service of this container whether it is well; exit code 0 when it is.

python docker/probe.py http://127.0.0.1:8000/health/ready
python docker/probe.py grpc://127.0.0.1:8001
"""

import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 4.0
# grpc.health.v1.HealthCheckResponse{status: SERVING}: field 1, value 1.
SERVING = b"\x08\x01"


def http_fault(address: str) -> str:
    """Why the address doesn't answer as it should; empty when it does."""
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310 -- an address from our own compose file
            response.read()
    except urllib.error.HTTPError as error:
        return f"{error.code}: {error.read(2000).decode(errors='replace')}"
    except OSError as error:
        return str(error)
    return ""


def grpc_fault(target: str) -> str:
    """The same for the standard gRPC health service."""
    import grpc

    with grpc.insecure_channel(target) as channel:
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        try:
            answer = check(b"", timeout=TIMEOUT_SECONDS)
        except grpc.RpcError as error:
            return str(error)
    return "" if answer == SERVING else "not serving"


def main() -> None:
    address = sys.argv[1]
    parts = urlsplit(address)
    fault = grpc_fault(parts.netloc) if parts.scheme == "grpc" else http_fault(address)
    if fault:
        sys.exit(f"{address} is not well: {fault}")


if __name__ == "__main__":
    main()

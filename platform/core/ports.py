"""Finding a port for the site."""

import socket


def free_port(host: str, wanted: int, *, tries: int = 100) -> int:
    """``wanted`` if nobody listens there, else the next free one above it.

    Raises OSError when none of ``tries`` ports is free, or the host is not ours.
    """
    for port in range(wanted, wanted + tries):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            # A port that was used a minute ago is free; one that is listened on is not.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except PermissionError:
                raise
            except OSError as taken:
                problem = taken
                continue
            return port
    raise problem

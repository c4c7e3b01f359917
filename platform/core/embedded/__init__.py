"""The engines a bare machine lacks: PostgreSQL and Valkey, as programs inside wheels.

``running.ensure_running()`` is the only door. Each server has a *keeper*, a small detached
process that starts it, starts it again when it dies, and stops it once no command of this
checkout holds the server's users-lock any more. A lock is given back by the kernel however
its holder ends, so even ``kill -9`` of a command leaves no server behind.

No Django here: settings ask ``places`` for addresses, and nothing is started by an import.
"""

"""The web server's settings; see .env.example. In the embedded size the worker also does the background work."""

import warnings
from typing import Any

from config import settings

wsgi_app = "config.wsgi:application"
worker_class = "gthread"
workers = 1 if settings.EMBEDDED else settings.WEB_PROCESSES
threads = settings.WEB_THREADS
timeout = 60
graceful_timeout = 3 if settings.EMBEDDED else 20
keepalive = 5
worker_tmp_dir = "/dev/shm"  # noqa: S108 (heartbeats must not wait for a disk)
max_requests = 0 if settings.EMBEDDED else 5000
max_requests_jitter = 0 if settings.EMBEDDED else 500
forwarded_allow_ips = "*" if settings.PROXIES else "127.0.0.1"
accesslog = None
loglevel = "warning"


warnings.filterwarnings("ignore", "No directory at", UserWarning)  # whitenoise, where static files are not collected


def post_worker_init(worker: Any) -> None:
    """Start the background work where this process is the whole house."""
    if settings.EMBEDDED:
        from config.celery import start_embedded

        start_embedded()

# A service that logs by python-logging-loki, as applications do that have LOKI_URL and LOKI_AUTH.
import logging
import os

import logging_loki

auth = os.environ.get("LOKI_AUTH")
handler = logging_loki.LokiHandler(
    url=os.environ["LOKI_URL"],
    tags={"application": "pyshop"},
    auth=tuple(auth.split(":", 1)) if auth else None,
    version="1",
)
logger = logging.getLogger("app.db")
logger.addHandler(handler)
logger.setLevel(logging.INFO)
logger.info("order placed", extra={"tags": {"user": "42"}})
logger.error("no connection with glc_eyJvIjoiMTIzIiwibiI6InRlc3QifQ==")

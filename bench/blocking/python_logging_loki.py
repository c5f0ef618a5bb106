"""Calls python-logging-loki as an application does, and prints what each call took, in milliseconds, as JSON.

Arguments: push URL, number of calls.
"""

import json
import logging
import sys
import time

import logging_loki

url, calls = sys.argv[1], int(sys.argv[2])
# What the handler prints for a record that it could not send is not what is measured here.
logging.raiseExceptions = False
logger = logging.getLogger("bench")
logger.setLevel(logging.INFO)
logger.addHandler(logging_loki.LokiHandler(url=url, tags={"application": "bench"}, version="1"))

took = []
for number in range(calls):
    began = time.perf_counter()
    logger.info("order placed req_%08d", number)
    took.append((time.perf_counter() - began) * 1000)
print(json.dumps(took))

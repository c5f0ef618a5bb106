#!/bin/sh
# Alloy beside the service. It keeps nothing (gateway.alloy): if it dies it is started again, and meanwhile the service's
# records are in its spool. It ends after the service, which sends its last records through it.
service=$$

watch() {
  while kill -0 "$service" 2>/dev/null; do
    alloy run --storage.path=/tmp/alloy /etc/alloy/gateway.alloy &
    alloy=$!
    while kill -0 "$service" 2>/dev/null && kill -0 "$alloy" 2>/dev/null; do sleep 1; done
    kill "$alloy" 2>/dev/null
    wait "$alloy"
  done
}
watch &

# `exec`: the service gets the machine's signals itself and its exit code is the machine's. Behind a `&` the shell would
# have it start with SIGINT ignored.
exec node server.js

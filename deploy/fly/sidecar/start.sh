#!/bin/sh
# Alloy keeps nothing (gateway.alloy), so that it may end with the machine. If it dies it is started again; meanwhile the
# service's records are in its spool.
while true; do
  alloy run --storage.path=/tmp/alloy /etc/alloy/gateway.alloy
  sleep 1
done &

# The service is the machine's first process and gets its signals.
exec node server.js

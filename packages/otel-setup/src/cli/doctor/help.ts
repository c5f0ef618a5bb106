// What `otel-setup doctor --help` says.

export const doctorHelp = `Usage: otel-setup doctor [options]

Looks at everything between a log call and Grafana, in the folder and with the variables of the
application: configuration, name, connection, TLS, credentials, one real record, its way back out
of Loki, the installed packages, the spool. Each line is good, a warning or wrong, with the fix.
It runs before the application does or beside it, and touches nothing of what is in its spool.

  --route direct|alloy   the route to look at; else the one that is set
  --env <path>           variables from a file; those that are set already win. --env-file is the
                         same, but Node has a flag of that name and looks for the file first
  --timeout <seconds>    the most that each step may take (5)
  --alloy <url>          where Alloy shows its own pages; else port 12345 beside its receiver
  --json                 one object for programs
  -h, --help

  npx otel-setup doctor
  npx otel-setup doctor --env .env --route alloy
  npx otel-setup doctor --json | jq '.findings[] | select(.state == "wrong")'

To have the record read back from Grafana Cloud set GRAFANA_CLOUD_LOKI_URL, GRAFANA_CLOUD_LOKI_USER
and GRAFANA_CLOUD_READ_TOKEN (scope logs:read). A Loki of your own is asked without them.
Options that code gives to init() cannot be seen from here.

Exit codes: 0 nothing is wrong (there may be warnings), 1 something is wrong, 2 it was called wrongly.
`;

// What `--help` says about the spool's commands.

export const spoolHelp = `Usage: otel-setup spool <command> [options]

What lies in the spool: records that were logged and not yet delivered.

  list                 every service and directory: who wrote it, how much, how old
  show <id>            one directory: segments, cursor, first and last records, refusals
  export [<id>|--all]  records as lines of JSON on standard output
  replay               send what dead processes left, from a copy too
  purge <id>           remove for good, by consent only

Options of every command:
  --dir <directory>    a spool, or a part or a copy of one; else LOG_SPOOL_DIR and the
                       places that otel-setup uses by default
  --env <path>         variables from a file; those that are set already win. --env-file is the
                       same, but Node has a flag of that name and looks for the file first
  -h, --help           examples for the command

Exit codes: 0 done, 1 trouble, 2 it was called wrongly.
`;

export const commandHelp = {
  list: `Usage: otel-setup spool list [--json] [--dir <directory>]

Every service and directory below the spool's root.

  npx otel-setup spool list
  npx otel-setup spool list --dir /var/lib/shop/spool
  npx otel-setup spool list --json | jq '.roots[].services[].directories[] | select(.state == "dead")'
`,
  show: `Usage: otel-setup spool show <id> [--dir <directory>]

One process's directory: its segments and cursor, the first line of its oldest and newest
records, and what a server said of those it refused.

  npx otel-setup spool show k3v9x1qa
`,
  export: `Usage: otel-setup spool export [<id>|--all] [--quarantine] [--dir <directory>]

Records as lines of JSON on standard output: time, severity, body, attributes, resource, scope,
trace ids. Changes nothing, works beside a living process. Damaged files are read as far as
they go; what is missing is told on standard error, and the exit code is 1 then.

  npx otel-setup spool export --all > waiting.ndjson
  npx otel-setup spool export k3v9x1qa | jq -r 'select(.severityNumber >= 17) | .body'
  npx otel-setup spool export --all --quarantine | jq '{reason: .quarantine.reason, body}'
`,
  replay: `Usage: otel-setup spool replay [--route direct|alloy] [--dir <directory>] [--patience <seconds>]

Sends what dead processes left to the route that the environment (or --route) names, byte for byte
as it would have been sent, each record under its own resource. What is delivered leaves the directory;
the directory of a living process is never touched. Stops when a server refuses, or when nothing
went through for --patience seconds (60), and goes on from there when it is run again.

  scp -r app-7:/var/lib/shop/spool ./app-7
  npx otel-setup spool replay --dir ./app-7 --route alloy
  LOG_ROUTE=direct npx otel-setup spool replay --dir ./app-7
`,
  purge: `Usage: otel-setup spool purge <id>|--all-dead|--quarantine [--yes] [--dir <directory>]

Removes records for good, and says which. Asks at a terminal; elsewhere it takes --yes.
The directory of a living process is never touched.

  npx otel-setup spool purge k3v9x1qa
  npx otel-setup spool purge --all-dead --yes
  npx otel-setup spool purge --quarantine
`,
} as const;

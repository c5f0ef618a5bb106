// OpenTelemetry's numbers for winston's levels, and a text that Loki and Grafana know.

export const severities = {
  error: { number: 17, text: 'error' },
  warn: { number: 13, text: 'warn' },
  info: { number: 9, text: 'info' },
  http: { number: 7, text: 'debug' },
  verbose: { number: 6, text: 'debug' },
  debug: { number: 5, text: 'debug' },
  silly: { number: 1, text: 'trace' },
} as const;

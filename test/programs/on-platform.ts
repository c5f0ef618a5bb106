// Logs one record as on a platform whose variables, files and host name are given, and prints the notices.
import { loadConfig } from '../../packages/otel-setup/src/config/load-config.ts';
import { start } from '../../packages/otel-setup/src/init.ts';
import { realWorld } from '../../packages/otel-setup/src/real-world.ts';

const { env, files, hostname, random } = JSON.parse(process.argv[2] ?? '{}');
const config = loadConfig(
  {},
  {
    env: { ...process.env, ...env },
    isTerminal: false,
    cwd: () => '/srv/app',
    readTextFile: (path) => files[path],
    readFile: () => 'there is no such file',
    hostname: () => hostname,
    tmpdir: () => '/tmp',
    homedir: () => '/root',
    uid: 0,
    argv1: '/srv/app/main.js',
    randomId: () => random,
  },
);
const notices: unknown[] = [];
const { telemetry } = start(config, realWorld(), {
  logger: undefined,
  processors: [],
  onNotice: (notice) => notices.push(notice),
  strict: false,
});
telemetry.logger.info(process.argv[3] ?? '');
await telemetry.flush();
process.stdout.write(JSON.stringify(notices));

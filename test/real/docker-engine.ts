// As much of the Docker Engine's API as Alloy asks for, on a Unix socket: containers, and what they print.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface DockerEngine {
  /** A running container that has printed these lines. */
  run(name: string, labels: Readonly<Record<string, string>>, lines: readonly string[]): void;
  /** The containers whose lines were asked for. */
  readonly read: ReadonlySet<string>;
  close(): void;
}

interface Container {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly output: Buffer;
}

const bridge = { Id: 'n1', Name: 'bridge', Driver: 'bridge' };
const network = { NetworkID: bridge.Id, IPAddress: '172.17.0.2' };

export async function startDockerEngine(socket: string): Promise<DockerEngine> {
  const containers: Container[] = [];
  const read = new Set<string>();
  const serveContainer = (path: string, response: ServerResponse): void => {
    const [, id, what] = /\/containers\/(\w+)\/(json|logs)$/.exec(path) ?? [];
    const found = containers.find((container) => container.id === id);
    if (found === undefined) {
      answer(response, { message: `${path} not found` }, 404);
    } else if (what === 'json') {
      answer(response, { ...summary(found), ...details(found) });
    } else {
      read.add(found.name);
      // The connection stays, as with a container that runs on.
      const type = 'application/vnd.docker.multiplexed-stream';
      response.writeHead(200, { 'content-type': type }).write(found.output);
    }
  };
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url ?? '/', 'http://docker');
    if (pathname.endsWith('/_ping')) response.writeHead(200, { 'api-version': '1.47' }).end('OK');
    else if (pathname.endsWith('/networks')) answer(response, [bridge]);
    else if (pathname.endsWith('/containers/json')) answer(response, containers.map(summary));
    else serveContainer(pathname, response);
  };
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(socket, () => resolve()));
  return {
    read,
    run(name, labels, lines) {
      const id = String(containers.length + 1).padStart(64, 'a');
      const time = new Date().toISOString();
      const output = Buffer.concat(lines.map((line) => frame(`${time} ${line}\n`)));
      containers.push({ id, name, labels, output });
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(response: ServerResponse, body: unknown, code = 200): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Standard output in Docker's multiplexed form. */
function frame(text: string): Buffer {
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

function summary({ id, name, labels }: Container): object {
  return {
    Id: id,
    Names: [`/${name}`],
    Image: 'app',
    Labels: labels,
    State: 'running',
    Ports: [],
    HostConfig: { NetworkMode: 'bridge' },
    NetworkSettings: { Networks: { bridge: network } },
  };
}

function details({ name, labels }: Container): object {
  return {
    Name: `/${name}`,
    Config: { Tty: false, Labels: labels },
    State: { Status: 'running', Running: true, FinishedAt: '0001-01-01T00:00:00Z' },
  };
}

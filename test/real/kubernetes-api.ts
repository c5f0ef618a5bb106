// As much of the Kubernetes API as Alloy asks for: pods that come and go, and what their containers print.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface KubernetesApi {
  readonly url: string;
  /** A running pod of the namespace `shop`, with one container that has printed these lines. */
  run(name: string, annotations: Readonly<Record<string, string>>, lines: readonly string[]): void;
  /** The pods whose lines were asked for. */
  readonly read: ReadonlySet<string>;
  close(): void;
}

interface Pod {
  readonly kind: 'Pod';
  readonly apiVersion: 'v1';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: object;
  readonly status: object;
}

const namespace = 'shop';

export async function startKubernetesApi(): Promise<KubernetesApi> {
  const pods = new Map<string, { readonly pod: Pod; readonly output: string }>();
  const watching = new Set<ServerResponse>();
  const read = new Set<string>();
  const servePods = (query: URLSearchParams, response: ServerResponse): void => {
    if (!query.has('watch')) {
      answer(response, list([...pods.values()].map(({ pod }) => pod)));
    } else if (query.has('sendInitialEvents')) {
      // The list that comes by watching is refused, so that the list is asked for as it always was.
      answer(response, status('sendInitialEvents is not served', 'Invalid', 422), 422);
    } else {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      watching.add(response.on('close', () => watching.delete(response)));
    }
  };
  const serveOutput = (name: string, output: string, response: ServerResponse): void => {
    read.add(name);
    // The connection stays, as with a container that runs on.
    response.writeHead(200, { 'content-type': 'text/plain' }).write(output);
  };
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://api');
    const [, name = '', log] = /\/pods\/([^/]+)(\/log)?$/.exec(pathname) ?? [];
    const found = pods.get(name);
    if (pathname === '/version') answer(response, { gitVersion: 'v1.31.0' });
    else if (pathname.endsWith('/pods')) servePods(searchParams, response);
    else if (found === undefined) answer(response, status(pathname, 'NotFound', 404), 404);
    else if (log === undefined) answer(response, found.pod);
    else serveOutput(name, found.output, response);
  };
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    read,
    run(name, annotations, lines) {
      const pod = running(name, annotations, pods.size + 1);
      const time = new Date().toISOString();
      pods.set(name, { pod, output: lines.map((line) => `${time} ${line}\n`).join('') });
      for (const each of watching)
        each.write(`${JSON.stringify({ type: 'ADDED', object: pod })}\n`);
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

function status(message: string, reason: string, code: number): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code };
}

function list(items: readonly Pod[]): object {
  const metadata = { resourceVersion: String(items.length) };
  return { kind: 'PodList', apiVersion: 'v1', metadata, items };
}

function running(
  name: string,
  annotations: Readonly<Record<string, string>>,
  version: number,
): Pod {
  const startedAt = new Date().toISOString();
  const container = { name: 'app', image: 'app', imageID: 'app', ready: true, restartCount: 0 };
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      namespace,
      uid: `00000000-0000-0000-0000-${String(version).padStart(12, '0')}`,
      resourceVersion: String(version),
      labels: { 'app.kubernetes.io/name': name.replace(/-\w+$/, '') },
      annotations,
    },
    spec: {
      nodeName: 'node-1',
      restartPolicy: 'Always',
      containers: [{ name: 'app', image: 'app' }],
    },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      hostIP: '10.1.0.1',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [
        { ...container, containerID: `containerd://${name}`, state: { running: { startedAt } } },
      ],
    },
  };
}

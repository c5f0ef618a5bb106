// Kubernetes, plain containers and systemd, as data.

import type { Platform, Surroundings } from './platform.ts';

const namespaceFile = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

export const containerPlatforms: readonly Platform[] = [
  {
    name: 'kubernetes',
    isHere: ({ env }) => Boolean(env.KUBERNETES_SERVICE_HOST),
    attributes: ({ env, hostname, readTextFile }) => ({
      'k8s.pod.name': env.HOSTNAME || hostname(),
      // https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
      'k8s.namespace.name': readTextFile(namespaceFile)?.trim(),
    }),
    // The pod's name, which may have been overridden: resource.ts takes it from the attributes.
    instance: () => undefined,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 30_000,
    isEphemeral: true,
  },
  {
    // Docker and Podman leave a file in each container; what else there is to know is not told inside.
    name: 'container',
    isHere: ({ env, readTextFile }) =>
      Boolean(env.container) ||
      readTextFile('/.dockerenv') !== undefined ||
      readTextFile('/run/.containerenv') !== undefined,
    attributes: () => ({}),
    instance: containerId,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 10_000,
    isEphemeral: true,
  },
  {
    name: 'systemd',
    isHere: ({ env }) => Boolean(env.INVOCATION_ID),
    attributes: () => ({}),
    instance: () => undefined,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 90_000,
    isEphemeral: false,
  },
];

/** The host's name, where it is the id that `docker ps` shows. */
function containerId({ hostname }: Surroundings): string | undefined {
  const name = hostname();
  return /^[0-9a-f]{12}$/.test(name) ? name : undefined;
}

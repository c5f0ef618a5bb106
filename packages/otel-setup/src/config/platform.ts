// Where the process runs, by the variables that only this platform sets, as data; first match wins.

import type { Env } from './environment.ts';
import type { Host } from './host.ts';

export interface Platform {
  readonly name: string;
  readonly isHere: (env: Env) => boolean;
  /** Resource attributes; undefined and blank ones are left out. */
  readonly attributes: (
    env: Env,
    hostname: Host['hostname'],
  ) => Readonly<Record<string, string | undefined>>;
  /** What tells this instance from the others of the service; it may survive restarts. */
  readonly instance: (env: Env) => string | undefined;
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  /** Milliseconds between that signal and the forced end, as the platform sets it when nobody changed it. */
  readonly killAfterMs: (env: Env) => number;
}

const platforms: readonly Platform[] = [
  {
    name: 'fly.io',
    isHere: (env) => isSet(env.FLY_APP_NAME) && isSet(env.FLY_MACHINE_ID),
    attributes: (env) => ({
      'service.name': env.FLY_APP_NAME,
      'service.version': imageTag(env.FLY_IMAGE_REF),
      'cloud.provider': 'fly_io',
      'cloud.region': env.FLY_REGION,
      'fly.process_group': env.FLY_PROCESS_GROUP,
    }),
    instance: (env) => env.FLY_MACHINE_ID,
    stopSignal: 'SIGINT',
    killAfterMs: () => 5_000,
  },
  {
    name: 'heroku',
    isHere: (env) => isSet(env.DYNO),
    attributes: (env) => ({
      'service.name': env.HEROKU_APP_NAME,
      'service.version': env.HEROKU_RELEASE_VERSION,
      'heroku.app.id': env.HEROKU_APP_ID,
      'heroku.release.commit': env.HEROKU_SLUG_COMMIT,
    }),
    instance: (env) => env.DYNO,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 30_000,
  },
  {
    name: 'railway',
    isHere: (env) => isSet(env.RAILWAY_SERVICE_NAME),
    attributes: (env) => ({
      'service.name': env.RAILWAY_SERVICE_NAME,
      'service.namespace': env.RAILWAY_PROJECT_NAME,
      'service.version': env.RAILWAY_GIT_COMMIT_SHA,
      'deployment.environment.name': env.RAILWAY_ENVIRONMENT_NAME,
      'cloud.region': env.RAILWAY_REPLICA_REGION,
    }),
    instance: (env) => env.RAILWAY_REPLICA_ID,
    stopSignal: 'SIGTERM',
    killAfterMs: (env) => 1_000 * (Number(env.RAILWAY_DEPLOYMENT_DRAINING_SECONDS) || 0),
  },
  {
    name: 'render',
    isHere: (env) => isSet(env.RENDER),
    attributes: (env) => ({
      'service.name': env.RENDER_SERVICE_NAME,
      'service.version': env.RENDER_GIT_COMMIT,
      'deployment.environment.name': env.IS_PULL_REQUEST === 'true' ? 'preview' : undefined,
    }),
    instance: (env) => env.RENDER_INSTANCE_ID,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 30_000,
  },
  {
    name: 'cloud-run',
    // Knative on Kubernetes sets K_SERVICE too.
    isHere: (env) =>
      (isSet(env.K_SERVICE) || isSet(env.CLOUD_RUN_JOB)) && !isSet(env.KUBERNETES_SERVICE_HOST),
    attributes: (env) => ({
      'service.name': env.K_SERVICE || env.CLOUD_RUN_JOB,
      'faas.name': env.K_SERVICE || env.CLOUD_RUN_JOB,
      'faas.version': env.K_REVISION,
      'cloud.provider': 'gcp',
      'cloud.platform': 'gcp_cloud_run',
    }),
    instance: () => undefined,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 10_000,
  },
  {
    name: 'ecs',
    isHere: (env) => isSet(env.ECS_CONTAINER_METADATA_URI_V4),
    attributes: (env) => ({
      'cloud.provider': 'aws',
      'cloud.platform': 'aws_ecs',
      'cloud.region': env.AWS_REGION,
    }),
    instance: () => undefined,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 30_000,
  },
  {
    name: 'kubernetes',
    isHere: (env) => isSet(env.KUBERNETES_SERVICE_HOST),
    attributes: (env, hostname) => ({ 'k8s.pod.name': env.HOSTNAME || hostname() }),
    // The pod's name, which may have been overridden: resource.ts takes it from the attributes.
    instance: () => undefined,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 30_000,
  },
  {
    name: 'systemd',
    isHere: (env) => isSet(env.INVOCATION_ID),
    attributes: () => ({}),
    instance: () => undefined,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 90_000,
  },
];

const unknown: Platform = {
  name: 'unknown',
  isHere: () => true,
  attributes: () => ({}),
  instance: () => undefined,
  stopSignal: 'SIGTERM',
  // Docker's, the shortest of what remains.
  killAfterMs: () => 10_000,
};

export function detectPlatform(env: Env): Platform {
  return platforms.find((platform) => platform.isHere(env)) ?? unknown;
}

export function isOnKubernetes(env: Env): boolean {
  return isSet(env.KUBERNETES_SERVICE_HOST);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/** `registry.fly.io/shop:deployment-01H...` without digest and registry port. */
function imageTag(reference: string | undefined): string | undefined {
  return /:([^:/@]+)(?:@.*)?$/.exec(reference?.split('/').at(-1) ?? '')?.[1];
}

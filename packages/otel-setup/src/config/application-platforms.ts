// Platforms that run an application from its source or its image, as data.

import type { Platform } from './platform.ts';

export const applicationPlatforms: readonly Platform[] = [
  {
    // https://fly.io/docs/machines/runtime-environment/
    name: 'fly.io',
    isHere: ({ env }) => Boolean(env.FLY_APP_NAME && env.FLY_MACHINE_ID),
    attributes: ({ env }) => ({
      'service.name': env.FLY_APP_NAME,
      'service.version': imageTag(env.FLY_IMAGE_REF),
      'cloud.provider': 'fly_io',
      'cloud.region': env.FLY_REGION,
      'fly.process_group': env.FLY_PROCESS_GROUP,
    }),
    instance: ({ env }) => env.FLY_MACHINE_ID,
    stopSignal: 'SIGINT',
    killAfterMs: () => 5_000,
    isEphemeral: true,
  },
  {
    // https://devcenter.heroku.com/articles/dyno-metadata: most of it only with labs:enable runtime-dyno-metadata.
    name: 'heroku',
    isHere: ({ env }) => Boolean(env.DYNO),
    attributes: ({ env }) => ({
      'service.name': env.HEROKU_APP_NAME,
      'service.version': env.HEROKU_RELEASE_VERSION,
      'heroku.app.id': env.HEROKU_APP_ID,
      'heroku.release.commit': env.HEROKU_SLUG_COMMIT,
    }),
    commit: (env) => env.HEROKU_SLUG_COMMIT || env.HEROKU_BUILD_COMMIT,
    instance: ({ env }) => env.DYNO,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 30_000,
    isEphemeral: true,
  },
  {
    // https://docs.railway.com/reference/variables
    name: 'railway',
    isHere: ({ env }) => Boolean(env.RAILWAY_SERVICE_NAME),
    attributes: ({ env }) => ({
      'service.name': env.RAILWAY_SERVICE_NAME,
      'service.namespace': env.RAILWAY_PROJECT_NAME,
      'deployment.environment.name': env.RAILWAY_ENVIRONMENT_NAME,
      'cloud.region': env.RAILWAY_REPLICA_REGION,
    }),
    commit: (env) => env.RAILWAY_GIT_COMMIT_SHA,
    instance: ({ env }) => env.RAILWAY_REPLICA_ID,
    stopSignal: 'SIGTERM',
    killAfterMs: (env) => 1_000 * (Number(env.RAILWAY_DEPLOYMENT_DRAINING_SECONDS) || 0),
    isEphemeral: true,
  },
  {
    // https://render.com/docs/environment-variables
    name: 'render',
    isHere: ({ env }) => Boolean(env.RENDER),
    attributes: ({ env }) => ({
      'service.name': env.RENDER_SERVICE_NAME,
      'deployment.environment.name': env.IS_PULL_REQUEST === 'true' ? 'preview' : undefined,
    }),
    commit: (env) => env.RENDER_GIT_COMMIT,
    instance: ({ env }) => env.RENDER_INSTANCE_ID,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 30_000,
    isEphemeral: true,
  },
  {
    // https://vercel.com/docs/environment-variables/system-environment-variables: no name of the project among them.
    name: 'vercel',
    isHere: ({ env }) => Boolean(env.VERCEL),
    attributes: ({ env }) => ({
      'deployment.environment.name': env.VERCEL_TARGET_ENV || env.VERCEL_ENV,
      'cloud.region': env.VERCEL_REGION,
    }),
    commit: (env) => env.VERCEL_GIT_COMMIT_SHA,
    instance: () => undefined,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 500,
    isEphemeral: true,
  },
];

/** `registry.fly.io/shop:deployment-01H...` without digest and registry port. */
function imageTag(reference: string | undefined): string | undefined {
  return /:([^:/]+)$/.exec(reference?.split('@')[0]?.split('/').at(-1) ?? '')?.[1];
}

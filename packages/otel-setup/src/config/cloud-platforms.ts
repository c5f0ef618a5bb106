// The large clouds' platforms for functions and containers, as data. Attributes as OpenTelemetry's own detectors name them.

import type { Platform } from './platform.ts';

export const cloudPlatforms: readonly Platform[] = [
  {
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    name: 'aws-lambda',
    isHere: ({ env }) => Boolean(env.AWS_LAMBDA_FUNCTION_NAME),
    attributes: ({ env }) => ({
      'service.name': env.AWS_LAMBDA_FUNCTION_NAME,
      'faas.name': env.AWS_LAMBDA_FUNCTION_NAME,
      'faas.version': env.AWS_LAMBDA_FUNCTION_VERSION,
      'cloud.provider': 'aws',
      'cloud.platform': 'aws_lambda',
      'cloud.region': env.AWS_REGION,
    }),
    instance: () => undefined,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 500,
    isEphemeral: true,
  },
  {
    // https://learn.microsoft.com/azure/container-apps/environment-variables
    name: 'azure-container-apps',
    isHere: ({ env }) => Boolean(env.CONTAINER_APP_NAME || env.CONTAINER_APP_JOB_NAME),
    attributes: ({ env }) => ({
      'service.name': env.CONTAINER_APP_NAME || env.CONTAINER_APP_JOB_NAME,
      'service.version': env.CONTAINER_APP_REVISION,
      'cloud.provider': 'azure',
      'cloud.platform': 'azure_container_apps',
    }),
    instance: ({ env }) => env.CONTAINER_APP_REPLICA_NAME || env.CONTAINER_APP_JOB_EXECUTION_NAME,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 30_000,
    isEphemeral: true,
  },
  {
    // https://learn.microsoft.com/azure/app-service/reference-app-settings
    name: 'azure-app-service',
    isHere: ({ env }) => Boolean(env.WEBSITE_SITE_NAME),
    attributes: ({ env }) => ({
      'service.name': env.WEBSITE_SITE_NAME,
      'deployment.environment.name': env.WEBSITE_SLOT_NAME,
      'cloud.provider': 'azure',
      'cloud.platform': env.FUNCTIONS_EXTENSION_VERSION ? 'azure_functions' : 'azure_app_service',
      'cloud.region': env.REGION_NAME,
    }),
    // 64 characters; so many tell a machine from the others.
    instance: ({ env }) => env.WEBSITE_INSTANCE_ID?.slice(0, 12),
    stopSignal: 'SIGTERM',
    killAfterMs: (env) => 1_000 * (Number(env.WEBSITES_CONTAINER_STOP_TIME_LIMIT) || 5),
    // /home is kept, where HOME is.
    isEphemeral: false,
  },
  {
    // https://cloud.google.com/appengine/docs/standard/nodejs/runtime
    name: 'app-engine',
    isHere: ({ env }) => Boolean(env.GAE_SERVICE),
    attributes: ({ env }) => ({
      // Every application has a service `default`.
      'service.name': env.GAE_SERVICE === 'default' ? undefined : env.GAE_SERVICE,
      'faas.name': env.GAE_SERVICE,
      'faas.version': env.GAE_VERSION,
      'cloud.provider': 'gcp',
      'cloud.platform': 'gcp_app_engine',
    }),
    instance: ({ env }) => env.GAE_INSTANCE?.slice(-12),
    stopSignal: 'SIGTERM',
    killAfterMs: () => 3_000,
    isEphemeral: true,
  },
  {
    // https://cloud.google.com/run/docs/container-contract#env-vars; functions set FUNCTION_TARGET as well.
    name: 'cloud-run',
    // Knative on Kubernetes sets K_SERVICE too.
    isHere: ({ env }) =>
      Boolean(env.K_SERVICE || env.CLOUD_RUN_JOB) && !env.KUBERNETES_SERVICE_HOST,
    attributes: ({ env }) => ({
      'service.name': env.K_SERVICE || env.CLOUD_RUN_JOB,
      'faas.name': env.K_SERVICE || env.CLOUD_RUN_JOB,
      'faas.version': env.K_REVISION,
      'gcp.cloud_run.job.execution': env.CLOUD_RUN_EXECUTION,
      'gcp.cloud_run.job.task_index': env.CLOUD_RUN_TASK_INDEX,
      'cloud.provider': 'gcp',
      'cloud.platform': env.FUNCTION_TARGET ? 'gcp_cloud_functions' : 'gcp_cloud_run',
    }),
    instance: () => undefined,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 10_000,
    isEphemeral: true,
  },
  {
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html: task data by HTTP only.
    name: 'ecs',
    isHere: ({ env }) => Boolean(env.ECS_CONTAINER_METADATA_URI_V4),
    attributes: ({ env }) => ({
      'cloud.provider': 'aws',
      'cloud.platform': 'aws_ecs',
      'cloud.region': env.AWS_REGION,
    }),
    instance: () => undefined,
    stopSignal: 'SIGTERM',
    killAfterMs: () => 30_000,
    isEphemeral: true,
  },
];

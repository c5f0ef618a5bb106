import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Deployment } from 'kubernetes-models/apps/v1';
import { parse } from 'yaml';
import { variableNames } from '../../packages/otel-setup/src/config/variables.ts';
import { filesBelow, textOf } from './files.ts';

interface Container {
  readonly name: string;
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

interface PodOwner {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly Container[];
        readonly volumes?: readonly { readonly name: string }[];
      };
    };
  };
}

const read = (file: string) => parse(textOf(`deploy/kubernetes/${file}`)) as PodOwner;
const containerOf = (file: string) => read(file).spec.template.spec.containers[0] as Container;
/** The default of LOG_SPOOL_MAX_BYTES there. */
const capOnKubernetes = '128MiB';
/** Named in `$(...)` only. */
const downward = ['POD_NAMESPACE', 'POD_NAME', 'NODE_NAME'];

describe('deploy/kubernetes', () => {
  it('direct.yaml is a Deployment by the schema of Kubernetes', () => {
    new Deployment(read('direct.yaml') as never).validate();
  });

  it('a wrong Deployment is not', () => {
    const wrong = structuredClone(read('direct.yaml')) as unknown as {
      spec: { replicas: unknown };
    };
    wrong.spec.replicas = 'two';
    assert.throws(() => new Deployment(wrong as never).validate());
  });

  it('direct.yaml with the patch of the Alloy route is one as well, of the same container', () => {
    const whole = structuredClone(read('direct.yaml')) as unknown as {
      spec: { template: { spec: { containers: { env: unknown }[] } } };
    };
    const patch = containerOf('alloy-route.yaml');
    assert.equal(patch.name, containerOf('direct.yaml').name);
    const [container] = whole.spec.template.spec.containers;
    if (container !== undefined) container.env = patch.env;
    new Deployment(whole as never).validate();
  });

  for (const file of ['alloy-route.yaml', 'existing-service.yaml']) {
    it(`${file} says what it changes: kustomize takes no patch without kind and name`, () => {
      const { apiVersion, kind, metadata } = parse(textOf(`deploy/kubernetes/${file}`));
      assert.deepEqual([apiVersion, kind, metadata], ['apps/v1', 'Deployment', { name: 'shop' }]);
    });
  }

  for (const file of ['direct.yaml', 'alloy-route.yaml', 'existing-service.yaml']) {
    it(`${file}: its variables are known to the SDK`, () => {
      for (const { name } of containerOf(file).env) {
        assert.ok([...variableNames, ...downward].includes(name), name);
      }
    });
  }

  for (const file of ['direct.yaml', 'existing-service.yaml']) {
    it(`${file}: the spool is a directory below its volume, and its cap below the size of it`, () => {
      const { env, volumeMounts = [] } = containerOf(file);
      const settingOf = (name: string) => env.find((each) => each.name === name)?.value;
      const [mount] = volumeMounts;
      assert.ok(settingOf('LOG_SPOOL_DIR')?.startsWith(`${mount?.mountPath}/`));
      const limit = /sizeLimit: (\d+)Mi/.exec(textOf(`deploy/kubernetes/${file}`))?.[1];
      const cap = settingOf('LOG_SPOOL_MAX_BYTES') ?? capOnKubernetes;
      assert.ok(Number.parseInt(cap, 10) < Number(limit));
      const volumes = read(file).spec.template.spec.volumes ?? [];
      assert.deepEqual(
        volumes.map(({ name }) => name),
        volumeMounts.map(({ name }) => name),
      );
    });
  }

  it('every YAML file of deploy/ can be parsed', () => {
    for (const file of filesBelow('deploy', /\.ya?ml$/)) {
      assert.notEqual(parse(textOf(file)), null, file);
    }
  });
});

/** The keys that the values use, as the chart's values.yaml has them (grafana/alloy, chart of 1.19, 2026-11). */
const chartKeys = [
  ...['alloy.configMap.content', 'alloy.mounts.extra', 'alloy.envFrom', 'alloy.extraEnv'],
  ...['alloy.enableReporting', 'alloy.extraPorts', 'alloy.resources', 'alloy.stabilityLevel'],
  ...['alloy.storagePath', 'controller.type', 'controller.replicas', 'controller.volumes.extra'],
  ...['controller.autoscaling.horizontal', 'controller.podDisruptionBudget'],
  'service.internalTrafficPolicy',
];

describe('the values for the chart `alloy`', () => {
  for (const file of ['values-gateway.yaml', 'values-daemonset.yaml']) {
    it(`${file} has only keys that the chart knows`, () => {
      const unknown = leavesOf(parse(textOf(`deploy/kubernetes/${file}`))).filter(
        (leaf) => !chartKeys.some((key) => leaf === key || leaf.startsWith(`${key}.`)),
      );
      assert.deepEqual(unknown, []);
    });
  }

  it('the gateway grows by its load: what memory an Alloy holds is no sign of it', () => {
    const { controller } = parse(textOf('deploy/kubernetes/values-gateway.yaml'));
    const { horizontal } = controller.autoscaling;
    assert.ok(horizontal.targetCPUUtilizationPercentage > 0);
    assert.equal(horizontal.targetMemoryUtilizationPercentage, 0);
  });

  it('the gateway is deploy/alloy/gateway.alloy, with its modules from a ConfigMap', () => {
    const values = parse(textOf('deploy/kubernetes/values-gateway.yaml')) as {
      alloy: { configMap: { content: string } };
    };
    const gateway = textOf('deploy/alloy/gateway.alloy')
      .replace(/^(?:\/\/.*\n)+\n/, '')
      .replace(/file\.path_join\(module_path, "(modules\/[\w-]+\.alloy)"\)/g, '"/$1"');
    assert.equal(values.alloy.configMap.content.trim(), gateway.trim());
  });
});

/** The keys that the values use, as the chart's own examples have them (grafana/k8s-monitoring-helm, 4.x, 2026-11). */
const monitoringKeys = [
  ...['cluster.name', 'collectors.alloy-receiver.presets', 'collectors.alloy-logs.presets'],
  ...['type', 'url', 'protocol', 'auth.type', 'auth.usernameKey', 'auth.passwordKey'].map(toCloud),
  ...['secret.create', 'secret.name', 'secret.namespace'].map(toCloud),
  ...['metrics.enabled', 'logs.enabled', 'traces.enabled'].map(toCloud),
  ...['applicationObservability.enabled', 'applicationObservability.collector'],
  'applicationObservability.receivers.otlp.http.enabled',
  ...['enabled', 'collector', 'extraDiscoveryRules'].map((key) => `podLogsViaLoki.${key}`),
];

function toCloud(key: string): string {
  return `destinations.grafana-cloud.${key}`;
}

describe('the values for the chart `k8s-monitoring`', () => {
  const values: unknown = parse(textOf('deploy/kubernetes/values-k8s-monitoring.yaml'));

  it('have only keys that the chart knows', () => {
    assert.deepEqual(
      leavesOf(values).filter((leaf) => !monitoringKeys.includes(leaf)),
      [],
    );
  });

  it('leave out the pods that our DaemonSet leaves out, by the same rule', () => {
    const { podLogsViaLoki } = values as {
      readonly podLogsViaLoki: { readonly extraDiscoveryRules: string };
    };
    const flat = (text: string) => text.replace(/\s+/g, ' ').trim();
    const ours = flat(textOf('deploy/alloy/modules/kubernetes.alloy'));
    assert.ok(ours.includes(flat(podLogsViaLoki.extraDiscoveryRules)));
  });

  it('name collectors that they define', () => {
    const { collectors, applicationObservability, podLogsViaLoki } = values as {
      readonly collectors: Readonly<Record<string, unknown>>;
      readonly applicationObservability: { readonly collector: string };
      readonly podLogsViaLoki: { readonly collector: string };
    };
    assert.deepEqual(
      [applicationObservability.collector, podLogsViaLoki.collector],
      Object.keys(collectors),
    );
  });
});

function leavesOf(value: unknown, path = ''): string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, each]) =>
        leavesOf(each, path === '' ? key : `${path}.${key}`),
      )
    : [path];
}

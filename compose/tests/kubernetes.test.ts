import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScaledObject, TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { consumerNames } from '@twite/core/events/event-stream';
import { jobQueueNames } from '@twite/core/jobs/job-catalogue';
import { allVariables } from '@twite/process/config/variables';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Service } from 'kubernetes-models/v1';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { composeFolder, loadCompose, readCompose, withDefaults } from './compose-files.ts';

const models = {
  'apps/v1 Deployment': Deployment,
  'autoscaling/v2 HorizontalPodAutoscaler': HorizontalPodAutoscaler,
  'policy/v1 PodDisruptionBudget': PodDisruptionBudget,
  'v1 ConfigMap': ConfigMap,
  'v1 Namespace': Namespace,
  'v1 Service': Service,
  'keda.sh/v1alpha1 ScaledObject': ScaledObject,
  'keda.sh/v1alpha1 TriggerAuthentication': TriggerAuthentication,
} as const;

type Manifest = {
  readonly apiVersion: string;
  readonly kind: keyof never;
  readonly metadata: { readonly name: string };
};

const files = globSync('*.yaml', { cwd: join(composeFolder, 'kubernetes') }).sort();
const manifests = files.flatMap((file) =>
  parseAllDocuments(readFileSync(join(composeFolder, 'kubernetes', file), 'utf8')).map(
    (document) => document.toJS() as Manifest,
  ),
);
const kindOf = ({ apiVersion, kind }: Manifest) => `${apiVersion} ${String(kind)}` as keyof typeof models;
const named = manifests.map((manifest): [string, Manifest] => [
  `${String(manifest.kind)} ${manifest.metadata.name}`,
  manifest,
]);

// biome-ignore lint/suspicious/noExplicitAny: as YAML has it; the models have checked it
const ofKind = (kind: string): any[] => manifests.filter((manifest) => String(manifest.kind) === kind);
const deployments = ofKind('Deployment');
const twites = deployments.filter(({ metadata }) => !['gateway', 'cdn'].includes(metadata.name));

test.each(named)('%s is valid', (_, manifest) => {
  const Model = models[kindOf(manifest)];
  expect(Model, kindOf(manifest)).toBeDefined();
  expect(() => new Model(manifest as never).validate()).not.toThrow();
});

test('an invalid manifest is detected', () => {
  const [deployment] = deployments;
  const wrong = { ...deployment, spec: { ...deployment.spec, replicas: 'two' } };
  expect(() => new Deployment(wrong).validate()).toThrow();
});

test('kustomize applies every manifest, with the configuration of the gateway and of the CDN', () => {
  const { resources, configMapGenerator } = parse(readCompose('kustomization.yaml'));
  expect([...resources].sort()).toEqual(files.map((file) => `kubernetes/${file}`));
  expect(configMapGenerator.map(({ name }: { name: string }) => name)).toEqual(['gateway', 'cdn']);
  for (const { name, files: mounted } of configMapGenerator) {
    expect([...mounted].sort()).toEqual(globSync(`${name}/*`, { cwd: composeFolder }).sort());
  }
});

test('every compose service except the stores has a workload', () => {
  expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual([
    'cdn',
    'gateway',
    'posts',
    'profile',
    'relay',
    'social',
    'worker',
  ]);
});

describe.each(deployments.map((deployment) => [deployment.metadata.name, deployment]))(
  '%s',
  (name, deployment) => {
    const { template, selector, replicas } = deployment.spec;
    const [container] = template.spec.containers;
    const labels = template.metadata.labels;

    test('is selected by its own labels, and by one disruption budget', () => {
      expect(labels).toMatchObject(selector.matchLabels);
      const budgets = ofKind('PodDisruptionBudget').filter(({ metadata }) => metadata.name === name);
      expect(budgets).toHaveLength(1);
      expect(budgets[0].spec.selector).toEqual(selector);
    });

    test('has an autoscaler or several replicas', () => {
      const scalers = [...ofKind('HorizontalPodAutoscaler'), ...ofKind('ScaledObject')].filter(
        ({ spec }) => spec.scaleTargetRef.name === name,
      );
      const least = scalers.map(({ spec }) => spec.minReplicas ?? spec.minReplicaCount)[0] ?? replicas;
      expect(scalers.length + (replicas === undefined ? 0 : 1)).toBe(1);
      expect(least).toBeGreaterThanOrEqual(2);
    });

    test('is probed on existing ports', () => {
      const ports = container.ports.map((port: { name: string }) => port.name);
      expect(container.livenessProbe).toBeDefined();
      for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) {
        if (probe) expect(ports).toContain((probe.httpGet ?? probe.tcpSocket).port);
      }
      expect(container.readinessProbe.httpGet.path).toBe(name === 'gateway' ? '/alive' : '/readyz');
    });

    test('meets the restricted Pod Security Standard, with a read-only root', () => {
      expect(template.spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources.limits.memory).toBe(container.resources.requests.memory);
    });
  },
);

test('the gateway finds all pods of a service, ready or not', () => {
  const behind = ofKind('Service').filter(({ metadata }) => metadata.name !== 'gateway');
  expect(behind.map(({ metadata }) => metadata.name).sort()).toEqual(['cdn', 'posts', 'profile', 'social']);
  for (const { spec } of behind) {
    expect(spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
  }
});

test('the termination grace period is longer than the drain time', () => {
  const { data } = ofKind('ConfigMap')[0];
  const needed = Number(data.TWITE_DRAIN_SECONDS) + Number(data.TWITE_READINESS_DELAY_SECONDS);
  for (const { spec } of twites)
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(needed);
});

test('every variable is one of Twite’s', () => {
  const known = new Set(
    allVariables.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
  );
  const names = [
    ...Object.keys(ofKind('ConfigMap')[0].data),
    ...twites.flatMap(({ spec }) =>
      (spec.template.spec.containers[0].env ?? []).map(({ name }: { name: string }) => name),
    ),
  ];
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

test('KEDA watches existing queues, with the URL of the worker', () => {
  const [worker] = ofKind('ScaledObject');
  const events = [...consumerNames, 'counts', 'graph'].map((name) => `twite.events.${name}`);
  const queues = [...events, ...jobQueueNames.map((name) => `twite.${name}`)];
  for (const { metadata } of worker.spec.triggers) {
    expect(queues).toContain(metadata.queueName);
  }
  expect(ofKind('TriggerAuthentication')[0].spec.secretTargetRef).toEqual([
    { parameter: 'host', name: 'twite-worker', key: 'rabbitmq-url' },
  ]);
});

test('the CDN has every variable that its configuration uses', () => {
  const [container] = deployments.find(({ metadata }) => metadata.name === 'cdn').spec.template.spec
    .containers;
  const set = container.env.map(({ name }: { name: string }) => name);
  const named = [...readCompose('cdn/nginx.conf.template').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
  expect(set).toEqual(expect.arrayContaining(named));
  expect(Object.keys(loadCompose('compose.yaml').services.cdn?.environment ?? {})).toEqual(
    expect.arrayContaining(set),
  );
});

test('pods have the object store settings of compose, and memory for a process for pictures', () => {
  for (const name of ['posts', 'worker']) {
    const { spec } = deployments.find(({ metadata }) => metadata.name === name).spec.template;
    const [{ env, resources, volumeMounts }] = spec.containers;
    expect(env).toEqual(
      expect.arrayContaining([
        { name: 'TWITE_S3_URL_FILE', value: '/secrets/s3-url' },
        { name: 'TWITE_UPLOAD_DIR', value: '/uploads' },
      ]),
    );
    expect(volumeMounts).toContainEqual({ name: 'uploads', mountPath: '/uploads' });
    expect(Number.parseInt(resources.limits.memory, 10)).toBeGreaterThanOrEqual(448);
  }
});

test.each([
  ['gateway', 'haproxy'],
  ['cdn', 'nginx'],
])('the %s runs the version of compose', (service, image) => {
  const { images } = parse(readCompose('kustomization.yaml')) as {
    images: { name: string; newTag: string }[];
  };
  const tag = withDefaults(loadCompose('compose.yaml').services[service]?.image ?? '').split(':')[1];
  expect(images.find(({ name }) => name === image)?.newTag).toBe(tag);
});

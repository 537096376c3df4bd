import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docker, Instance } from './instance.ts';
import { env, instance, minutes, ownServices, port, readSecrets } from './instance-under-test.ts';

/** Without Kibana and Filebeat, which are about logs. */
const observing = [
  'prometheus',
  'alertmanager',
  'grafana',
  'mongodb-exporter',
  'redis-exporter',
  'elasticsearch-exporter',
];

interface Target {
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
  readonly labels: { readonly job: string };
}

/** Tests the profile observability, next to the running instance. */
export function observabilityProfile(): void {
  describe('with the profile observability', () => {
    const [grafana, prometheus, alertmanager] = [port + 3, port + 4, port + 5];
    const observed = new Instance(instance.project, port, {
      env: {
        ...env,
        COMPOSE_PROFILES: 'observability',
        TWITE_GRAFANA_PORT: String(grafana),
        TWITE_PROMETHEUS_PORT: String(prometheus),
        TWITE_ALERTMANAGER_PORT: String(alertmanager),
      },
    });
    beforeAll(() => observed.up(...observing), 10 * minutes);
    afterAll(() => observed.compose(['rm', '--stop', '--force', ...observing]), minutes);

    // biome-ignore lint/suspicious/noExplicitAny: as JSON.parse has it
    const ask = async (at: number, path: string): Promise<any> =>
      (await fetch(`http://127.0.0.1:${at}${path}`)).json();

    const targets = async (): Promise<readonly Target[]> =>
      (await ask(prometheus, '/api/v1/targets?state=active')).data.activeTargets;

    test(
      'Prometheus reads every target',
      async () => {
        const jobs = ['gateway', 'rabbitmq', 'rabbitmq-queues', 'mongodb', 'redis', 'elasticsearch'];
        // The replicas of each service, by their names, and one of each other service.
        const expected = [
          ...ownServices.flatMap((name) => [name, name]),
          ...jobs,
          'prometheus',
          'alertmanager',
          'grafana',
        ];
        const up = async () =>
          (await targets())
            .filter(({ health }) => health === 'up')
            .map(({ labels }) => labels.job)
            .sort();
        // A fake Grafana has no metrics.
        const hasGrafana = (await fetch(`http://127.0.0.1:${grafana}/metrics`)).ok;
        await expect
          .poll(up, { timeout: 2 * minutes, interval: 1_000 })
          .toEqual(expected.filter((job) => job !== 'grafana' || hasGrafana).sort());
      },
      3 * minutes,
    );

    test('the rules are loaded, and alerts have a receiver', async () => {
      const { groups } = (await ask(prometheus, '/api/v1/rules')).data;
      expect(groups.length).toBeGreaterThan(3);
      const active = async () => (await ask(prometheus, '/api/v1/alertmanagers')).data.activeAlertmanagers;
      await expect.poll(active).toHaveLength(1);
      expect((await ask(alertmanager, '/api/v2/status')).config.original).toContain('operator');
    });

    test('everything is published on loopback only', async () => {
      for (const service of observing) {
        const { stdout } = await observed.compose(['ps', '--quiet', service]);
        const ports = (await docker('port', stdout.trim())).trim();
        for (const line of ports.split('\n').filter((text) => text !== ''))
          expect(line).toMatch(/ -> 127\.0\.0\.1:/);
      }
    });

    test('descriptions, arguments and logs contain no secrets', async () => {
      const secrets = await readSecrets();
      for (const service of observing) {
        const { stdout } = await observed.compose(['ps', '--quiet', service]);
        const { stdout: log } = await observed.compose(['logs', service]);
        const seen = [await docker('inspect', stdout.trim()), await docker('top', stdout.trim()), log].join(
          '\n',
        );
        const found = Object.entries(secrets).filter(([, value]) => seen.includes(value));
        expect([service, found.map(([name]) => name)]).toEqual([service, []]);
      }
    });
  });
}

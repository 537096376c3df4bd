import type { Twite } from '@twite/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availability } from './availability.suite.ts';
import { joinAsAdmin } from './deployed-server.ts';
import { throughTheGateway } from './gateway.suite.ts';
import { docker, labCommand, prepareImages } from './instance.ts';
import { instance, minutes, ownServices, running } from './instance-under-test.ts';
import { keptData } from './kept-data.suite.ts';
import { mediaJourney } from './media.suite.ts';
import { observabilityProfile } from './observability.suite.ts';
import { isolation } from './secrets.suite.ts';
import { tlsProfile } from './tls.suite.ts';

describe.runIf(labCommand !== undefined)('compose.yaml', () => {
  let admin: Twite;

  beforeAll(async () => {
    await prepareImages('compose.yaml');
    await instance.erase();
    await instance.compose(['build', '--quiet']);
    const startedAt = performance.now();
    await instance.up();
    console.log(`compose.yaml: up from nothing in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    admin = await joinAsAdmin(instance, 'caretaker');
  }, 40 * minutes);
  afterAll(() => instance.erase(), 5 * minutes);

  test('boots from nothing: everything runs and is healthy', async () => {
    const containers = await instance.containers();
    const unhealthy = containers.filter(({ State, Health }) => State === 'running' && Health !== 'healthy');
    expect(unhealthy).toEqual([]);
    expect(
      containers
        .filter(({ State }) => State !== 'running')
        .map(({ Service }) => Service)
        .sort(),
    ).toEqual(['init', 'mongo-setup']);
    for (const service of ownServices) expect(await running(service)).toHaveLength(2);
    // A breaker that opened during the startup closes by itself.
    const unavailable = async () =>
      (await admin.admin.getStatus()).dependencies.filter(({ state }) => state !== 'up');
    await expect.poll(unavailable).toEqual([]);
    const status = await admin.admin.getStatus();
    expect(status.degraded).toEqual([]);
    // `profile` answers, and it uses neither of them itself.
    const names = status.dependencies.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['elasticsearch', 'objects']));
    const roles = status.processes.map(({ role, services }) => services[0] ?? role);
    expect(roles.sort()).toEqual([...ownServices, ...ownServices].sort());
  });

  throughTheGateway(() => admin);
  mediaJourney(() => admin);
  isolation();
  availability();

  test('memory: the default stack stays under 6 GB, with one replica each under 4.5 GB', async () => {
    const containers = await running();
    const stats = await docker(
      'stats',
      '--no-stream',
      '--format',
      '{{.Name}} {{.MemUsage}}',
      ...containers.map(({ Name }) => Name),
    );
    const units: Readonly<Record<string, number>> = { KiB: 1 / 1024, MiB: 1, GiB: 1024 };
    const used = new Map(
      stats
        .trim()
        .split('\n')
        .map((line) => {
          const [, name = '', amount = '', unit = ''] = /^(\S+) ([\d.]+)(\w+)/.exec(line) ?? [];
          return [name, Number(amount) * (units[unit] ?? Number.NaN)] as const;
        }),
    );
    const services = Map.groupBy(containers, ({ Service }) => Service);
    const table = [...services].map(([service, of]) => {
      const each = of.map(({ Name }) => used.get(Name) ?? Number.NaN);
      return {
        service,
        replicas: each.length,
        'MiB each': Math.round(Math.max(...each)),
        all: each.reduce((a, b) => a + b),
      };
    });
    console.table(table.map((row) => ({ ...row, all: Math.round(row.all) })));
    const all = table.reduce((total, row) => total + row.all, 0);
    const single = table.reduce((total, row) => total + row['MiB each'], 0);
    console.log(`memory in use: ${all.toFixed(0)} MiB, with one replica each ${single.toFixed(0)} MiB`);
    expect(all * 1.048576).toBeLessThan(6_000);
    expect(single * 1.048576).toBeLessThan(4_500);
  });

  tlsProfile();
  observabilityProfile();
  keptData(() => admin);
});

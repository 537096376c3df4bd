import type { Status } from '@twite/contract';
import { serviceEnvironment, testNamespaces } from '@twite/engine-distributed/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { makeCall } from '../http-tests/client.ts';
import { gather } from './fleet.ts';
import { eventually, expectDerived, expectNothingLost } from './healing.ts';
import { startLoad } from './load.ts';
import { hasPreviousRelease, unpackPreviousRelease } from './previous-release.ts';
import { type Running, startProcesses } from './processes.ts';

const services = serviceEnvironment();
const canTest = services !== undefined && hasPreviousRelease;
if (services !== undefined && !hasPreviousRelease) {
  console.warn(
    'LEFT OUT: the upgrade from the previous release. This clone lacks its commit (git fetch --unshallow).',
  );
}

describe.runIf(canTest)('an upgrade under load, in the order of docs/operations/upgrade.md', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 120_000);

  it('loses nothing: relays first, then workers, then servers', { timeout: 300_000 }, async () => {
    const environment = {
      ...services,
      TWITE_ENGINE: 'distributed',
      TWITE_NAMESPACE: namespaces.add(),
      TWITE_PORT: '0',
      TWITE_METRICS_PORT: 'off',
      TWITE_READINESS_DELAY_SECONDS: '0',
    };
    await using previous = await unpackPreviousRelease();
    await using old = startProcesses(environment, previous.entry);
    await using next = startProcesses(environment);
    const urlOf = async (server: Running) => (await server.told(/ready at (\S+)/))[1] as string;
    const stop = async (process: Running) => {
      process.signal('SIGTERM');
      expect(await process.ended).toBe(0);
    };
    const leading = /(?:this process relays|relay gained leadership)"/;

    const oldServer = old.start('server');
    const oldWorker = old.start('worker');
    const oldRelay = old.start('relay');
    const oldUrl = await urlOf(oldServer);
    await Promise.all([oldWorker.told(/worker is ready|process ready/), oldRelay.told(leading)]);
    const { people, admin, ledger } = await gather(makeCall(oldUrl, 'previous'), environment);
    const urls = [oldUrl];
    let up = [0];
    const releaseOf = (server: number) => (server === 0 ? 'previous' : 'this');
    await using load = startLoad(urls, people, ledger, () => up, releaseOf);
    await load.answered('createPost', 20);

    // The relay of the previous release gives up the lead, and no old relay takes it again: neither while nobody leads,
    // nor after a restart.
    const nextRelay = next.start('relay');
    await Promise.all([
      oldRelay.told(/this process relays no more|relay lost leadership/),
      nextRelay.told(leading),
    ]);
    nextRelay.signal('SIGKILL');
    await nextRelay.ended;
    await load.answered('createPost', 10);
    const restarted = old.start('relay');
    await Promise.all([next.start('relay').told(leading), restarted.told(/relay is ready|process ready/)]);
    const timesItLed = ({ lines }: Running) => lines.filter((line) => leading.test(line)).length;
    expect([oldRelay, restarted].map(timesItLed)).toEqual([1, 0]);
    await Promise.all([stop(oldRelay), stop(restarted)]);

    // Workers of both releases share the queues, then only those of the new one use them.
    await next.start('worker').told(/worker is ready|process ready/);
    await load.answered('createPost', 10);
    await stop(oldWorker);

    // Servers of both releases answer, then only the new one.
    const nextUrl = await urlOf(next.start('server'));
    urls.push(nextUrl);
    up = [0, 1];
    await load.answered('createPost', 30);
    up = [1];
    await load.answered('getHomeTimeline', 30);
    await stop(oldServer);
    await load.answered('createPost', 20);
    await load.stop();

    const status = async () => (await makeCall(nextUrl)('getStatus', { token: admin.token })).body as Status;
    const { queues, degraded } = await eventually(30_000, status, (told) =>
      told.queues.every(({ waiting }) => waiting === 0),
    );
    expect(queues.filter(({ parked }) => parked > 0)).toEqual([]);
    expect(degraded).toEqual([]);
    await expectDerived({ environment }, 30_000);
    await expectNothingLost({ urls: [nextUrl], people, ledger });
    expect(ledger.written).toBeGreaterThan(80);
    expect(load.wrong).toEqual([]);
    expect(load.asked.filter(({ status }) => status === 0 || status >= 500)).toEqual([]);
    expect([...old.endedAlone(), ...next.endedAlone()]).toEqual([]);
  });
});

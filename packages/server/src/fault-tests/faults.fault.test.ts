import type { Status } from '@twite/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../http-tests/people.ts';
import { readAllHomes, seatReaders } from './cold-readers.ts';
import { tellFigures } from './figures.ts';
import { type Fleet, searchLimit, startFleet } from './fleet.ts';
import { eventually, expectDerived, expectNothingLost, isWhole } from './healing.ts';
import { type Asked, ask, type Load, startLoad } from './load.ts';
import { prepareMedia } from './objects-away.ts';
import type { Service } from './own-stack.ts';
import type { Running } from './processes.ts';

const control = process.env.TWITE_TEST_STACK;
const startMs = 180_000;
const options = { timeout: 180_000 };
const healMs = 60_000;
const noticeMs = 15_000;
/** Until the reports of all processes are about this fault alone. */
const reportedMs = 45_000;
/** The delay that two busy cores add to a deadline. */
const marginMs = 4_000;
const deadlineMs = {
  redis: 150,
  neo4j: 1_000,
  elasticsearch: 2_000,
  mongodb: 5_000,
  objects: 10_000,
} as const;

type Fault = 'killed' | 'paused';
const faults: readonly Fault[] = ['killed', 'paused'];

describe.runIf(control)('on servers that fail under load', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet(control as string);
  }, startMs);
  afterAll(() => fleet?.[Symbol.asyncDispose](), startMs);

  interface Outage {
    readonly what: string;
    readonly begin: () => Promise<void>;
    /** The load continues; the fault lasts until it resolves. */
    readonly meanwhile: (load: Load) => Promise<void>;
    readonly end: () => Promise<void>;
  }

  /**
   * Keeps the load running during a fault and after it. Then checks that no acknowledged write is lost, nothing is
   * parked, and derived data equals its source. Returns the requests made from the fault on.
   */
  async function outage({ what, begin, meanwhile, end }: Outage): Promise<readonly Asked[]> {
    const { urls, people, ledger, processes } = fleet;
    const times: Record<string, number> = {};
    let since = performance.now();
    const lap = (name: string) => {
      times[name] = performance.now() - since;
      since = performance.now();
    };
    await using load = startLoad(urls, people, ledger);
    await load.answered('getHomeTimeline', 10);
    const from = performance.now();
    await begin();
    lap('begun');
    let to = 0;
    try {
      await meanwhile(load);
    } finally {
      // Even when it failed: later tests need everything.
      to = performance.now();
      lap('lasted');
      await end();
      lap('ended');
    }
    await eventually(healMs, fleet.status, isWhole);
    lap('all up');
    await load.answered('createPost', 5);
    await load.stop();
    lap('went on');
    await expectDerived(fleet, healMs);
    lap('all derived');
    await expectNothingLost(fleet);
    lap('compared');
    const asked = load.asked.filter(({ startedAt, ms }) => startedAt + ms > from);
    tellFigures(
      what,
      times,
      asked.filter(({ startedAt }) => startedAt < to),
    );
    expect(processes.endedAlone()).toEqual([]);
    expect(load.wrong).toEqual([]);
    const { queues } = await fleet.status();
    expect(queues.filter(({ parked }) => parked > 0)).toEqual([]);
    return asked;
  }

  const outageOf = (service: Service, fault: Fault, meanwhile: Outage['meanwhile']) =>
    outage({
      what: `${service} ${fault}`,
      begin: () => fleet.stack[fault === 'killed' ? 'kill' : 'pause'](service),
      meanwhile,
      end: () => fleet.stack[fault === 'killed' ? 'up' : 'resume'](service),
    });

  /** Writes and reads continued as if nothing had happened. */
  function expectAllWell(asked: readonly Asked[], withinMs: number): void {
    expect(asked.filter(({ status }) => status === 0 || status >= 500 || status === 429)).toEqual([]);
    expect(asked.filter(({ ms }) => ms > withinMs)).toEqual([]);
    expect(asked.filter(({ operationId, status }) => operationId === 'createPost' && status !== 201)).toEqual(
      [],
    );
  }

  /**
   * Resolves when the status reports that exactly these dependencies do not answer: a breaker may still be open from
   * the previous fault. Checks the reported degradations too.
   */
  async function expectTold(names: readonly string[], degraded: RegExp): Promise<Status> {
    const status = await eventually(reportedMs, fleet.status, (told) =>
      told.dependencies.every(({ name, state }) => (state === 'up') !== names.includes(name)),
    );
    expect(status.degraded.join('\n')).toMatch(degraded);
    return status;
  }

  const timed = async <T>(act: () => Promise<T>): Promise<readonly [T, number]> => {
    const started = performance.now();
    return [await act(), performance.now() - started];
  };

  test.for(faults)('the broker %s: all posts arrive when it is back', options, async (fault) => {
    const asked = await outageOf('rabbitmq', fault, async (load) => {
      const { queues } = await expectTold(['rabbitmq'], /New posts wait in the primary store/);
      expect(queues).toEqual([]);
      await load.answered('createPost', 20);
    });
    expectAllWell(asked, marginMs);
  });

  test.for(faults)('Redis %s: timelines come from MongoDB, and limits are kept', options, async (fault) => {
    // A different account each time, as it takes minutes until it may search again.
    const searcher = fleet.others[3 + faults.indexOf(fault)];
    const asked = await outageOf('redis', fault, async (load) => {
      await expectTold(
        ['redis', 'redis-limits'],
        /timelines are read from the primary store(.|\n)*limits separately/,
      );
      await load.answered('createPost', 15);
      const [url = ''] = fleet.urls;
      const statuses: number[] = [];
      for (let times = 0; times < searchLimit + 3; times += 1) {
        const { status } = await ask(url, 'searchPosts', { token: searcher?.token, query: { q: 'says' } });
        statuses.push(status);
      }
      expect(statuses).toEqual([...Array(searchLimit).fill(200), 429, 429, 429]);
    });
    expectAllWell(asked, deadlineMs.redis + marginMs);
  });

  test('Redis flushed repeatedly: no timeline misses a post', options, async () => {
    const asked = await outage({
      what: 'Redis flushed',
      begin: () => fleet.stack.flushRedis(),
      async meanwhile(load) {
        for (let times = 0; times < 20; times += 1) {
          await load.answered('createPost', 1);
          await fleet.stack.flushRedis();
        }
      },
      end: async () => {},
    });
    expectAllWell(asked, marginMs);
  });

  test.for(faults)(
    'Elasticsearch %s: search is unavailable, and finds all afterwards',
    options,
    async (fault) => {
      const [, author, searcher] = fleet.others;
      const text = `Sought while the index was ${fault}`;
      const search = () =>
        ask(fleet.urls[1] as string, 'searchPosts', { token: searcher?.token, query: { q: `"${text}"` } });
      const asked = await outageOf('elasticsearch', fault, async (load) => {
        await expectTold(['elasticsearch'], /Searches fail with 503/);
        const posted = await ask(fleet.urls[0] as string, 'createPost', {
          token: author?.token,
          body: { text },
        });
        expect(posted.status).toBe(201);
        const [answer, ms] = await timed(search);
        expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
        expect(ms).toBeLessThan(deadlineMs.elasticsearch + marginMs);
        await load.answered('createPost', 15);
      });
      expectAllWell(asked, marginMs);
      const found = await search();
      expect(found.body.items).toMatchObject([{ text }]);
    },
  );

  test.for(faults)('Neo4j %s: recommendations come from MongoDB, and say so', options, async (fault) => {
    const [reader] = fleet.others;
    const recommend = () => ask(fleet.urls[0] as string, 'listRecommendedAccounts', { token: reader?.token });
    const asked = await outageOf('neo4j', fault, async (load) => {
      await expectTold(['neo4j'], /Recommendations are computed from the primary store/);
      const [{ status, body }, ms] = await timed(recommend);
      expect([status, body.degraded]).toEqual([200, true]);
      expect(body.items).not.toEqual([]);
      expect(ms).toBeLessThan(deadlineMs.neo4j + marginMs);
      await load.answered('createPost', 15);
    });
    expectAllWell(asked, marginMs);
    await eventually(healMs, recommend, ({ body }) => body.degraded === false);
  });

  test.for(faults)(
    'the object store %s: text is posted, uploads are refused, and what waited for it is done afterwards',
    options,
    async (fault) => {
      // Images are processed first.
      const withinMs = deadlineMs.objects + 3 * marginMs;
      const media = await prepareMedia(fleet, fleet.others[1] as Person, withinMs);
      const asked = await outageOf('s3', fault, async (load) => {
        await expectTold(['objects'], /Uploads answer 503/);
        await media.meanwhile();
        await load.answered('createPost', 15);
      });
      expectAllWell(asked, marginMs);
      await media.afterwards();
    },
  );

  test.for(faults)(
    'MongoDB %s: everything is unavailable within its deadline, and goes on after',
    options,
    async (fault) => {
      const isReady = async () => (await fetch(`${fleet.urls[0]}/readyz`)).status;
      const asked = await outageOf('mongodb', fault, async (load) => {
        const [ready, ms] = await timed(() => eventually(noticeMs, isReady, (status) => status === 503));
        expect(ready).toBe(503);
        expect(ms).toBeLessThan(deadlineMs.mongodb + marginMs);
        await load.answered('createPost', 3);
      });
      expect(await isReady()).toBe(200);
      expect(asked.filter(({ status, code }) => status >= 500 && code !== 'unavailable')).toEqual([]);
      expect(
        asked.filter(({ operationId, status }) => operationId === 'createPost' && status === 503),
      ).not.toEqual([]);
      expect(asked.filter(({ ms }) => ms > deadlineMs.mongodb + marginMs)).toEqual([]);
    },
  );

  test('MongoDB unavailable for 90 seconds: caches serve, writes are refused, and no process ends', {
    timeout: 300_000,
  }, async () => {
    const outageMs = 90_000;
    // Two accounts: a write with an unknown outcome invalidates cached values about its author.
    const [, , , writer, reader] = fleet.others as readonly Person[];
    const [url = ''] = fleet.urls;
    const { processes } = fleet;
    const home = () => ask(url, 'getHomeTimeline', { token: reader?.token });
    const write = (text: string, by = writer) => ask(url, 'createPost', { token: by?.token, body: { text } });
    expect((await write('Before the outage', reader)).status).toBe(201);
    expect((await write('Before the outage')).status).toBe(201);
    // All work caused by the posts is done, so that nothing cached next is invalidated.
    await expectDerived(fleet, healMs);
    await eventually(healMs, fleet.status, ({ queues }) => queues.every(({ waiting }) => waiting === 0));
    await eventually(healMs, home, ({ body }) => body.items.length === 1);
    const late = ['server', 'worker', 'relay'] as const;
    const started: Running[] = [];
    const asked = await outageOf('mongodb', 'killed', async (load) => {
      const end = performance.now() + outageMs;
      for (const role of late) started.push(processes.start(role));
      await Promise.all(started.map((process) => process.told(/start delayed/)));
      let refused = 0;
      let read = 0;
      while (performance.now() < end) {
        const [written, { status, body }] = await Promise.all([write('During the outage'), home()]);
        expect([written.status, written.body.code]).toEqual([503, 'unavailable']);
        expect(Number(written.headers.get('retry-after'))).toBeGreaterThan(0);
        expect([status, body.items?.length]).toEqual([200, 1]);
        refused += 1;
        read += 1;
        await load.answered('createPost', 1);
      }
      expect(Math.min(refused, read)).toBeGreaterThan(5);
      expect(processes.endedAlone()).toEqual([]);
    });
    await Promise.all(started.map((process) => process.told(/process ready/)));
    for (const { lines } of fleet.relays) expect(lines.join('\n')).toMatch(/machine number lease regained/);
    for (const process of started) process.signal('SIGTERM');
    expect(await Promise.all(started.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    expect(asked.filter(({ status }) => status === 0 || status === 500)).toEqual([]);
    expect((await write('After the outage')).status).toBe(201);
  });

  test('the relay killed: another leads within 10 seconds', options, async () => {
    const leader = async () => (await fleet.status()).relay?.leader ?? null;
    const before = await leader();
    const asked = await outage({
      what: 'relay killed',
      async begin() {
        const leading = [...fleet.relays].find(({ lines }) => {
          const last = lines.findLast((line) => /relay (gained|lost) leadership/.test(line));
          return last?.includes('relay gained leadership') ?? false;
        });
        if (leading === undefined) throw new Error('no relay leads');
        fleet.relays.delete(leading);
        leading.signal('SIGKILL');
        await leading.ended;
      },
      async meanwhile(load) {
        await eventually(10_000, leader, (now) => now !== null && now !== before);
        await load.answered('createPost', 5);
      },
      end: async () => void (await fleet.startRelay()),
    });
    expectAllWell(asked, marginMs);
  });

  // Last: later tests would compare the timelines of a thousand readers too.
  test('Redis restarts at peak: posting works with a thousand cold readers', {
    timeout: 300_000,
  }, async () => {
    const readers = await seatReaders(fleet, 1_000);
    const warm = await readAllHomes(fleet, readers);
    expect(warm.missed).toBe(0);
    const linesBefore = fleet.servers.map(({ lines }) => lines.length);
    const asked = await outageOf('redis', 'killed', async (load) => {
      await expectTold(['redis', 'redis-limits'], /timelines are read from the primary store/);
      await load.answered('createPost', 5);
      await fleet.stack.up('redis');
      // Its timelines are cold: those from before its restart do not count.
      const cold = await readAllHomes(fleet, readers);
      expect(cold.missed).toBe(0);
      tellFigures('a thousand cold readers', {}, cold.asked);
    });
    expectAllWell(asked, deadlineMs.mongodb + marginMs);
    const lines = fleet.servers.flatMap(({ lines }, index) => lines.slice(linesBefore[index]));
    const opened = lines.filter((line) => line.includes('circuit breaker opened'));
    expect(opened.filter((line) => line.includes('mongodb'))).toEqual([]);
    // Reads that found no room to rebuild left it to jobs.
    await eventually(healMs, fleet.status, ({ queues }) => queues.every(({ waiting }) => waiting === 0));
    const again = await readAllHomes(fleet, readers);
    expect(again.missed).toBe(0);
  });
});

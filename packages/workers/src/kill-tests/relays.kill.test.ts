import { type Deps, defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { type DistributedEngine, openDistributedEngine } from '@twite/engine-distributed';
import { hasServices, testNamespaces, testUrls } from '@twite/engine-distributed/testing';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { startTestProcess, type TestProcess } from './test-process.ts';

const takeoverMsMax = 10_000;

/** Posts written in sequence, and the order in which their events arrived. */
class Stream {
  readonly written: string[] = [];
  /** Positions in `written`. */
  readonly came: number[] = [];
  readonly #deps: Pick<Deps, 'posts' | 'events'>;
  readonly #ids: Deps['ids'];
  readonly #waiting = new Set<() => void>();

  constructor(open: DistributedEngine) {
    this.#deps = open.engine;
    this.#ids = createIdGenerator({ clock: Date, machine: open.machine });
  }

  consume(): Promise<AsyncDisposable> {
    return this.#deps.events.consume('searchIndex', async (events) => {
      for (const event of events) {
        if (event.type === 'postCreated') this.came.push(this.written.indexOf(event.postId));
      }
      for (const look of this.#waiting) look();
    });
  }

  async write(): Promise<number> {
    const postId = this.#ids.next();
    const place = this.written.push(postId) - 1;
    const entities = { mentions: [], hashtags: [], urls: [] };
    const post = { postId, authorId: '1', text: 'Hello', entities, visibility: 'public', media: [] } as const;
    await this.#deps.posts.insert({ ...post, createdAt: 0 });
    return place;
  }

  /** Writes until it is disposed; nothing else should write meanwhile, as the order counts. */
  keepWriting(): AsyncDisposable {
    let stopped = false;
    const write = async () => {
      while (!stopped) await this.write();
    };
    const writing = write();
    return {
      [Symbol.asyncDispose]() {
        stopped = true;
        return writing;
      },
    };
  }

  /** Resolves when the event of the post at this position has arrived. */
  arrived(place: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.came.includes(place)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Resolves when the next written post has arrived. */
  arrivedNext(): Promise<void> {
    return this.arrived(this.written.length);
  }

  get missing(): number[] {
    const came = new Set(this.came);
    return this.written.map((_, place) => place).filter((place) => !came.has(place));
  }

  /** The number of events not above the previous one: from there on, events are repeated. */
  get repeats(): number {
    return this.came.filter((place, index) => place <= (this.came[index - 1] ?? -1)).length;
  }
}

describe.runIf(hasServices)('two concurrent relays', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 120_000);

  async function open() {
    const setup = { urls: testUrls(), namespace: namespaces.add(), settings: defaultSettings };
    const resources = new AsyncDisposableStack();
    const engine = resources.use(await openDistributedEngine(setup));
    const relays = await Promise.all([0, 1].map(() => startTestProcess({ ...setup, relay: true })));
    for (const relay of relays) resources.use(relay);
    const stream = new Stream(engine);
    resources.use(await stream.consume());
    await stream.arrived(await stream.write());
    const leader = async () => (await engine.relayStatus()).leader;
    const led = await leader();
    const [one, other] = relays as [TestProcess, TestProcess];
    const leads = one.processId === led ? one : other;
    return {
      stream,
      leader,
      leads,
      standsBy: leads === one ? other : one,
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  }

  it('one leads, so that each event arrives once and in order', async () => {
    await using test = await open();
    const { stream, leads, standsBy } = test;
    expect([leads.processId, standsBy.processId]).toContain(await test.leader());
    for (let index = 0; index < 500; index++) await stream.write();
    await stream.arrived(stream.written.length - 1);
    expect(stream.came).toEqual(stream.written.map((_, place) => place));
  });

  it.each([
    ['killed', 'SIGKILL'],
    ['paused for longer than its lease', 'SIGSTOP'],
  ] as const)(
    'when the one that leads is %s, the other leads within 10 s and nothing is lost',
    async (_how, signal) => {
      await using test = await open();
      const { stream, leads, standsBy } = test;
      await using writing = stream.keepWriting();
      await stream.arrived(200);
      leads.signal(signal);
      const stoppedMs = performance.now();
      await vi.waitFor(async () => expect(await test.leader()).toBe(standsBy.processId), {
        timeout: takeoverMsMax,
        interval: 50,
      });
      await stream.arrivedNext();
      expect(performance.now() - stoppedMs).toBeLessThan(takeoverMsMax);
      if (signal === 'SIGSTOP') {
        leads.signal('SIGCONT');
        await stream.arrivedNext();
      }
      await writing[Symbol.asyncDispose]();
      await stream.arrived(stream.written.length - 1);
      expect(stream.missing).toEqual([]);
      expect(await test.leader()).toBe(standsBy.processId);
      // In order, except for those that the other process repeated.
      expect(stream.repeats).toBeLessThanOrEqual(signal === 'SIGKILL' ? 1 : 2);
    },
  );
});

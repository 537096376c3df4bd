import type { OpenEngine, Settings } from '@twite/core/engine';
import { defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { afterAll, beforeAll, it } from 'vitest';
import { createTestClock } from './test-clock.ts';
import type { World } from './world.ts';

export interface OpenOptions {
  readonly clock: { now(): number };
  readonly settings: Settings;
}

/**
 * A fact that an engine cannot satisfy, and why. The test must really fail there, or the declaration is stale and
 * fails.
 */
export interface DeclaredException {
  /** The name of the suite, as in `suites`. */
  readonly suite: string;
  readonly fact: string;
  readonly reason: string;
}

/** How the suites access an engine. */
export interface EngineUnderTest {
  readonly name: string;
  /** Opens a new, empty engine on each call. */
  open(options: OpenOptions): Promise<OpenEngine>;
  /** Reopens the data of a disposed engine. Omitted if nothing outlives the process. */
  reopen?(closed: OpenEngine, options: OpenOptions): Promise<OpenEngine>;
  readonly declaredExceptions?: readonly DeclaredException[];
  /** The number of cases per large property. Default: 1,000. */
  readonly propertyRuns?: number;
}

type Test = (world: World) => Promise<void>;

export interface SuiteContext {
  /** The number of cases per large property. */
  readonly propertyRuns: number;
  /** A fact about a port, tested on the engine that the facts of a suite share. Fresh ids keep them separate. */
  fact(name: string, test: Test): void;
  /** A fact that needs its own engine or its own settings. */
  factAlone(name: string, settings: Partial<Settings>, test: Test): void;
  /**
   * A fact about what outlives the process. `reopen` closes the world and opens it again. Skipped if nothing outlives
   * the process.
   */
  factOverReopen(name: string, test: (world: World, reopen: () => Promise<World>) => Promise<void>): void;
}

export type Suite = (context: SuiteContext) => void;

/** Registers a suite's facts with vitest. Call it in a `describe`. */
export function registerSuite(underTest: EngineUnderTest, suiteName: string, suite: Suite): void {
  const exceptions = new Map(
    (underTest.declaredExceptions ?? [])
      .filter((exception) => exception.suite === suiteName)
      .map((exception) => [exception.fact, exception.reason]),
  );
  const register = (name: string, run: () => Promise<void>) => {
    const reason = exceptions.get(name);
    exceptions.delete(name);
    if (reason === undefined) it(name, run);
    else it.fails(`${name} [declared exception: ${reason}]`, run);
  };

  let shared: World | undefined;
  beforeAll(async () => {
    shared = await openWorld(underTest, {});
  });
  afterAll(() => shared?.open[Symbol.asyncDispose]());

  suite({
    propertyRuns: underTest.propertyRuns ?? 1000,
    fact(name, test) {
      register(name, async () => {
        if (shared === undefined) throw new Error('the engine did not open');
        await test(shared);
      });
    },
    factAlone(name, settings, test) {
      register(name, async () => {
        const world = await openWorld(underTest, settings);
        try {
          await test(world);
        } finally {
          await world.open[Symbol.asyncDispose]();
        }
      });
    },
    factOverReopen(name, test) {
      const { reopen } = underTest;
      if (reopen === undefined) return;
      register(name, async () => {
        let world = await openWorld(underTest, {});
        let isOpen = true;
        try {
          await test(world, async () => {
            isOpen = false;
            await world.open[Symbol.asyncDispose]();
            const { clock, settings } = world;
            world = { ...world, ...portsOf(await reopen.call(underTest, world.open, { clock, settings })) };
            isOpen = true;
            return world;
          });
        } finally {
          if (isOpen) await world.open[Symbol.asyncDispose]();
        }
      });
    },
  });

  for (const name of exceptions.keys()) {
    it(`${name} is a fact of this suite, or not an exception from it`, () => {
      throw new Error(`${underTest.name} declares an exception from a fact that ${suiteName} does not have`);
    });
  }
}

async function openWorld(underTest: EngineUnderTest, changes: Partial<Settings>): Promise<World> {
  const clock = createTestClock();
  const settings = { ...defaultSettings, ...changes };
  const ids = createIdGenerator({ clock, machine: 1 });
  let named = 0;
  return {
    ...portsOf(await underTest.open({ clock, settings })),
    clock,
    settings,
    id: () => ids.next(),
    word: () => `x${(named++).toString(36)}q`,
  };
}

function portsOf(open: OpenEngine): Pick<World, 'open' | 'engine' | 'settled'> {
  return { open, engine: open.engine, settled: () => open.settled() };
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSoleRunner, type SoleRunner } from './sole-runner.ts';
import { mongoUrl, openTestMongo, type TestMongo } from './testing/open-mongo.ts';

describe.runIf(mongoUrl !== '')('tasks of one process at a time (TWITE_TEST_MONGODB_URL)', () => {
  let mongo: TestMongo;
  beforeAll(async () => {
    mongo = await openTestMongo();
  });
  afterAll(() => mongo?.[Symbol.asyncDispose]());

  const { signal } = new AbortController();
  const runnerOf = (id: string, holder: string, leaseMs = 60_000): SoleRunner =>
    createSoleRunner({
      leases: mongo.context.collections.leases,
      id,
      holder,
      times: { leaseMs, renewMs: 60_000 },
    });

  it('run where the lease is held, and elsewhere once it was released', async () => {
    const [one, other] = [runnerOf('returned', 'one'), runnerOf('returned', 'other')];
    const ran: string[] = [];
    const round = async () => {
      ran.length = 0;
      await one.run(async () => ran.push('one'), signal);
      await other.run(async () => ran.push('other'), signal);
      return [...ran];
    };
    // Two tasks begin together, and no document exists yet.
    await Promise.all([one.run(async () => {}, signal), one.run(async () => {}, signal)]);
    expect(await round()).toEqual(['one']);
    expect(await round()).toEqual(['one']);
    await one[Symbol.asyncDispose]();
    let ranElsewhere = false;
    await other.run(async () => {
      ranElsewhere = true;
    }, signal);
    expect(ranElsewhere).toBe(true);
    await other[Symbol.asyncDispose]();
  });

  it('run elsewhere if the holder does not renew, and end where the lease is lost', async () => {
    await using gone = runnerOf('expired', 'gone', 1);
    await gone.run(async () => {}, signal);
    await using next = runnerOf('expired', 'next');
    let ran = false;
    const attempt = async () => {
      await next.run(async () => {
        ran = true;
      }, signal);
      return ran;
    };
    await expect.poll(attempt).toBe(true);
    let ranAgain = false;
    await gone.run(async () => {
      ranAgain = true;
    }, signal);
    expect(ranAgain).toBe(false);
  });
});

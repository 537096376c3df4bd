import { setTimeout as wait } from 'node:timers/promises';
import type { Status } from '@twite/contract';
import { expect } from 'vitest';
import type { Person } from '../http-tests/people.ts';
import { verifyDerived } from '../main/maintenance.ts';
import type { Fleet } from './fleet.ts';
import type { HomePage } from './ledger.ts';
import { ask } from './load.ts';
import type { Running } from './processes.ts';

const askAgainMs = 250;

/** Repeats a request until the answer is as expected; fails with the last one after the time limit. */
export async function eventually<T>(
  withinMs: number,
  question: () => Promise<T>,
  isWanted: (answer: T) => boolean,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await question();
    if (isWanted(answer)) return answer;
    if (performance.now() > end) {
      throw new Error(`not so within ${withinMs} ms, but ${JSON.stringify(answer, undefined, 2)}`);
    }
    await wait(askAgainMs);
  }
}

export const stateOf = (status: Status, name: string): string | undefined =>
  status.dependencies.find((dependency) => dependency.name === name)?.state;

/** Whether every dependency answers and a relay leads. */
export const isWhole = (status: Status): boolean => status.degraded.length === 0;

async function readAll<T>(
  url: string,
  operationId: 'getHomeTimeline' | 'listFollowing',
  { token, accountId }: Person,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const { status, body } = await ask(url, operationId, {
      token,
      path: { accountId },
      query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) },
    });
    expect(status, JSON.stringify(body)).toBe(200);
    items.push(...body.items);
    cursor = body.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

/**
 * After all writes have stopped: checks that all acknowledged writes exist, and that everyone's home shows each of
 * their posts once, on every server.
 */
export async function expectNothingLost({
  urls,
  people,
  ledger,
}: Pick<Fleet, 'urls' | 'people' | 'ledger'>): Promise<void> {
  for (const person of people) {
    const following = await readAll<{ accountId: string }>(urls[0] as string, 'listFollowing', person);
    const followeeIds = new Set(following.map(({ accountId }) => accountId));
    for (const other of people) {
      const known = ledger.holds('follows', person.accountId, other.accountId);
      if (known !== undefined) {
        expect(followeeIds.has(other.accountId), `${person.handle} follows ${other.handle}`).toBe(known);
      }
    }
    const expected = ledger.homeOf(person.accountId, followeeIds);
    for (const url of urls) {
      const home = await readAll<HomePage['items'][number]>(url, 'getHomeTimeline', person);
      expect(ledger.certain(home), `the home of ${person.handle}`).toEqual(expected);
    }
  }
}

/** The last warnings and errors of a process: they may explain why derived data is missing. */
const lastProblems = ({ lines }: Running): readonly string[] =>
  lines.filter((line) => /"level":"(warn|error)"/.test(line)).slice(-10);

/**
 * Waits until the derived data equals its source. Fails with the differences, and with the state of the worker if it is
 * known.
 */
export async function expectDerived(
  fleet: Pick<Fleet, 'environment'> & Partial<Pick<Fleet, 'worker' | 'status'>>,
  withinMs: number,
): Promise<void> {
  const verify = () => verifyDerived(fleet.environment);
  const isEqual = (rows: Awaited<ReturnType<typeof verify>>) =>
    rows.every(({ differences }) => differences === 0);
  try {
    const rows = await eventually(withinMs, verify, isEqual);
    expect(rows.reduce((sum, { compared }) => sum + compared, 0)).toBeGreaterThan(0);
  } catch (error) {
    const differing = (await verify()).filter(({ differences }) => differences > 0);
    if (differing.length === 0) throw error;
    const queues = (await fleet.status?.())?.queues.filter(({ waiting, parked }) => waiting + parked > 0);
    const facts = [...differing, ...(queues ?? [])].map((fact) => JSON.stringify(fact));
    const problems = fleet.worker === undefined ? [] : lastProblems(fleet.worker);
    throw new Error(['derived data differs from its source', ...facts, ...problems].join('\n'));
  }
}

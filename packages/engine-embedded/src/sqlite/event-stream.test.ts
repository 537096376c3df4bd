import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { defaultSettings } from '@twite/core/engine';
import { type ConsumerName, consumerNames } from '@twite/core/events/event-stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EmbeddedEngine, type LogEvent, openEmbeddedEngine } from '../index.ts';

let folder = '';
let open: EmbeddedEngine;
let logged: LogEvent[] = [];

const reopen = async () => {
  open = await openEmbeddedEngine({
    location: folder,
    clock: Date,
    settings: defaultSettings,
    log: (event) => void logged.push(event),
  });
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twite-events-'));
  logged = [];
  await reopen();
});

afterEach(async () => {
  await open[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const follow = (n: number) =>
  open.engine.follows.follow({ followId: `f${n}`, followerId: `a${n}`, followeeId: 'b' });

function rowsOf<Row>(sql: string): Row[] {
  const db = new DatabaseSync(join(folder, 'twite.db'), { readOnly: true });
  const rows = db.prepare(sql).all() as Row[];
  db.close();
  return rows;
}

const consumeAll = (consumers: readonly ConsumerName[]) =>
  Promise.all(consumers.map((consumer) => open.engine.events.consume(consumer, async () => {})));

it('the position of a removed consumer does not retain events', async () => {
  await open[Symbol.asyncDispose]();
  const db = new DatabaseSync(join(folder, 'twite.db'));
  db.exec("INSERT INTO consumers (consumer, seq) VALUES ('renamed', 0)");
  db.close();
  await reopen();
  for (let n = 0; n < 3; n += 1) await follow(n);
  await consumeAll(consumerNames);
  await open.settled();
  await open[Symbol.asyncDispose]();
  expect(rowsOf('SELECT seq FROM events')).toEqual([]);
  await reopen();
});

it('events are pruned when every consumer has passed them, and numbers continue', async () => {
  for (let n = 0; n < 20; n += 1) await follow(n);
  await consumeAll(consumerNames.slice(1));
  await open.settled();
  await open[Symbol.asyncDispose]();
  expect(rowsOf('SELECT seq FROM events')).toHaveLength(20);

  await reopen();
  await consumeAll(consumerNames);
  await open.settled();
  await open[Symbol.asyncDispose]();
  expect(rowsOf('SELECT seq FROM events')).toEqual([]);

  await reopen();
  await follow(20);
  expect(rowsOf<{ seq: number }>('SELECT seq FROM events').map(({ seq }) => seq)).toEqual([21]);
});

it('an event that cannot be handled is parked with its error and logged, and blocks nothing', async () => {
  const handled: string[] = [];
  let attempts = 0;
  await open.engine.events.consume('upkeep', async (events) => {
    for (const event of events) {
      if (event.type !== 'accountFollowed') continue;
      if (event.followerId === 'a3') {
        if (events.length === 1) attempts += 1;
        throw new Error('nobody likes a3');
      }
    }
    handled.push(...events.map((event) => ('followerId' in event ? event.followerId : event.type)));
  });
  await Promise.all([1, 2, 3, 4, 5].map(follow));
  await open.settled();
  expect(handled.filter((follower) => follower !== 'a3')).toEqual(['a1', 'a2', 'a4', 'a5']);
  expect(attempts).toBe(5);
  expect(rowsOf<{ consumer: string; error: string }>('SELECT consumer, error FROM parked_events')).toEqual([
    { consumer: 'upkeep', error: expect.stringContaining('nobody likes a3') },
  ]);
  expect(logged).toContainEqual(
    expect.objectContaining({ level: 'error', msg: 'event parked', consumer: 'upkeep' }),
  );
});

it('a consumer runs once in a process', async () => {
  await consumeAll(['fanOut']);
  await expect(consumeAll(['fanOut'])).rejects.toThrow('runs already');
});

it('an event that cannot be read is parked, and the others continue', async () => {
  await open[Symbol.asyncDispose]();
  const db = new DatabaseSync(join(folder, 'twite.db'));
  db.exec(`INSERT INTO events (payload, at, trace) VALUES ('not JSON', 1, NULL)`);
  db.close();
  await reopen();
  const handled: string[] = [];
  await open.engine.events.consume('upkeep', async (events) => {
    handled.push(...events.map(({ type }) => type));
  });
  await follow(1);
  await open.settled();
  expect(handled).toEqual(['accountFollowed']);
  expect(rowsOf('SELECT consumer, payload FROM parked_events')).toEqual([
    { consumer: 'upkeep', payload: 'not JSON' },
  ]);
});

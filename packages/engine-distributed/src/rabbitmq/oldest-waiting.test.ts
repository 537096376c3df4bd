import { expect, test } from 'vitest';
import { OldestWaiting, type QueueSight } from './oldest-waiting.ts';

const look = (
  oldest: OldestWaiting,
  { inBroker = 0, oldestAt = null, overdueSince = null }: Partial<QueueSight>,
  now: number,
) => oldest.since('fanOut', { inBroker, oldestAt, overdueSince }, now);

test('while consumers hold messages, the oldest of these is the oldest of the queue', () => {
  const oldest = new OldestWaiting();
  expect(look(oldest, { inBroker: 300, oldestAt: 50 }, 100)).toBe(50);
  expect(look(oldest, { inBroker: 300, oldestAt: 70 }, 110)).toBe(70);
});

test('without a consumer, the age counts from when a message was first seen, until the queue is empty', () => {
  const oldest = new OldestWaiting();
  expect(look(oldest, {}, 100)).toBeNull();
  expect(look(oldest, { inBroker: 1 }, 110)).toBe(110);
  expect(look(oldest, { inBroker: 9 }, 200)).toBe(110);
  expect(look(oldest, {}, 210)).toBeNull();
  expect(look(oldest, { inBroker: 1 }, 220)).toBe(220);
});

test('when the consumers are gone, the age continues from the messages that they held', () => {
  const oldest = new OldestWaiting();
  look(oldest, { inBroker: 5, oldestAt: 50 }, 100);
  expect(look(oldest, { inBroker: 5 }, 300)).toBe(50);
});

test('queues are independent', () => {
  const oldest = new OldestWaiting();
  look(oldest, { inBroker: 1 }, 100);
  const other = oldest.since('graph', { inBroker: 1, oldestAt: null, overdueSince: null }, 200);
  expect(other).toBe(200);
});

test('the age of a job that is due but not in the broker yet counts from its due time', () => {
  const oldest = new OldestWaiting();
  expect(look(oldest, { overdueSince: 30 }, 100)).toBe(30);
  expect(look(oldest, { inBroker: 1, oldestAt: 60, overdueSince: 30 }, 100)).toBe(30);
  expect(look(oldest, { inBroker: 1, oldestAt: 10, overdueSince: 30 }, 100)).toBe(10);
});

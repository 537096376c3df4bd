import type { Deps } from '@twite/core/engine';
import type { EventHandlers } from '@twite/core/events/event-stream';
import type { JobHandlers } from '@twite/core/jobs/job-queue';
import { expect, test } from 'vitest';
import { makeConsumers } from './consumers.ts';
import { makeJobHandlers } from './job-handlers.ts';

// Handlers are only created here, not run.
const deps = {} as Deps;

// `npm test` checks types: without the expected error, these lines fail it.
test('a job without a handler does not compile', () => {
  const { purgePost: _left, ...others } = makeJobHandlers(deps);
  // @ts-expect-error purgePost has no handler
  const handlers: JobHandlers = others;
  expect(Object.keys(handlers)).toEqual([
    'fanOutPost',
    'rebuildTimeline',
    'settleAccount',
    'processVideo',
    'purgeMedia',
    'settleMedia',
  ]);
});

test('a consumer without a handler does not compile', () => {
  const { upkeep: _left, ...others } = makeConsumers(deps);
  // @ts-expect-error upkeep has no handler
  const consumers: EventHandlers = others;
  expect(Object.keys(consumers)).toEqual(['fanOut', 'searchIndex']);
});

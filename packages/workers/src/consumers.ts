import { cleanUp } from '@twite/core/events/clean-up';
import type { EventHandlers } from '@twite/core/events/event-stream';
import { keepIndex } from '@twite/core/search/keep-index';
import { startFanOut } from '@twite/core/timelines/fan-out-post';
import { withTraceOf } from '@twite/core/trace';
import { forEachConcurrently } from '@twite/process/for-each-concurrently';
import type { WorkerDeps } from './worker-deps.ts';

// Handlers mostly wait for stores; more at once would only wait for each other.
const handledAtOnce = 16;

/** The product's event handlers, by consumer: omitting one does not compile. */
export const makeConsumers = (deps: WorkerDeps): EventHandlers => ({
  fanOut: (events) =>
    forEachConcurrently(events, handledAtOnce, (event) => withTraceOf(event, () => startFanOut(deps, event))),
  searchIndex: (events) => keepIndex(deps, events),
  upkeep: (events) =>
    forEachConcurrently(events, handledAtOnce, (event) => withTraceOf(event, () => cleanUp(deps, event))),
});

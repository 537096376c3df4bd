import type { Deps } from '@twite/core/engine';
import { cleanUp } from '@twite/core/events/clean-up';
import type { ConsumerName, EventHandler } from '@twite/core/events/event-stream';
import { keepIndex } from '@twite/core/search/keep-index';
import { startFanOut } from '@twite/core/timelines/fan-out-post';

/** What this product does about events, by consumer: leaving one out does not compile. */
export const makeConsumers = (deps: Deps): Readonly<Record<ConsumerName, EventHandler>> => ({
  fanOut: async (events) => {
    for (const event of events) if (event.type === 'postCreated') await startFanOut(deps, event);
  },
  searchIndex: (events) => keepIndex(deps, events),
  upkeep: async (events) => {
    for (const event of events) await cleanUp(deps, event);
  },
});

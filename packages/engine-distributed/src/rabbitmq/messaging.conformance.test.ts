import { runSuites } from '@twite/conformance/suites';
import type { OpenEngine } from '@twite/core/engine';
import { afterAll, describe } from 'vitest';
import { MongoAccountStore } from '../mongodb/account-store.ts';
import { MongoBlockList } from '../mongodb/block-list.ts';
import { MongoFollowGraph } from '../mongodb/follow-graph.ts';
import { MongoLikeStore } from '../mongodb/like-store.ts';
import { MongoMuteList } from '../mongodb/mute-list.ts';
import { MongoPostStore } from '../mongodb/post-store.ts';
import { MongoReplyStore } from '../mongodb/reply-store.ts';
import { partEngine } from '../testing/part-engine.ts';
import { canTest, openMessaging, type TestMessaging } from './testing/open-messaging.ts';

/** What was closed, and may be opened again by the same test. */
const closed = new Map<OpenEngine, TestMessaging>();

async function eraseClosed(): Promise<void> {
  const erased = [...closed.values()];
  closed.clear();
  for (const { erase } of erased) await erase();
}

function engineOf(messaging: TestMessaging): OpenEngine {
  const { context } = messaging.mongo;
  const { events, jobs, queues } = messaging.broker;
  const open = partEngine(
    {
      accounts: new MongoAccountStore(context),
      posts: new MongoPostStore(context),
      replies: new MongoReplyStore(context),
      likes: new MongoLikeStore(context),
      follows: new MongoFollowGraph(context),
      blocks: new MongoBlockList(context),
      mutes: new MongoMuteList(context),
      events,
      jobs,
      queues,
    },
    {
      settled: messaging.settled,
      async close() {
        await messaging.close();
        closed.set(open, messaging);
      },
    },
  );
  return open;
}

describe.runIf(canTest)('events, jobs and queues on RabbitMQ, relayed from MongoDB', () => {
  afterAll(eraseClosed);
  runSuites(
    {
      name: 'RabbitMQ',
      async open() {
        await eraseClosed();
        return engineOf(await openMessaging());
      },
      async reopen(before) {
        const messaging = closed.get(before);
        if (messaging === undefined) throw new Error('it was not closed');
        closed.delete(before);
        return engineOf(await messaging.reopen());
      },
    },
    ['events', 'jobs', 'queues'],
  );
});

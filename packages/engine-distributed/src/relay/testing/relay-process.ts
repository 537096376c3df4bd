import { armFailpoint } from '../../failpoints.ts';
import { openDatabases } from '../../mongodb/databases.ts';
import { MongoParkedMessages } from '../../mongodb/parked-messages.ts';
import { MongoScheduledJobs } from '../../mongodb/scheduled-jobs.ts';
import { openBroker } from '../../rabbitmq/broker.ts';
import { parkedChangesOf } from '../parked-changes.ts';
import { startRelay } from '../relay.ts';

/** A process that relays until it is killed: by a failpoint, or by the test that started it. */
export interface RelayProcessOptions {
  readonly mongoUrl: string;
  readonly rabbitUrl: string;
  readonly namespace: string;
  readonly leaseMs: number;
  readonly renewMs: number;
  readonly failpoint?: string;
}

const options: RelayProcessOptions = JSON.parse(process.argv[2] ?? '');
const { mongoUrl, rabbitUrl, namespace, leaseMs, renewMs } = options;
armFailpoint(options.failpoint);
const log = () => {};
const databases = openDatabases(
  { posts: mongoUrl, replies: mongoUrl, social: mongoUrl, identity: mongoUrl },
  namespace,
);
const context = { collections: databases.collections, wallNow: Date.now };
const parked = new MongoParkedMessages(context);
const scheduled = new MongoScheduledJobs(context);
const relay = startRelay({
  databases,
  broker: openBroker({
    url: rabbitUrl,
    namespace,
    parked,
    changes: parkedChangesOf(databases),
    scheduled,
    log,
    isAnswering: async () => false,
  }),
  invalidate: async () => {},
  log,
  processId: `process ${process.pid}`,
  times: { leaseMs, renewMs },
});
await relay.placed;
process.send?.('placed');

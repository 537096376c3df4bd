import { z } from 'zod4';
import { contractLimits } from '../limits.ts';
import { limit, pageOf } from './page.ts';
import { count, timestamp } from './primitives.ts';

const milliseconds = z
  .number()
  .min(0)
  .meta({ id: 'Milliseconds', examples: [1.4] });

export const queueName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9]{0,39}(?:\.[A-Za-z][A-Za-z0-9]{0,39})?$/, 'must be the name of a queue')
  .meta({
    id: 'QueueName',
    description:
      'The name of a consumer, `jobs.` and a class of jobs (`jobs.fanOut`, `jobs.reconcile`, `jobs.media`), or `relay`: changes that the relay could not read. `jobs`: jobs of releases before there were classes.',
    examples: ['fanOut'],
  });

const messageId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the id of a message')
  .meta({
    id: 'MessageId',
    description: 'Names a parked message within its queue; their order is that of the list.',
    examples: ['0000000000000000042'],
  });

const dependencyStatus = z
  .object({
    name: z.string().meta({ examples: ['mongodb'] }),
    state: z
      .enum(['up', 'down', 'open'])
      .meta({ id: 'DependencyState' })
      .describe('`open`: it failed so often that it is not asked for now.'),
    primary: z.boolean().describe('Whether nothing works without it.'),
    latencyMs: milliseconds.nullable().describe('How long it took to answer; null when it did not.'),
    degraded: z
      .string()
      .nullable()
      .describe('What does not work, or works worse, while it is away; null while it is up.'),
  })
  .meta({ id: 'DependencyStatus' });

export const queueState = z
  .object({
    queue: queueName,
    workers: count.describe('Processes that work on it now. At 0, what comes waits.'),
    waiting: count.describe('Not handled yet, those being worked on included.'),
    oldestMs: milliseconds
      .nullable()
      .describe('How long ago the oldest of them came; null when none waits, or it is not known.'),
    parked: count.describe('Put aside after five attempts, or because they could not be read.'),
  })
  .meta({ id: 'QueueState' });

/** Processes have one of 1,024 machine numbers. */
const processesMax = 1024;

const processStatus = z
  .object({
    processId: z.string().describe('Random; changes with each start.'),
    role: z
      .enum(['all', 'server', 'worker', 'relay'])
      .meta({ id: 'ProcessRole' })
      .describe('`all`: server, worker and relay in one.'),
    version: z
      .string()
      .describe('Of Twite.')
      .meta({ examples: ['1.0.0'] }),
    host: z
      .string()
      .describe('Its machine and process id.')
      .meta({ examples: ['server-1:4242'] }),
    services: z
      .array(z.string())
      .describe('Whose operations it serves; empty for workers and relays.')
      .meta({ examples: [['posts']] }),
    consumers: z
      .array(z.string())
      .describe('Events and jobs that it works on; empty for servers and relays.')
      .meta({ examples: [['fanOut', 'jobs']] }),
    startedAt: timestamp,
    reportedAt: timestamp.describe(
      'When it reported this: every five seconds, and when a dependency changes. Now, for the server that answers.',
    ),
    dependencies: z.array(dependencyStatus).describe('Those that this process uses, as it sees them.'),
  })
  .meta({ id: 'ProcessStatus' });

export const status = z
  .object({
    engine: z.enum(['embedded', 'distributed']).meta({ id: 'EngineName' }),
    version: z
      .string()
      .describe('Of the server that answers.')
      .meta({ examples: ['1.0.0'] }),
    dependencies: z
      .array(dependencyStatus)
      .describe('Those of all processes: one that any process finds away is not `up`.'),
    relay: z
      .object({
        leader: z.string().nullable().describe('The process that relays now; null when none does.'),
        lagMs: milliseconds
          .nullable()
          .describe(
            "How far the newest relayed change is behind the database's time; null when it is not known.",
          ),
      })
      .meta({ id: 'RelayStatus' })
      .nullable()
      .describe('null: this engine needs no relay.'),
    queues: z.array(queueState).describe('Empty when they could not be asked: `degraded` says so.'),
    processes: z
      .array(processStatus)
      .max(processesMax)
      .describe('Every process of the instance that runs and has reported; the server that answers is one.'),
    degraded: z
      .array(z.string())
      .describe('What does not work, or works worse, now; empty when all is well.'),
  })
  .meta({ id: 'Status' });

export const queueList = z.object({ items: z.array(queueState) }).meta({ id: 'QueueList' });

export const parkedMessage = z
  .object({
    messageId,
    queue: queueName,
    payload: z
      .record(z.string(), z.string())
      .describe('The event or job; `{ unreadable }` with what was sent when it cannot be read.')
      .meta({
        examples: [{ type: 'postCreated', postId: '1855647289012345678', authorId: '1855647289012345679' }],
      }),
    error: z
      .string()
      .describe('What failed the last time.')
      .meta({ examples: ['Error: out of reach'] }),
    parkedAt: timestamp,
  })
  .meta({ id: 'ParkedMessage' });
export const parkedMessagePage = pageOf(parkedMessage).meta({ id: 'ParkedMessagePage' });

export const parkedQuery = z.object({
  limit,
  cursor: messageId.optional().describe('The `nextCursor` of the page before.'),
});

export const messageSelection = z
  .strictObject({
    messageIds: z
      .array(messageId)
      .min(1)
      .max(contractLimits.messageSelectionMax)
      .optional()
      .describe('Which of them; all that are parked there when it is left out.'),
  })
  .meta({ id: 'MessageSelection' });

export const messageCount = z
  .object({ count: count.describe('How many it was done to.') })
  .meta({ id: 'MessageCount' });

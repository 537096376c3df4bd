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
      'The name of a consumer; the queue of a class of jobs (`jobs.fanOut`, `jobs.reconcile`, `jobs.media`); `relay` for changes that the relay could not read; or `jobs` for jobs of older releases.',
    examples: ['fanOut'],
  });

const messageId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the id of a message')
  .meta({
    id: 'MessageId',
    description: 'Identifies a parked message within its queue. Lists are ordered by it.',
    examples: ['0000000000000000042'],
  });

const dependencyStatus = z
  .object({
    name: z.string().meta({ examples: ['mongodb'] }),
    state: z
      .enum(['up', 'down', 'open'])
      .meta({ id: 'DependencyState' })
      .describe('`open`: after repeated failures, the circuit breaker rejects calls for now.'),
    primary: z.boolean().describe('Whether the instance cannot work without it.'),
    latencyMs: milliseconds.nullable().describe('The response time of the last check; `null` if it failed.'),
    degraded: z
      .string()
      .nullable()
      .describe('What is unavailable or degraded while this dependency is down; `null` while it is up.'),
  })
  .meta({ id: 'DependencyStatus' });

export const queueState = z
  .object({
    queue: queueName,
    workers: count.describe(
      'The number of processes that handle messages of this queue. With 0, all messages wait.',
    ),
    waiting: count.describe('The number of unhandled messages, including those in progress.'),
    oldestMs: milliseconds
      .nullable()
      .describe('The age of the oldest waiting message; `null` if there is none or its age is unknown.'),
    parked: count.describe(
      'The number of messages set aside because they failed five times or could not be read.',
    ),
  })
  .meta({ id: 'QueueState' });

/** Processes have one of 1,024 machine numbers. */
const processesMax = 1024;

const processStatus = z
  .object({
    processId: z.string().describe('A random id, new with each start of the process.'),
    role: z
      .enum(['all', 'server', 'worker', 'relay'])
      .meta({ id: 'ProcessRole' })
      .describe('`all`: server, worker and relay in one process.'),
    version: z
      .string()
      .describe('The version of Twite that the process runs.')
      .meta({ examples: ['1.0.0'] }),
    host: z
      .string()
      .describe('The host name and the process id of the operating system.')
      .meta({ examples: ['server-1:4242'] }),
    services: z
      .array(z.string())
      .describe('The services whose operations it serves; empty for workers and relays.')
      .meta({ examples: [['posts']] }),
    consumers: z
      .array(z.string())
      .describe('The queues whose messages it handles; empty for servers and relays.')
      .meta({ examples: [['fanOut', 'jobs']] }),
    startedAt: timestamp,
    reportedAt: timestamp.describe(
      'When the process last reported. Processes report every five seconds and when the state of a dependency changes.',
    ),
    dependencies: z.array(dependencyStatus).describe('The dependencies of this process, as it sees them.'),
  })
  .meta({ id: 'ProcessStatus' });

export const status = z
  .object({
    engine: z.enum(['embedded', 'distributed']).meta({ id: 'EngineName' }),
    version: z
      .string()
      .describe('The version of the server that sent this response.')
      .meta({ examples: ['1.0.0'] }),
    dependencies: z
      .array(dependencyStatus)
      .describe(
        'The dependencies of all processes. A dependency is `up` only if every process can reach it.',
      ),
    relay: z
      .object({
        leader: z
          .string()
          .nullable()
          .describe('The process that publishes changes now; `null` if there is none.'),
        lagMs: milliseconds
          .nullable()
          .describe('The age of the newest published change when it was published; `null` if unknown.'),
      })
      .meta({ id: 'RelayStatus' })
      .nullable()
      .describe('`null` if the engine needs no relay.'),
    queues: z
      .array(queueState)
      .describe('Empty if the state of the queues is unavailable; `degraded` then says so.'),
    processes: z
      .array(processStatus)
      .max(processesMax)
      .describe('All running processes of the instance, including the server that sent this response.'),
    degraded: z.array(z.string()).describe('What is unavailable or degraded now; empty if everything works.'),
  })
  .meta({ id: 'Status' });

export const queueList = z.object({ items: z.array(queueState) }).meta({ id: 'QueueList' });

export const parkedMessage = z
  .object({
    messageId,
    queue: queueName,
    payload: z
      .record(z.string(), z.string())
      .describe('The event or job. A message that cannot be read has its raw content in `unreadable`.')
      .meta({
        examples: [{ type: 'postCreated', postId: '1855647289012345678', authorId: '1855647289012345679' }],
      }),
    error: z
      .string()
      .describe('The error of the last attempt.')
      .meta({ examples: ['Error: connection refused'] }),
    parkedAt: timestamp,
  })
  .meta({ id: 'ParkedMessage' });
export const parkedMessagePage = pageOf(parkedMessage).meta({ id: 'ParkedMessagePage' });

export const parkedQuery = z.object({
  limit,
  cursor: messageId.optional().describe('The `nextCursor` of the previous page.'),
});

export const messageSelection = z
  .strictObject({
    messageIds: z
      .array(messageId)
      .min(1)
      .max(contractLimits.messageSelectionMax)
      .optional()
      .describe('The ids of the messages. Default: all parked messages of the queue.'),
  })
  .meta({ id: 'MessageSelection' });

export const messageCount = z
  .object({ count: count.describe('The number of messages that were replayed or dropped.') })
  .meta({ id: 'MessageCount' });

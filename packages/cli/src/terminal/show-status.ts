import type { ParkedMessage, QueueState, Status } from '@twite/sdk';
import { duration } from './duration.ts';
import { block, bold, dim, line, lines, type Printable } from './printable.ts';
import { relativeTime } from './relative-time.ts';
import { table } from './table.ts';

const durationOr = (ms: number | null, otherwise: string): string => (ms === null ? otherwise : duration(ms));

export const showQueues = (queues: readonly QueueState[]): Printable =>
  table(
    ['queue', 'workers', 'waiting', 'oldest', 'parked'],
    queues.map(({ queue, workers, waiting, oldestMs, parked }) => [
      queue,
      workers,
      waiting,
      durationOr(oldestMs, ''),
      parked,
    ]),
  );

const showDependencies = ({ dependencies }: Status): Printable =>
  table(
    ['dependency', 'state', 'latency'],
    dependencies.map(({ name, state, primary, latencyMs }) => [
      primary ? `${name} (primary)` : name,
      state,
      durationOr(latencyMs, ''),
    ]),
  );

const showProcesses = ({ processes }: Status): Printable =>
  table(
    ['process', 'version', 'started', 'reported', 'unavailable', 'serves or handles'],
    processes.map(({ role, host, version, services, consumers, startedAt, reportedAt, dependencies }) => [
      `${role} ${host}`,
      version,
      relativeTime(startedAt),
      relativeTime(reportedAt),
      dependencies.flatMap(({ name, state }) => (state === 'up' ? [] : [name])).join(', '),
      [...services, ...consumers].join(', '),
    ]),
  );

const showRelay = ({ leader, lagMs }: NonNullable<Status['relay']>): Printable =>
  line`relay  ${leader ?? 'none'}, ${lagMs === null ? 'lag unknown' : `${duration(lagMs)} behind`}`;

export const showStatus = (status: Status): Printable =>
  lines([
    line`${bold(`Twite ${status.version}`)} on the ${status.engine} engine`,
    ...(status.degraded.length === 0
      ? [line`Nothing is degraded.`]
      : status.degraded.map((text) => line`! ${text}`)),
    line``,
    showDependencies(status),
    line``,
    showProcesses(status),
    ...(status.relay === null ? [] : [line``, showRelay(status.relay)]),
    ...(status.queues.length === 0 ? [] : [line``, showQueues(status.queues)]),
  ]);

/** The message of an error: its stack is in the JSON. */
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

export const showParkedMessage = (message: ParkedMessage): Printable =>
  lines([
    line`${bold(message.messageId)} ${dim(relativeTime(message.parkedAt))} ${JSON.stringify(message.payload)}`,
    block(firstLine(message.error)),
  ]);

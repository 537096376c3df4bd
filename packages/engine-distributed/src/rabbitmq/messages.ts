import type { DomainEvent, EventType } from '@twite/core/events/domain-event';
import type { Job, JobName } from '@twite/core/jobs/job-queue';

/** Of what is written. Readers know this one and the one before. */
export const messageVersion = 2;

export interface EventMessage {
  readonly event: DomainEvent;
  /** When it happened, in milliseconds; null when the message does not say (version 1). */
  readonly at: number | null;
  /** Whether it tells how things stand, instead of what just happened. */
  readonly snapshot: boolean;
}

/** Passes through every queue behind all that was written before it. */
export interface BarrierMessage {
  readonly barrierId: string;
  readonly at: number | null;
}

export interface Unreadable {
  /** As it was sent. */
  readonly unreadable: string;
  readonly reason: string;
}

/** What a message turned out to be. */
export type Reading<M> =
  | { readonly kind: 'message'; readonly message: M }
  | { readonly kind: 'barrier'; readonly barrier: BarrierMessage }
  | { readonly kind: 'unreadable'; readonly unreadable: Unreadable };

const eventFields = {
  accountCreated: ['accountId'],
  accountUpdated: ['accountId'],
  accountStatusChanged: ['accountId'],
  postCreated: ['postId', 'authorId'],
  postDeleted: ['postId', 'authorId'],
  replyCreated: ['replyId', 'postId', 'authorId'],
  replyDeleted: ['replyId', 'postId', 'authorId'],
  postLiked: ['postId', 'accountId'],
  postUnliked: ['postId', 'accountId'],
  replyLiked: ['replyId', 'accountId'],
  replyUnliked: ['replyId', 'accountId'],
  accountFollowed: ['followerId', 'followeeId'],
  accountUnfollowed: ['followerId', 'followeeId'],
  accountBlocked: ['accountId', 'targetId'],
  accountUnblocked: ['accountId', 'targetId'],
  accountMuted: ['accountId', 'targetId'],
  accountUnmuted: ['accountId', 'targetId'],
} as const satisfies Record<EventType, readonly string[]>;

const jobFields = {
  fanOutPost: ['postId', 'authorId', 'afterFollowId'],
  settleAccount: ['accountId'],
  purgePost: ['postId'],
} as const satisfies Record<JobName, readonly string[]>;

const write = (content: object): Buffer => Buffer.from(JSON.stringify({ v: messageVersion, ...content }));

export const writeEvent = ({ event, at, snapshot }: EventMessage): Buffer =>
  write({ event, at: at ?? undefined, ...(snapshot ? { snapshot } : {}) });

export const writeJob = (job: Job): Buffer => write({ job });

export const writeBarrier = ({ barrierId, at }: BarrierMessage): Buffer =>
  write({ barrier: barrierId, at: at ?? undefined });

/** Reads the body of a message from an event queue; never throws. */
export const readEventMessage = (body: unknown): Reading<EventMessage> => read(body, eventIn);

/** Reads the body of a message from the queue of jobs; never throws. */
export const readJobMessage = (body: unknown): Reading<Job> => read(body, jobIn);

type Fields = Readonly<Record<string, unknown>>;

function read<M>(body: unknown, messageIn: (fields: Fields) => M | undefined): Reading<M> {
  const content = typeof body === 'string' || body instanceof Uint8Array ? parse(textOf(body)) : body;
  if (!isRecord(content)) return unreadable(textOf(body), 'it is no JSON object');
  if (content.v !== messageVersion && content.v !== 1) {
    return unreadable(textOf(body), 'its version is not known');
  }
  if (content.v === messageVersion && typeof content.barrier === 'string') {
    return { kind: 'barrier', barrier: { barrierId: content.barrier, at: timeIn(content) } };
  }
  const message = messageIn(content);
  if (message === undefined) return unreadable(textOf(body), 'its content is not known');
  return { kind: 'message', message };
}

function eventIn(content: Fields): EventMessage | undefined {
  const flat = content.v === 1;
  const event = pick(flat ? content : content.event, 'type', eventFields) as DomainEvent | undefined;
  if (event === undefined) return undefined;
  return { event, at: flat ? null : timeIn(content), snapshot: !flat && content.snapshot === true };
}

function jobIn(content: Fields): Job | undefined {
  return pick(content.v === 1 ? content : content.job, 'name', jobFields) as Job | undefined;
}

/** The fields that are known, of what carries a known name and has them all as texts. */
function pick(
  content: unknown,
  nameField: string,
  table: Readonly<Record<string, readonly string[]>>,
): Fields | undefined {
  if (!isRecord(content)) return undefined;
  const name = content[nameField];
  if (typeof name !== 'string' || !Object.hasOwn(table, name)) return undefined;
  const picked: Record<string, string> = { [nameField]: name };
  for (const field of table[name] ?? []) {
    const value = content[field];
    if (typeof value !== 'string') return undefined;
    picked[field] = value;
  }
  return Object.freeze(picked);
}

const timeIn = ({ at }: Fields): number | null => (typeof at === 'number' && Number.isFinite(at) ? at : null);

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The client hands over JSON already parsed, and what is none as bytes. */
function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  return JSON.stringify(body) ?? '';
}

const unreadable = (text: string, reason: string): Reading<never> => ({
  kind: 'unreadable',
  unreadable: { unreadable: text, reason },
});

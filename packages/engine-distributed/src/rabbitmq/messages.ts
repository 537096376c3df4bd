import type { DomainEvent } from '@twite/core/events/domain-event';
import { eventCatalogue } from '@twite/core/events/event-catalogue';
import { type Backoff, type Job, jobCatalogue } from '@twite/core/jobs/job-catalogue';
import type { JobMessage } from './scheduled.ts';

/** The version that is written. Readers know this one and the previous one. */
const messageVersion = 2;

export interface EventMessage {
  readonly event: DomainEvent;
  /** When it happened, in milliseconds; null when the message does not say (version 1). */
  readonly at: number | null;
  /** Whether it describes the current state instead of a change that just happened. */
  readonly snapshot: boolean;
}

/** Passes through every queue behind all earlier writes. */
export interface BarrierMessage {
  readonly barrierId: string;
  readonly at: number | null;
}

export interface Unreadable {
  /** The message as it was sent. */
  readonly unreadable: string;
  readonly reason: string;
}

/** The result of parsing a message. */
export type Reading<M> =
  | { readonly kind: 'message'; readonly message: M }
  | { readonly kind: 'barrier'; readonly barrier: BarrierMessage }
  | { readonly kind: 'unreadable'; readonly unreadable: Unreadable };

interface MessageFields {
  readonly fields: readonly string[];
  /** Optional fields, which are picked if they have this value. */
  readonly marks?: Readonly<Record<string, string>>;
}
type FieldTable = Readonly<Record<string, MessageFields>>;

const jobFields: FieldTable = Object.fromEntries(
  Object.entries(jobCatalogue).map(([name, { payload }]) => [name, { fields: payload }]),
);

const write = (content: object): Buffer => Buffer.from(JSON.stringify({ v: messageVersion, ...content }));

export const writeEvent = ({ event, at, snapshot }: EventMessage): Buffer =>
  write({ event, at: at ?? undefined, ...(snapshot ? { snapshot } : {}) });

export const writeJob = ({ job, failures, backoff }: JobMessage): Buffer =>
  write({ job, ...(failures > 0 ? { failures } : {}), ...(backoff === null ? {} : { backoff }) });

export const writeBarrier = ({ barrierId, at }: BarrierMessage): Buffer =>
  write({ barrier: barrierId, at: at ?? undefined });

/** Reads the body of a message from an event queue; never throws. */
export const readEventMessage = (body: unknown): Reading<EventMessage> => read(body, eventIn);

/** Reads the body of a message from a queue of jobs; never throws. */
export const readJobMessage = (body: unknown): Reading<JobMessage> => read(body, jobMessageIn);

type Fields = Readonly<Record<string, unknown>>;

/** Why this process does not know a message: shown to people, next to the parked message. */
class NotKnown {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

function read<M>(body: unknown, messageIn: (fields: Fields) => M | NotKnown): Reading<M> {
  const content = typeof body === 'string' || body instanceof Uint8Array ? parse(textOf(body)) : body;
  if (!isRecord(content)) return unreadable(textOf(body), 'it is no JSON object');
  if (content.v !== messageVersion && content.v !== 1) {
    return unreadable(textOf(body), `its version is not known: ${quoted(content.v)}`);
  }
  if (content.v === messageVersion && typeof content.barrier === 'string') {
    return { kind: 'barrier', barrier: { barrierId: content.barrier, at: timeIn(content) } };
  }
  const message = messageIn(content);
  if (message instanceof NotKnown) return unreadable(textOf(body), message.reason);
  return { kind: 'message', message };
}

function eventIn(content: Fields): EventMessage | NotKnown {
  const flat = content.v === 1;
  const event = pick(flat ? content : content.event, {
    what: 'event',
    nameField: 'type',
    table: eventCatalogue,
  });
  if (event instanceof NotKnown) return event;
  return {
    event: event as unknown as DomainEvent,
    at: flat ? null : timeIn(content),
    snapshot: !flat && content.snapshot === true,
  };
}

function jobMessageIn(content: Fields): JobMessage | NotKnown {
  const flat = content.v === 1;
  const job = pick(flat ? content : content.job, { what: 'job', nameField: 'name', table: jobFields });
  if (job instanceof NotKnown) return job;
  const { failures } = content;
  return {
    job: job as unknown as Job,
    failures:
      !flat && typeof failures === 'number' && Number.isSafeInteger(failures) ? Math.max(0, failures) : 0,
    backoff: flat ? null : backoffIn(content.backoff),
  };
}

/** Null, meaning the catalogue's default, also for an invalid one. */
function backoffIn(content: unknown): Backoff | null {
  if (!isRecord(content)) return null;
  const { firstMs, maxMs } = content;
  const isWait = (ms: unknown): ms is number => typeof ms === 'number' && Number.isFinite(ms) && ms >= 0;
  return isWait(firstMs) && isWait(maxMs) ? { firstMs, maxMs } : null;
}

/** Picks the known fields of an object that has a known name and all of them as texts. */
function pick(
  content: unknown,
  known: {
    readonly what: string;
    readonly nameField: string;
    readonly table: FieldTable;
  },
): Fields | NotKnown {
  const { what, nameField, table } = known;
  if (!isRecord(content)) return new NotKnown(`it has no ${what}`);
  const name = content[nameField];
  if (typeof name !== 'string' || !Object.hasOwn(table, name)) {
    return new NotKnown(`its ${what} is not known: ${quoted(name)}`);
  }
  const picked: Record<string, string> = { [nameField]: name };
  const { fields, marks = {} } = table[name] as MessageFields;
  for (const field of fields) {
    const value = content[field];
    if (typeof value !== 'string') return new NotKnown(`its ${what} ${name} has no ${field}`);
    picked[field] = value;
  }
  for (const [field, mark] of Object.entries(marks)) {
    if (content[field] === mark) picked[field] = mark;
  }
  return Object.freeze(picked);
}

const QUOTED_MAX = 100;

/** Anyone may have sent the value: quote only a part of it. */
const quoted = (value: unknown): string => (jsonOf(value) || 'none').slice(0, QUOTED_MAX);

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

/** The client passes JSON already parsed, and everything else as bytes. */
function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  return jsonOf(body);
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

const unreadable = (text: string, reason: string): Reading<never> => ({
  kind: 'unreadable',
  unreadable: { unreadable: text, reason },
});

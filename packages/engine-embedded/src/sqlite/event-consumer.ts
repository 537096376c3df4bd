import type { Clock } from '@twite/core/clock';
import type { DomainEvent } from '@twite/core/events/domain-event';
import { isEventFor } from '@twite/core/events/event-catalogue';
import type { ConsumerName } from '@twite/core/events/event-stream';
import type { EngineObserver } from '@twite/core/measures/engine-observer';
import { processInSpans } from '@twite/core/process-in-spans';
import { inTraceOf } from '@twite/core/trace';
import type { SpanDescription } from '@twite/core/tracer';
import type { Log } from '../log.ts';
import {
  ATTEMPTS_MAX,
  describeError,
  loggedPayload,
  retryDelayMs,
  STORAGE_FULL_DELAY_MS,
} from './attempts.ts';
import { describeProcessing } from './spans.ts';
import type { Store } from './store.ts';
import { WakeSignal } from './wake-signal.ts';
import { isStorageFull } from './writer.ts';

const BATCH_MAX = 100;
// Events handled in the meantime are redelivered after a crash; saving at once would cost an fsync per batch.
const SAVE_DELAY_MS = 200;

interface EventRow {
  readonly seq: number;
  /** The consumer that it is replayed for; null for all. */
  readonly consumer: string | null;
  readonly payload: string;
  /** When it happened, in milliseconds; null if an older release wrote it. */
  readonly at: number | null;
  /** The traceparent of the work that appended it. */
  readonly trace: string | null;
}

/** A row, and the event that its payload contains; undefined when it cannot be read. */
interface ReadRow extends EventRow {
  readonly event: DomainEvent | undefined;
}

type HandleEvents = (events: readonly DomainEvent[]) => Promise<void>;

export interface ConsumingParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly observe: EngineObserver;
}

/** Delivers the stream to one handler, starting at its durable position. */
export class EventConsumer {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #name: ConsumerName;
  readonly #handle: HandleEvents;
  readonly #observe: EngineObserver;
  readonly #span: SpanDescription;
  readonly #signal = new WakeSignal();
  readonly #waiting = new Set<{ readonly seq: number; readonly resolve: () => void }>();
  /** The last event handled. */
  #seq: number;
  #savedSeq: number;
  #saveTimer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();
  #underWay = 0;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: ConsumingParts, name: ConsumerName, handle: HandleEvents) {
    const { store, clock, log, observe } = parts;
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#observe = observe;
    this.#name = name;
    this.#handle = handle;
    this.#span = describeProcessing(name);
    const row = store.read.get<{ seq: number }>('SELECT seq FROM consumers WHERE consumer = ?', name);
    this.#seq = row?.seq ?? 0;
    this.#savedSeq = this.#seq;
  }

  start(): void {
    this.#running = this.#run();
  }

  wake(): void {
    this.#signal.wake();
  }

  /** The position of the last handled event. */
  get seq(): number {
    return this.#seq;
  }

  /** The number of events that were passed to the handler and are not finished. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Resolves when all events up to the position were handled or parked, or the consumer stopped. */
  reached(seq: number): Promise<void> {
    if (this.#stopped || this.#seq >= seq) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add({ seq, resolve }));
  }

  /** Waits for the current batch. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#signal.wake();
    await this.#running;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    this.#save();
    await this.#saving;
    for (const { resolve } of this.#waiting) resolve();
    this.#waiting.clear();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        const rows = this.#read();
        if (rows.length === 0) await this.#signal.wait();
        else await this.#deliver(rows);
      } catch (error) {
        // The database itself failed; the code that opened it decides what to do.
        this.#log({ level: 'error', msg: 'event log not read', consumer: this.#name, err: error });
        if (!this.#stopped) await this.#signal.wait(1_000);
      }
    }
  }

  #read(): readonly EventRow[] {
    return this.#store.read.all<EventRow>(
      'SELECT seq, consumer, payload, at, trace FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
      this.#seq,
      BATCH_MAX,
    );
  }

  async #deliver(rows: readonly EventRow[]): Promise<void> {
    const mine = rows
      .filter(({ consumer }) => consumer === null || consumer === this.#name)
      .map(readRow)
      // What cannot be read is parked, by every consumer.
      .filter(({ event }) => event === undefined || isEventFor(this.#name, event.type));
    const traces = mine.map(({ trace }) => trace);
    this.#underWay = mine.length;
    for (const { at } of mine)
      if (at !== null) this.#observe.delivered(this.#name, Math.max(0, Date.now() - at) / 1_000);
    try {
      if (mine.length > 0) await inTraceOf(traces, () => this.#attempt(mine));
    } catch (error) {
      await inTraceOf(traces, () => this.#deliverEach(mine, error));
      // Otherwise the last of them may not be finished.
      if (this.#stopped) return;
    }
    this.#passed(rows.at(-1)?.seq ?? this.#seq);
    this.#underWay = 0;
  }

  async #attempt(rows: readonly ReadRow[]): Promise<void> {
    const startMs = performance.now();
    const events = rows.map(({ event, payload }) => event ?? parseEvent(payload));
    const traced = rows.map(({ trace }, index) => ({
      subject: events[index],
      traceparent: trace ?? undefined,
    }));
    await processInSpans(this.#span, traced, () => this.#handle(events));
    this.#observe.handled(this.#name, (performance.now() - startMs) / 1_000, rows.length);
  }

  async #deliverEach(rows: readonly ReadRow[], error: unknown): Promise<void> {
    // A batch of one was its event's first attempt.
    const attempts = rows.length === 1 ? 1 : 0;
    this.#log({
      level: 'warn',
      msg: 'event handling failed',
      consumer: this.#name,
      events: rows.length,
      err: error,
    });
    for (const row of rows) {
      if (this.#stopped) return;
      await this.#deliverOne(row, attempts, error);
    }
  }

  async #deliverOne(row: ReadRow, attemptsBefore: number, errorBefore: unknown): Promise<void> {
    let lastError = errorBefore;
    for (let attempts = attemptsBefore; attempts < ATTEMPTS_MAX; ) {
      if (attempts > 0) {
        this.#observe.retried(this.#name);
        await this.#pause(retryDelayMs(attempts));
      }
      if (this.#stopped) return;
      try {
        await this.#attempt([row]);
        this.#underWay -= 1;
        this.#passed(row.seq);
        return;
      } catch (error) {
        lastError = error;
        // A full disk is not the fault of an event: wait for space.
        if (isStorageFull(error)) await this.#pause(STORAGE_FULL_DELAY_MS);
        else attempts += 1;
      }
    }
    await this.#park(row, lastError);
  }

  async #park({ seq, payload }: EventRow, error: unknown): Promise<void> {
    await this.#store.writer.run('parkEvent', {
      consumer: this.#name,
      seq,
      payload,
      error: describeError(error),
      parkedAt: this.#clock.now(),
    });
    this.#observe.parked(this.#name);
    this.#underWay -= 1;
    const facts = { consumer: this.#name, seq, ...loggedPayload(payload), err: error };
    this.#log({ level: 'error', msg: 'event parked', ...facts });
    this.#passed(seq);
  }

  /** Waits for a while, or until the consumer is stopped. New events do not shorten the wait. */
  async #pause(delayMs: number): Promise<void> {
    const end = performance.now() + delayMs;
    for (let left = delayMs; left > 0 && !this.#stopped; left = end - performance.now()) {
      await this.#signal.wait(left);
    }
    // After any wake-up there may be more to read.
    this.#signal.wake();
  }

  #passed(seq: number): void {
    this.#seq = seq;
    for (const waiting of this.#waiting) {
      if (waiting.seq > seq) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
    this.#saveTimer ??= setTimeout(() => {
      this.#saveTimer = undefined;
      this.#save();
    }, SAVE_DELAY_MS);
  }

  #save(): void {
    const seq = this.#seq;
    if (seq === this.#savedSeq) return;
    this.#savedSeq = seq;
    this.#saving = this.#store.writer.run('saveCursor', { consumer: this.#name, seq }).catch((error) => {
      // At least once: an older position only means that events are redelivered. The next save retries.
      this.#savedSeq = -1;
      this.#log({
        level: 'warn',
        msg: 'event position not saved',
        consumer: this.#name,
        err: error,
      });
    });
  }
}

const parseEvent = (payload: string): DomainEvent => Object.freeze(JSON.parse(payload) as DomainEvent);

function readRow(row: EventRow): ReadRow {
  try {
    return { ...row, event: parseEvent(row.payload) };
  } catch {
    return { ...row, event: undefined };
  }
}

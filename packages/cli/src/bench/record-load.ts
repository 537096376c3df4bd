import type { Answer } from './connection.ts';
import { createLatencies, type Latencies, type Latency } from './latencies.ts';

/** The results of one operation's requests. */
export interface OperationResult {
  readonly requests: number;
  readonly ok: number;
  /** Null if nothing was answered. */
  readonly latencyMs: Latency | null;
}

/** The answers that arrived in one second of a run. */
export interface SecondResult {
  /** From 0. */
  readonly second: number;
  readonly ok: number;
  /** 429 and 503: the server refused in time. */
  readonly refused: number;
  /** All other answers except 2xx, lost connections and timeouts. */
  readonly failed: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

export interface Counts {
  readonly requests: number;
  readonly ok: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests without an answer, by reason: `timeout`, `closed` or the code of a connection error. */
  readonly unanswered: Readonly<Record<string, number>>;
  /** The number of 429 and 503 answers without Retry-After. */
  readonly withoutRetryAfter: number;
  readonly latencyMs: Latency | null;
  readonly operations: Readonly<Record<string, OperationResult>>;
  /** How late requests were sent: the time they waited for a free connection and for this process. */
  readonly sendDelayMs: Latency | null;
}

interface OperationRecord {
  requests: number;
  ok: number;
  readonly latencies: Latencies;
}

export interface LoadRecord {
  sent(operation: string, delayMs: number): void;
  /** `latencyMs`: the time since the request was due. */
  answered(operation: string, answer: Answer, latencyMs: number): void;
  /** `latencyMs`: the time until it was given up. */
  unanswered(operation: string, reason: string, latencyMs: number): void;
  /** Ends a second. */
  takeSecond(): SecondResult;
  counts(): Counts;
}

export const isOk = ({ status }: Answer): boolean => status >= 200 && status < 300;

const isRefusal = ({ status }: Answer): boolean => status === 429 || status === 503;

/**
 * Counts the answers of a run. Percentiles cover 2xx answers and unanswered requests, which count with the time until
 * they were given up. Refusals are excluded: they are quick, and would make an overloaded server look fast.
 */
export function recordLoad(): LoadRecord {
  const latencies = createLatencies();
  const delays = createLatencies();
  const ofSecond = createLatencies();
  const statuses: Record<string, number> = {};
  const unanswered: Record<string, number> = {};
  const operations = new Map<string, OperationRecord>();
  let requests = 0;
  let ok = 0;
  let withoutRetryAfter = 0;
  let second = { second: 0, ok: 0, refused: 0, failed: 0 };

  const recordOf = (operation: string): OperationRecord => {
    const known = operations.get(operation);
    if (known) return known;
    const made = { requests: 0, ok: 0, latencies: createLatencies() };
    operations.set(operation, made);
    return made;
  };
  const record = (operation: string, ms: number): void => {
    latencies.record(ms);
    ofSecond.record(ms);
    recordOf(operation).latencies.record(ms);
  };

  return {
    sent(operation, delayMs) {
      requests++;
      recordOf(operation).requests++;
      delays.record(delayMs);
    },
    answered(operation, answer, latencyMs) {
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (isOk(answer)) {
        ok++;
        recordOf(operation).ok++;
        second.ok++;
        record(operation, latencyMs);
      } else if (isRefusal(answer)) {
        second.refused++;
        if (!answer.retryAfter) withoutRetryAfter++;
      } else second.failed++;
    },
    unanswered(operation, reason, latencyMs) {
      unanswered[reason] = (unanswered[reason] ?? 0) + 1;
      second.failed++;
      record(operation, latencyMs);
    },
    takeSecond() {
      const summary = ofSecond.summary();
      const taken = { ...second, p50Ms: summary?.p50 ?? null, p99Ms: summary?.p99 ?? null };
      second = { second: second.second + 1, ok: 0, refused: 0, failed: 0 };
      ofSecond.reset();
      return taken;
    },
    counts: () => ({
      requests,
      ok,
      statuses: { ...statuses },
      unanswered: { ...unanswered },
      withoutRetryAfter,
      latencyMs: latencies.summary() ?? null,
      sendDelayMs: delays.summary() ?? null,
      operations: Object.fromEntries(
        [...operations].map(([operation, { latencies: own, ...counted }]) => [
          operation,
          { ...counted, latencyMs: own.summary() ?? null },
        ]),
      ),
    }),
  };
}

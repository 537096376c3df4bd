import type { DependencyStatus } from '@twite/core/admin/engine-status';
import { type CallOutcome, type EngineObserver, observeNothing } from '@twite/core/measures/engine-observer';
import { withoutTrace } from '@twite/core/trace';
import { inSpan, type SpanDescription } from '@twite/core/tracer';
import { type DependencyName, Unavailable } from '@twite/core/unavailable';
import { CircuitState, circuitBreaker, handleWhen, SamplingBreaker } from 'cockatiel';
import { inTime } from './in-time.ts';
import type { Log } from './log.ts';

export interface DependencyOptions {
  readonly name: DependencyName;
  /** Nothing works without this dependency. */
  readonly primary?: boolean;
  /** What fails or degrades while it is unavailable, as a sentence for operators. */
  readonly degrades: string;
  readonly deadlineMs: number;
  /** Whether the driver enforces the deadline for each command and cleans up after a timeout. */
  readonly keepsDeadline?: boolean;
  /** Whether an error means that the dependency is unavailable, rather than a bug in Twite. */
  readonly isUnavailable: (error: unknown) => boolean;
  /** A cheap request. */
  readonly ping: () => Promise<unknown>;
  readonly log: Log;
  readonly observe?: EngineObserver;
  /** Describes the span of a named operation. Without it, calls have no spans here: their client makes them. */
  readonly span?: (operation: string) => SpanDescription;
}

/** Runs calls and port methods under the rules of a dependency. */
export interface CallGuard {
  /**
   * Throws `Unavailable` when the dependency is unavailable or does not answer in time. A named call is measured by a
   * span, if the dependency has spans.
   */
  call<T>(run: () => Promise<T>, operation?: string): Promise<T>;
  /** Returns the same port, with every method guarded by `call`. */
  guard<P extends object>(port: P): P;
}

/** A service used over the network: each call has a deadline, and no call is made while its circuit breaker is open. */
export interface Dependency extends CallGuard {
  readonly name: DependencyName;
  /**
   * Pings it once, regardless of the breaker. Never rejects. Waits for its deadline, or for `withinMs` if that is less.
   */
  status(withinMs?: number): Promise<DependencyStatus>;
  readonly isOpen: boolean;
}

// Opens when half of at least twenty calls within ten seconds failed. Closed again by a ping, sent every five seconds.
const breakerOptions = { threshold: 0.5, duration: 10_000, minimumRps: 2 };
const probeEveryMs = 5_000;

const guardWith =
  (call: CallGuard['call']): CallGuard['guard'] =>
  (port) =>
    new Proxy(port, {
      get(target, key) {
        const value = Reflect.get(target, key, target) as unknown;
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => call(() => value.apply(target, args) as Promise<unknown>, String(key));
      },
    });

/** Caches one description per operation: operations are few, and calls are many. */
function describeOnce(span: NonNullable<DependencyOptions['span']>): (operation: string) => SpanDescription {
  const known = new Map<string, SpanDescription>();
  return (operation) => {
    const description = known.get(operation) ?? span(operation);
    known.set(operation, description);
    return description;
  };
}

const late = (name: DependencyName, deadlineMs: number) => () =>
  new Unavailable(name, new Error(`no answer within ${deadlineMs} ms`));

/** A deadline on whole port methods, whose individual calls have circuit breakers of their own. */
export function createDeadline({
  name,
  deadlineMs,
  isUnavailable,
}: Pick<DependencyOptions, 'name' | 'deadlineMs' | 'isUnavailable'>): CallGuard {
  const call: CallGuard['call'] = async (run) => {
    try {
      return await inTime(run(), deadlineMs, late(name, deadlineMs));
    } catch (error) {
      throw isUnavailable(error) ? new Unavailable(name, error) : error;
    }
  };
  return { call, guard: guardWith(call) };
}

export function createDependency(options: DependencyOptions): Dependency {
  const { name, deadlineMs, isUnavailable, ping, log, observe = observeNothing } = options;
  // A failure of a nested dependency does not count against this breaker.
  const isAway = (error: unknown): boolean =>
    error instanceof Unavailable ? error.dependency === name : isUnavailable(error);
  const breaker = circuitBreaker(handleWhen(isAway), {
    breaker: new SamplingBreaker(breakerOptions),
    // Only the probe below is let through, and it has its own timer.
    halfOpenAfter: 0,
  });

  const answerInTime = async <T>(run: () => Promise<T>, ms = deadlineMs): Promise<T> =>
    inTime(run(), ms, late(name, ms));
  const translate = (error: unknown): unknown => (isAway(error) ? new Unavailable(name, error) : error);

  const isOpen = () => breaker.state !== CircuitState.Closed;
  let probing: NodeJS.Timeout | undefined;
  const probe = () => breaker.execute(() => answerInTime(async () => ping())).catch(() => undefined);
  breaker.onBreak(() => {
    if (probing !== undefined) return;
    log({ level: 'error', msg: 'circuit breaker opened', dependency: name });
    let isUnderWay = false;
    // The probe repeats every few seconds and does not belong to the trace of the failed request.
    probing = withoutTrace(() =>
      setInterval(async () => {
        if (isUnderWay) return;
        isUnderWay = true;
        await probe();
        isUnderWay = false;
      }, probeEveryMs).unref(),
    );
  });
  breaker.onReset(() => {
    clearInterval(probing);
    probing = undefined;
    log({ level: 'info', msg: 'circuit breaker closed', dependency: name });
  });

  const guardedCall = async <T>(run: () => Promise<T>): Promise<T> => {
    // No request waits for the probe, or is used as one.
    if (isOpen()) {
      observe.notCalled(name);
      throw new Unavailable(name, new Error('its circuit breaker is open'));
    }
    const startMs = performance.now();
    const called = (outcome: CallOutcome) =>
      observe.called(name, outcome, (performance.now() - startMs) / 1_000);
    try {
      const answer = await breaker.execute(options.keepsDeadline ? run : () => answerInTime(run));
      called('answered');
      return answer;
    } catch (error) {
      if (isAway(error)) called('unavailable');
      // An outage of another dependency says nothing about this one.
      else if (!(error instanceof Unavailable)) called('failed');
      throw error instanceof Unavailable ? error : translate(error);
    }
  };

  const spanOf = options.span && describeOnce(options.span);
  const call = <T>(run: () => Promise<T>, operation?: string): Promise<T> =>
    spanOf === undefined || operation === undefined
      ? guardedCall(run)
      : inSpan(spanOf(operation), () => guardedCall(run));

  return {
    name,
    call,
    get isOpen() {
      return isOpen();
    },
    guard: guardWith(call),
    async status(withinMs = deadlineMs) {
      const { primary = false, degrades } = options;
      const started = performance.now();
      const answers = await answerInTime(async () => ping(), Math.min(withinMs, deadlineMs)).then(
        () => true,
        () => false,
      );
      return {
        name,
        primary,
        state: isOpen() ? 'open' : answers ? 'up' : 'down',
        latencyMs: answers ? Math.round((performance.now() - started) * 10) / 10 : null,
        degraded: answers && !isOpen() ? null : degrades,
      };
    },
  };
}

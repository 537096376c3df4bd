import type { AppRoute } from '@ts-rest/core';
import type Koa from 'koa';
import { isClientGone } from './client-gone.ts';

/** One operation of the contract, as seen by hooks and log lines. */
export interface Operation<TMetadata = unknown> {
  /** The key of the route in the contract; in nested routers, the keys joined by dots. */
  readonly operationId: string;
  readonly route: AppRoute;
  readonly metadata: TMetadata;
}

/** The current request, as seen by hooks, handlers and `mapError`. */
export interface RequestContext<TState = Record<string, unknown>, TMetadata = unknown>
  extends Operation<TMetadata> {
  readonly koa: Koa.Context;
  /** Decoded path parameters, not yet validated. */
  readonly params: Readonly<Record<string, string | undefined>>;
  /** Koa's own per-request state, so that earlier middleware can set it too. */
  readonly state: TState;
  /**
   * Runs a callback when the request is over: answered or refused, and its handler has ended, even if the client
   * disconnected. Last in, first out.
   */
  defer(callback: () => void | Promise<void>): void;
  /** Aborts when the connection closes before the response is finished. Created on first use. */
  readonly signal: AbortSignal;
}

export class LiveRequestContext<TState, TMetadata> implements RequestContext<TState, TMetadata> {
  readonly koa: Koa.Context;
  readonly operationId: string;
  readonly route: AppRoute;
  readonly metadata: TMetadata;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly state: TState;
  #signal: AbortSignal | undefined;
  #deferred: (() => void | Promise<void>)[] | undefined;

  constructor(
    koa: Koa.Context,
    operation: Operation<TMetadata>,
    params: Readonly<Record<string, string | undefined>>,
  ) {
    this.koa = koa;
    this.operationId = operation.operationId;
    this.route = operation.route;
    this.metadata = operation.metadata;
    this.params = params;
    this.state = koa.state as TState;
  }

  defer(callback: () => void | Promise<void>): void {
    this.#deferred ??= [];
    this.#deferred.push(callback);
  }

  /** Undefined if nothing was deferred. */
  end(): Promise<void> | undefined {
    return this.#deferred && runLastFirst(this.#deferred);
  }

  // Most handlers never use the signal, and an AbortController costs as much as routing does.
  get signal(): AbortSignal {
    this.#signal ??= signalOf(this.koa.res);
    return this.#signal;
  }
}

async function runLastFirst(callbacks: (() => void | Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const callback of callbacks.reverse()) {
    try {
      await callback();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors);
}

function signalOf(res: Koa.Context['res']): AbortSignal {
  const controller = new AbortController();
  if (isClientGone(res)) controller.abort();
  else {
    res.once('close', () => {
      if (!res.writableFinished) controller.abort();
    });
  }
  return controller.signal;
}

import { type CarriedError, receiveError } from './carried-error.ts';

/** A call with the number that identifies its reply. */
export type Numbered<Call> = Call & { readonly id: number };

export type Reply =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: CarriedError };

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls to a thread that wait for their replies. */
export interface ThreadCalls<Call> {
  /** The number of waiting calls. */
  readonly size: number;
  /** Calls of the same turn of the event loop are sent in one message. */
  start(call: Call): { readonly id: number; readonly result: Promise<unknown> };
  /** Settles the call of this reply, if it still waits. */
  settle(reply: Reply): void;
  reject(id: number, error: Error): void;
  rejectAll(error: Error): void;
}

export function createThreadCalls<Call extends object>(
  send: (calls: readonly Numbered<Call>[]) => void,
): ThreadCalls<Call> {
  const waiting = new Map<number, Waiting>();
  let outbox: Numbered<Call>[] = [];
  let lastId = 0;

  const reject = (id: number, error: Error) => {
    waiting.get(id)?.reject(error);
    waiting.delete(id);
  };
  const sendAlone = (call: Numbered<Call>) => {
    try {
      send([call]);
    } catch (error) {
      reject(call.id, error as Error);
    }
  };
  const flush = () => {
    const calls = outbox;
    outbox = [];
    try {
      send(calls);
    } catch {
      // A value in one of them cannot be cloned: send each alone, so that only that one fails.
      for (const call of calls) sendAlone(call);
    }
  };

  return {
    get size() {
      return waiting.size;
    },
    start(call) {
      const { promise, ...settlers } = Promise.withResolvers<unknown>();
      lastId += 1;
      waiting.set(lastId, settlers);
      if (outbox.length === 0) queueMicrotask(flush);
      outbox.push({ ...call, id: lastId });
      return { id: lastId, result: promise };
    },
    settle(reply) {
      if (reply.ok) waiting.get(reply.id)?.resolve(reply.result);
      else waiting.get(reply.id)?.reject(receiveError(reply.error));
      waiting.delete(reply.id);
    },
    reject,
    rejectAll(error) {
      for (const call of waiting.values()) call.reject(error);
      waiting.clear();
    },
  };
}

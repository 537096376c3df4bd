import type { MongoClient, ServerDescriptionChangedEvent } from 'mongodb';
import type { Log } from '../log.ts';

export interface ReviveOptions {
  readonly log: Log;
  /** Above the driver's own limit for a heartbeat, 15 s. */
  readonly hungMs?: number;
  readonly checkEveryMs?: number;
}

/**
 * Reconnects the client when its monitor of a lost server hangs. The driver (7.9.0) writes a heartbeat to a socket that
 * was closed in the same turn of the event loop, and then waits for `drain`, which such a socket never emits and no
 * timeout ends: the driver would never notice that the server is back. Disposing stops the watch.
 */
export function reviveHungClient(client: MongoClient, options: ReviveOptions): AsyncDisposable {
  const { log, hungMs = 20_000, checkEveryMs = 5_000 } = options;
  /** When each server's unfinished heartbeat began. */
  const heartbeats = new Map<string, number>();
  const unknown = new Set<string>();
  const ended = ({ connectionId }: { readonly connectionId: string }) => heartbeats.delete(connectionId);
  client.on('serverHeartbeatStarted', ({ connectionId }) => heartbeats.set(connectionId, performance.now()));
  client.on('serverHeartbeatSucceeded', ended);
  client.on('serverHeartbeatFailed', ended);
  client.on('serverDescriptionChanged', ({ address, newDescription }: ServerDescriptionChangedEvent) => {
    if (newDescription.type === 'Unknown') unknown.add(address);
    else unknown.delete(address);
  });
  client.on('serverClosed', ({ address }) => {
    heartbeats.delete(address);
    unknown.delete(address);
  });

  /** Servers whose heartbeat was overdue at the last check, with its start time. */
  let suspects = new Map<string, number>();
  let isClosed = false;

  const findHung = (): string | undefined => {
    const overdue = [...heartbeats].filter(
      ([address, since]) => unknown.has(address) && performance.now() - since > hungMs,
    );
    // Twice in a row: a process that was paused finds every heartbeat overdue once.
    const hung = overdue.find(([address, since]) => suspects.get(address) === since);
    suspects = new Map(overdue);
    return hung?.[0];
  };

  const reconnect = async () => {
    if (!isClosed) {
      const address = findHung();
      if (address === undefined) return;
      log({ level: 'warn', msg: 'mongodb monitor stalled', address });
      isClosed = true;
      await client.close();
      // They belong to the closed monitors.
      heartbeats.clear();
      unknown.clear();
    }
    try {
      await client.connect();
      isClosed = false;
      if (watching.signal.aborted) await client.close();
    } catch (error) {
      // The next check retries: a client that failed to connect does not retry by itself.
      log({ level: 'warn', msg: 'mongodb reconnect failed', err: error });
    }
  };

  const watching = new AbortController();
  let underWay: Promise<void> | undefined;
  const timer = setInterval(() => {
    underWay ??= reconnect().finally(() => {
      underWay = undefined;
    });
  }, checkEveryMs).unref();
  watching.signal.addEventListener('abort', () => clearInterval(timer));
  return {
    async [Symbol.asyncDispose]() {
      watching.abort();
      await underWay;
    },
  };
}

import type { Socket } from 'node:net';

/** A bounded number of connections of a server. */
export interface BoundedConnections {
  /** The number of requests in progress per connection. */
  readonly answering: ReadonlyMap<Socket, number>;
  /** Accepts a connection, or rejects it when all others are in use. */
  open(socket: Socket): void;
  /** A request arrived on it. False: the connection was rejected, and so is the request. */
  begin(socket: Socket): boolean;
  /** A request on it was answered. Returns how many are still in progress. */
  end(socket: Socket): number;
}

const refusal =
  'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
/** How long a rejected client may take to read the answer. */
const refusedMs = 1_000;

/**
 * When there is no room for a new connection, the longest inactive one is closed: first among those that never had a
 * request, so that a flood of silent connections replaces itself, then among those that are kept alive. When all are in
 * use, the new one is rejected.
 */
export function boundConnections(max: number): BoundedConnections {
  const answering = new Map<Socket, number>();
  // In the order in which they became so.
  const silent = new Set<Socket>();
  const idle = new Set<Socket>();

  const forget = (socket: Socket): void => {
    answering.delete(socket);
    silent.delete(socket);
    idle.delete(socket);
  };

  const makeRoom = (): boolean => {
    const [unused] = silent.size > 0 ? silent : idle;
    if (unused === undefined) return false;
    // Now, and not on its `close`: the next one must not choose it again.
    forget(unused);
    unused.destroy();
    return true;
  };

  const refuse = (socket: Socket): void => {
    socket.end(refusal);
    setTimeout(() => socket.destroy(), refusedMs).unref();
  };

  return {
    answering,
    open(socket) {
      if (answering.size >= max && !makeRoom()) return refuse(socket);
      answering.set(socket, 0);
      silent.add(socket);
      socket.once('close', () => forget(socket));
    },
    begin(socket) {
      const before = answering.get(socket);
      if (before === undefined) return false;
      silent.delete(socket);
      idle.delete(socket);
      answering.set(socket, before + 1);
      return true;
    },
    end(socket) {
      const left = (answering.get(socket) ?? 1) - 1;
      if (!answering.has(socket)) return left;
      answering.set(socket, left);
      if (left === 0) idle.add(socket);
      return left;
    },
  };
}

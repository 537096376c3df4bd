import autocannon from 'autocannon';

/** A request as sent over the wire, and the name under which its answers are counted. */
export interface BenchRequest {
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  /** Relative to the server's address, with the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Answer {
  readonly status: number;
  /** Whether the answer has Retry-After. */
  readonly retryAfter: boolean;
}

/** A keep-alive connection. It carries one request at a time. */
export interface Connection {
  /** May be called only when the connection is free. */
  send(request: BenchRequest): void;
  /** Abandons the pending request and reconnects. */
  abandon(): void;
}

export interface ConnectionEvents {
  /** The connection can carry a request: called at the start, after each answer, and after a reconnect. */
  onFree(connection: Connection): void;
  onAnswer(connection: Connection, answer: Answer): void;
  /** The connection broke before the answer was complete. `reason` is an error code, or `closed`. */
  onLost(connection: Connection, reason: string): void;
  /** A free connection broke. It is not free until the next `onFree`. */
  onUnavailable(connection: Connection): void;
}

export interface Connections {
  /** Resolves once all connections are closed. */
  close(): Promise<void>;
}

/**
 * The members of autocannon's client that are used but not in its types. The version is pinned, and connection.test.ts
 * covers each of them.
 */
interface Client extends NodeJS.EventEmitter {
  setRequests(requests: readonly object[]): void;
  readonly destroyed: boolean;
  readonly parser: { reinitialize(type: 'RESPONSE'): void };
  readonly pipelinedRequests: { clear(): void };
  _connect(): void;
  _doRequest(): void;
  _resetConnection(): void;
}

/** Longer than any run. autocannon's timers hold at most 2^31 milliseconds. */
const foreverSeconds = 2_000_000;
const closeIntervalMs = 50;
const reconnectMs = 100;

/** Looks for Retry-After in raw headers, which alternate names and values. */
const hasRetryAfter = (raw: readonly string[]): boolean =>
  raw.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'retry-after');

/**
 * autocannon's client sends the next request as soon as it has an answer, or in a burst at the start of each second.
 * This makes it ask for a request instead, so that the pace is decided in one place. It also works around two habits
 * that do not suit a server under stress: the client drops a request whose connection was closed, and it reconnects
 * without a pause while it is refused.
 */
function paced(client: Client, basePath: string, events: ConnectionEvents): void {
  const sendNext = client._doRequest.bind(client);
  const connect = client._connect.bind(client);
  let isBusy = false;
  let isRefused = false;
  let retryAfter = false;

  const connection: Connection = {
    send({ method, path, headers, body }) {
      isBusy = true;
      retryAfter = false;
      client.setRequests([
        { method, path: basePath + path, headers: { ...headers }, ...(body === undefined ? {} : { body }) },
      ]);
      sendNext();
    },
    abandon() {
      isBusy = false;
      client._resetConnection();
    },
  };
  const lose = (reason: string): void => {
    if (client.destroyed) return;
    const wasBusy = isBusy;
    isBusy = false;
    if (wasBusy) events.onLost(connection, reason);
    else events.onUnavailable(connection);
  };

  client.on('headers', ({ headers }: { headers: readonly string[] }) => {
    retryAfter = hasRetryAfter(headers);
  });
  client.on('response', (status: number) => {
    isBusy = false;
    events.onAnswer(connection, { status, retryAfter });
  });
  client.on('connError', (error: NodeJS.ErrnoException) => {
    isRefused = true;
    lose(error.code ?? 'error');
  });
  client._doRequest = () => {
    if (!client.destroyed) events.onFree(connection);
  };
  client._connect = () => {
    lose('closed');
    // A partial answer of the previous connection does not belong to the next one.
    client.pipelinedRequests.clear();
    client.parser.reinitialize('RESPONSE');
    if (!isRefused) return connect();
    isRefused = false;
    setTimeout(() => {
      if (!client.destroyed) connect();
    }, reconnectMs);
  };
}

/** Opens connections to a server and keeps them open. */
export function openConnections(url: string, count: number, events: ConnectionEvents): Connections {
  const { origin, pathname } = new URL(url);
  const basePath = pathname.replace(/\/+$/, '');
  const cannon = autocannon({
    url: origin,
    connections: count,
    duration: foreverSeconds,
    timeout: foreverSeconds,
    sampleInt: closeIntervalMs,
    setupClient: (client) => paced(client as unknown as Client, basePath, events),
  } as autocannon.Options & { sampleInt: number }) as autocannon.Instance & Promise<unknown>;
  return {
    async close() {
      cannon.stop();
      await cannon;
    },
  };
}

import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { boundConnections } from './bounded-connections.ts';

/** An HTTP server that can shut down without losing a request. */
export interface DrainingServer {
  readonly server: Server;
  /** The number of requests in progress. */
  readonly inFlightCount: number;
  /** From now on every answer asks its client to close the connection. */
  discourage(): void;
  /**
   * Accepts no more connections and waits for requests whose headers have arrived, but not for those that are still
   * arriving. False when `seconds` were not enough and requests were cut off.
   */
  drain(seconds: number): Promise<boolean>;
}

export interface DrainingServerOptions {
  /** The maximum number of open connections. */
  readonly connectionsMax?: number;
  /** How long a client may leave an answer unread. */
  readonly stalledMs?: number;
  /** How long a client may keep sending a body after its answer before its connection is closed. */
  readonly afterAnswerMs?: number;
}

const hostForm = /^(?:[\w.~%!$&'()*+,;=-]*|\[[0-9a-fA-F:.]+\])(?::[0-9]*)?$/;

/**
 * Whether there is at most one Host header, and it is a valid host (RFC 9112). Node rejects requests without one, and
 * takes the first of several, where a proxy in front may have used the last.
 */
function namesOneHost({ headers, rawHeaders }: IncomingMessage): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count <= 1 && hostForm.test(headers.host ?? '');
}

/**
 * Serves with limits on how long a client may take. The reader of a body limits its duration: uploads may take minutes,
 * other bodies seconds.
 */
export function createDrainingServer(
  listener: RequestListener,
  { afterAnswerMs = 10_000, connectionsMax = 10_000, stalledMs = 60_000 }: DrainingServerOptions = {},
): DrainingServer {
  const responses = new Set<ServerResponse>();
  const connections = boundConnections(connectionsMax);
  let discouraged = false;
  let draining = false;

  const askToClose = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('connection', 'close');
  };

  // An answered request holds its connection until its body has arrived, which nobody needs any more.
  const closeUnlessComplete = (request: IncomingMessage): void => {
    const overdue = setTimeout(() => request.socket.destroy(), afterAnswerMs).unref();
    request.once('close', () => clearTimeout(overdue));
  };

  const accept = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    if (!connections.begin(socket)) return;
    if (!namesOneHost(request)) {
      refuse(response);
      return;
    }
    responses.add(response);
    response.once('close', () => {
      responses.delete(response);
      const left = connections.end(socket);
      if (socket.destroyed) return;
      // Headers sent before the drain did not ask the client to close.
      if (draining && left === 0) socket.destroySoon();
      if (!request.complete) closeUnlessComplete(request);
    });
    if (discouraged) askToClose(response);
    listener(request, response);
  };

  /** Rejects like Node on parser errors: data after such a request on the connection cannot be trusted. */
  const refuse = (response: ServerResponse): void => {
    response.once('close', () => connections.end(response.req.socket));
    response.writeHead(400, { connection: 'close', 'content-length': 0 }).end();
  };

  const server = createServer(
    {
      // Longer than load balancers keep idle connections (60 s), so that they are the ones to close them.
      keepAliveTimeout: 65_000,
      headersTimeout: 20_000,
      // Beyond the limits of any reader of a body: it has its own limits, and answers when they are exceeded.
      requestTimeout: 15 * 60_000,
      connectionsCheckingInterval: 5_000,
      noDelay: true,
    },
    accept,
  );
  // With Expect: 100-continue a client waits to be asked for its body: it is asked once its data is read, and need not
  // send it when it is rejected before.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    request.once('resume', () => {
      if (!response.headersSent) response.writeContinue();
    });
    accept(request, response);
  });
  server.maxRequestsPerSocket = 0;
  server.on('connection', connections.open);
  // Nothing was received or sent for this long: an idle connection, one whose client does not read its answer, or one
  // whose answer is still being produced; only the last is kept.
  server.setTimeout(stalledMs, (socket) => {
    if (!connections.answering.get(socket) || socket.writableLength > 0) socket.destroy();
  });

  const discourage = (): void => {
    discouraged = true;
    for (const response of responses) askToClose(response);
  };

  return {
    server,
    get inFlightCount() {
      return responses.size;
    },
    discourage,
    async drain(seconds) {
      discourage();
      draining = true;
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      // One turn of the event loop: requests that have arrived but were not read yet are accepted.
      await new Promise((turn) => setImmediate(turn));
      // Node waits for a connection that sent nothing, or part of a request's headers, until its headers are overdue.
      for (const [socket, answering] of connections.answering) if (answering === 0) socket.destroy();
      let inTime = true;
      const deadline = setTimeout(() => {
        inTime = false;
        server.closeAllConnections();
      }, seconds * 1000);
      await ended;
      clearTimeout(deadline);
      return inTime;
    },
  };
}

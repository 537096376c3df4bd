import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** An HTTP server that can end without losing a request. */
export interface DrainingServer {
  readonly server: Server;
  /** Requests that are being answered. */
  readonly inFlightCount: number;
  /** From now on every answer asks its client to close the connection. */
  discourage(): void;
  /** Takes no more connections and waits for what is in flight; false when `seconds` were not enough and it was cut off. */
  drain(seconds: number): Promise<boolean>;
}

/** Serves with bounds on how long a client may take. */
export function createDrainingServer(listener: RequestListener): DrainingServer {
  const responses = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  let discouraged = false;

  const askToClose = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('connection', 'close');
  };

  const server = createServer(
    {
      // Longer than load balancers keep idle connections (60 s), so that it is they who close them.
      keepAliveTimeout: 65_000,
      headersTimeout: 20_000,
      requestTimeout: 60_000,
      connectionsCheckingInterval: 5_000,
      noDelay: true,
    },
    (request, response) => {
      responses.add(response);
      response.once('close', () => responses.delete(response));
      if (discouraged) askToClose(response);
      listener(request, response);
    },
  );
  server.maxRequestsPerSocket = 0;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
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
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      // Node counts a connection that never sent anything as busy until its headers are overdue.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
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

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorError } from './operator-error.ts';

interface Place {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The variables that set them, for error messages. */
  readonly hostVariable: string;
  readonly portVariable: string;
}

/**
 * The number of connections that may wait until the event loop accepts them; the kernel's limit applies too. Node's 511
 * overflows when many clients connect at once: the kernel then drops the connection, and a client retries after 1, 3
 * and 7 seconds.
 */
const backlog = 4_096;

function explain(error: NodeJS.ErrnoException, { host, port, hostVariable, portVariable }: Place): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken: stop what uses it, or choose another with ${portVariable}`;
    case 'EACCES':
      return `port ${port} on ${host} is not allowed to this user: choose one above 1023 with ${portVariable}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine: choose another with ${hostVariable}`;
    default:
      return `cannot listen on ${host}, port ${port}: ${error.message}`;
  }
}

/** Starts listening. Returns the address as a URL without a trailing slash. Throws `OperatorError`. */
export function listen(server: Server, place: Place): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      reject(new OperatorError(explain(error, place), { cause: error }));
    server.once('error', fail);
    server.listen(place.port, place.host, backlog, () => {
      server.off('error', fail);
      const { address, family, port } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${port}`);
    });
  });
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy between a client and a server, so that a test can cut the connection without affecting others. */
export interface TcpProxy extends AsyncDisposable {
  /** The server's URL, through this proxy. */
  readonly url: string;
  /** Cuts every connection. New ones are accepted. */
  cut(): void;
  /** Accepts no connection until `mend`. */
  break(): void;
  mend(): void;
  /** Forwards nothing and closes nothing, like a server that was stopped. Permanent. */
  freeze(): void;
}

export async function openTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let isBroken = false;
  let isFrozen = false;
  const server = createServer((inner) => {
    if (isBroken) {
      inner.destroy();
      return;
    }
    const outer = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    inner.setNoDelay(true);
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
      if (isFrozen) from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    break() {
      isBroken = true;
      cut();
    },
    mend() {
      isBroken = false;
    },
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

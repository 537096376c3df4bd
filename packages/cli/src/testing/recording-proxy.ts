import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type OperationId, operations } from '@twite/sdk';

export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  /** The operations called since the previous call of this method. */
  take(): OperationId[];
}

const patterns = Object.values(operations).map(({ id, method, path }) => ({
  id: id as OperationId,
  method,
  // Of two matches, the one with fewer parameters: `/accounts/by-handle/x` is not an account's list.
  parameters: path.split(':').length,
  path: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`),
}));
patterns.sort((a, b) => a.parameters - b.parameters);

/** Proxies a server and records which operations are called. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  let seen: OperationId[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const found = patterns.find((one) => one.method === method && one.path.test(url.split('?')[0] ?? ''));
    if (found) seen.push(found.id);
    const onward = request(new URL(url, target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = seen;
      seen = [];
      return taken;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

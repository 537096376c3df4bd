import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { listen } from './listen.ts';

const place = { host: '127.0.0.1', port: 0, hostVariable: 'TWITE_HOST', portVariable: 'TWITE_PORT' };

const server = `
import { createServer } from 'node:http';
import { listen } from ${JSON.stringify(new URL('listen.ts', import.meta.url).href)};
console.log(await listen(createServer(), ${JSON.stringify(place)}));
`;

test('a port in use is named, with the variable to change it', async () => {
  const first = createServer();
  const { port } = new URL(await listen(first, place));
  try {
    await expect(listen(createServer(), { ...place, port: Number(port) })).rejects.toThrow(
      `port ${port} on 127.0.0.1 is taken: stop what uses it, or choose another with TWITE_PORT`,
    );
  } finally {
    first.close();
  }
});

test('a thousand clients can connect at once while the event loop is busy', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', server], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const sockets: Socket[] = [];
  try {
    const [url] = await once(createInterface({ input: child.stdout }), 'line');
    // A stopped process accepts no connections, like a busy event loop.
    child.kill('SIGSTOP');
    const port = Number(new URL(url).port);
    await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const socket = connect(port, '127.0.0.1');
        sockets.push(socket);
        await once(socket, 'connect');
      }),
    );
    expect(sockets.filter(({ readyState }) => readyState === 'open')).toHaveLength(1_000);
  } finally {
    for (const socket of sockets) socket.destroy();
    child.kill('SIGKILL');
  }
});

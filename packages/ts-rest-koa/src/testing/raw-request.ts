import { connect } from 'node:net';

export interface RawResponse {
  status: number;
  head: string;
  body: string;
}

/**
 * Sends bytes unchanged and reads until the server has answered and, with `Connection: close` or a broken request,
 * closed. Returns everything that was received, even if the connection is reset afterwards.
 */
export function exchange(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(received).toString('latin1')));
    socket.write(bytes);
  });
}

export function parseResponse(text: string): RawResponse {
  const split = text.indexOf('\r\n\r\n');
  return {
    status: Number(text.slice(9, 12)),
    head: text.slice(0, split).toLowerCase(),
    body: split === -1 ? '' : text.slice(split + 4),
  };
}

/** One request on its own connection. `headers` are whole lines. */
export async function rawRequest(
  port: number,
  requestLine: string,
  headers: readonly string[] = [],
  body: string | Uint8Array = '',
): Promise<RawResponse> {
  const head = [`${requestLine} HTTP/1.1`, 'Host: test', 'Connection: close', ...headers].join('\r\n');
  return parseResponse(
    await exchange(port, Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), Buffer.from(body)])),
  );
}

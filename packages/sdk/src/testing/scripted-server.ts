import { type ListeningServer, listen } from './listening-server.ts';

/** A request as received over the wire. */
export interface Received {
  readonly method: string;
  /** Path and query, not decoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  /** Replaces `json`. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `reset`: the connection breaks. `cut`: it breaks within the body. `hang`: the server never answers. */
export type Behaviour = Reply | 'reset' | 'cut' | 'hang';

export interface ScriptedServer extends ListeningServer {
  readonly received: Received[];
}

/** A real HTTP server on a free port of this machine that follows `script`. */
export async function scriptedServer(
  script: (request: Received, index: number) => Behaviour | Promise<Behaviour>,
): Promise<ScriptedServer> {
  const received: Received[] = [];
  const server = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const index = received.push({
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    });
    const behaviour = await script(received[index - 1] as Received, index - 1);
    if (behaviour === 'hang') return;
    if (behaviour === 'reset') {
      request.socket.destroy();
      return;
    }
    if (behaviour === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"items":', () => request.socket.destroy());
      return;
    }
    response.writeHead(behaviour.status, { 'content-type': 'application/json', ...behaviour.headers });
    response.end(
      behaviour.raw ?? (behaviour.json === undefined ? undefined : JSON.stringify(behaviour.json)),
    );
  });
  return { ...server, received };
}

/** A problem as the server would send it. */
export function problem(
  status: number,
  code: string,
  extra: { readonly errors?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Reply {
  return {
    status,
    json: {
      type: `https://twite.example/problems/${code}`,
      title: `Title of ${code}`,
      status,
      detail: `Detail of ${code}`,
      code,
      requestId: 'request-1',
      ...(extra.errors === undefined ? {} : { errors: extra.errors }),
    },
    headers: { 'content-type': 'application/problem+json', ...extra.headers },
  };
}

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Busboy } from '@fastify/busboy';
import { type ListeningServer, listen } from './listening-server.ts';

export interface ReceivedFile {
  readonly filename: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A form that arrived completely. */
export interface ReceivedForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, ReceivedFile>>;
  /** The order of all parts. */
  readonly order: readonly string[];
}

export interface ReceivedUpload {
  readonly headers: IncomingMessage['headers'];
  /** Settles when the form was read; rejects when it was cut off. */
  readonly form: Promise<ReceivedForm>;
}

export interface UploadServer extends ListeningServer {
  readonly received: ReceivedUpload[];
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function readForm(request: IncomingMessage): Promise<ReceivedForm> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = {};
    const files: Record<string, ReceivedFile> = {};
    const order: string[] = [];
    const parser = new Busboy({
      headers: request.headers as { 'content-type': string },
      // To see what was sent, not a sanitised version.
      preservePath: true,
    });
    parser.on('field', (name, value) => {
      order.push(name);
      fields[name] = value;
    });
    parser.on('file', (name, stream, filename) => {
      order.push(name);
      const hash = createHash('sha256');
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => {
        hash.update(chunk);
        bytes += chunk.byteLength;
      });
      stream.on('end', () => {
        files[name] = { filename, bytes, sha256: hash.digest('hex') };
      });
    });
    parser.on('finish', () => resolve({ fields, files, order }));
    parser.on('error', reject);
    request.on('error', reject);
    request.on('aborted', () => reject(new Error('the upload broke off')));
    request.pipe(parser);
  });
}

const mediaAnswer = { mediaId: '7', kind: 'image', state: 'ready' };

export function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/**
 * A real HTTP server on a free port that parses forms. By default it reads everything and answers 201. `act` handles a
 * request differently and must then answer it.
 */
export async function uploadServer(
  act: (
    exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
    index: number,
  ) => 'read' | 'done' = () => 'read',
): Promise<UploadServer> {
  const received: ReceivedUpload[] = [];
  const server = await listen((request, response) => {
    if (act({ request, response }, received.length) === 'done') {
      received.push({ headers: request.headers, form: Promise.reject(new Error('not read')) });
      received.at(-1)?.form.catch(() => undefined);
      return;
    }
    const form = readForm(request);
    received.push({ headers: request.headers, form });
    form.then(
      () => answer(response, 201, mediaAnswer),
      () => response.destroy(),
    );
  });
  return { ...server, received };
}

import { type ClientRequest, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** The subset of a browser's XMLHttpRequest that uploads need, over real connections. */
export class NodeXhr {
  status = 0;
  response = new Blob([]);
  responseType = '';
  readonly upload: { onprogress: ((event: { loaded: number }) => void) | null } = { onprogress: null };
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  #request: ClientRequest | undefined;
  #headers = '';

  open(method: string, url: string): void {
    this.#request = request(url, { method });
    this.#request.on('error', () => this.onerror?.());
    this.#request.on('response', async (answer) => {
      this.status = answer.statusCode ?? 0;
      this.#headers = Object.entries(answer.headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('');
      this.response = new Blob([await buffer(answer)]);
      this.onload?.();
    });
  }

  setRequestHeader(name: string, value: string): void {
    this.#request?.setHeader(name, value);
  }

  getAllResponseHeaders(): string {
    return this.#headers;
  }

  async send(body: Blob): Promise<void> {
    this.#request?.setHeader('content-length', body.size);
    let loaded = 0;
    for await (const chunk of body.stream() as unknown as AsyncIterable<Uint8Array>) {
      await new Promise<unknown>((resolve) => this.#request?.write(chunk, resolve));
      if (this.#request?.destroyed) return;
      loaded += chunk.byteLength;
      this.upload.onprogress?.({ loaded });
    }
    this.#request?.end();
  }

  abort(): void {
    this.#request?.destroy();
  }
}

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OriginRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A proxy between the CDN and its origin: it records requests, can hold them, and can become unavailable. */
export class GatedOrigin implements AsyncDisposable {
  readonly asked: OriginRequest[] = [];
  readonly #target: URL;
  #server: Server | undefined;
  #port = 0;
  #gate: PromiseWithResolvers<void> | undefined;

  private constructor(target: URL) {
    this.#target = target;
  }

  static async before(target: string): Promise<GatedOrigin> {
    const origin = new GatedOrigin(new URL(target));
    await origin.mend();
    return origin;
  }

  /** The origin's URL, through this proxy. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}${this.#target.pathname.replace(/\/$/, '')}`;
  }

  /** Answers nothing until `release`. */
  hold(): void {
    this.#gate = Promise.withResolvers();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** Refuses connections until `mend`. */
  async break(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.close();
    server?.closeAllConnections();
    if (server?.listening) await once(server, 'close');
  }

  async mend(): Promise<void> {
    const server = createServer(async (incoming, response) => {
      const { method = '', url = '', headers } = incoming;
      this.asked.push({ method, path: url, headers });
      await this.#gate?.promise;
      const { hostname, port } = this.#target;
      request({ hostname, port, method, path: url, headers, agent: false })
        .on('response', (answer) => {
          response.writeHead(answer.statusCode as number, answer.headers);
          answer.pipe(response);
        })
        .on('error', () => response.destroy())
        .end();
    }).listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
    await this.break();
  }
}

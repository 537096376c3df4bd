import type { Fetch } from '../options.ts';

/** The subset of XMLHttpRequest that is used: this project does not include the browser types. */
interface Xhr {
  readonly status: number;
  readonly response: Blob;
  readonly upload: { onprogress: ((event: { readonly loaded: number }) => void) | null };
  responseType: string;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  getAllResponseHeaders(): string;
  send(body: unknown): void;
  abort(): void;
}

const { XMLHttpRequest: XhrClass } = globalThis as { readonly XMLHttpRequest?: new () => Xhr };

/** A fetch that reports progress, which the one in browsers does not. Undefined without XMLHttpRequest. */
export const xhrFetch = (onSent: (sentBytes: number) => void): Fetch | undefined =>
  XhrClass &&
  ((url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const xhr = new XhrClass();
      xhr.open(method as string, url);
      (headers as Headers).forEach((value, name) => {
        // Browsers do not let scripts set it.
        if (name !== 'user-agent') xhr.setRequestHeader(name, value);
      });
      xhr.responseType = 'blob';
      xhr.upload.onprogress = ({ loaded }) => onSent(loaded);
      xhr.onload = () => {
        const answer = new Headers();
        for (const line of xhr.getAllResponseHeaders().split('\r\n')) {
          const at = line.indexOf(': ');
          if (at > 0) answer.append(line.slice(0, at), line.slice(at + 2));
        }
        resolve(new Response(xhr.response, { status: xhr.status, headers: answer }));
      };
      xhr.onerror = () => reject(new TypeError('The request failed.'));
      signal?.addEventListener('abort', () => {
        xhr.abort();
        reject(signal.reason);
      });
      xhr.send(body);
    }));

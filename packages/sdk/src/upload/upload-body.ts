import type { CallScope } from '../deadline.ts';
import { TwiteInputError } from '../errors.ts';
import { readSource, type SourceFile, sendsStreams } from './read-source.ts';
import type { UploadOptions, UploadSource } from './upload-options.ts';

/** The body of an upload. It is opened again for each attempt. */
export interface UploadBody {
  readonly headers: Readonly<Record<string, string>>;
  /** Additional options for fetch. */
  readonly init: RequestInit;
  open(scope: Pick<CallScope, 'extend'>): Blob | ReadableStream<Uint8Array>;
  /** Reports progress, for transports that send a Blob. Without a number, everything was sent. */
  sent(bytes?: number): void;
  /** Whether `open` may be called again. */
  isRepeatable(): boolean;
  /** The error that the source or the progress listener threw in the last attempt. */
  fault(): { readonly error: unknown } | undefined;
}

export interface UploadBodyOptions
  extends Pick<UploadOptions, 'altText' | 'focus' | 'poster' | 'onProgress'> {
  readonly boundary: string;
  /** The maximum idle time. Undefined when the call has a deadline of its own. */
  readonly idleMs: number | undefined;
}

/** The time from the last byte to the answer, while the server processes the file. */
const answerMs = 120_000;
/** The slowest upload that still succeeds without progress information: 200 kbit/s. */
const slowestBytesPerMs = 25;

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const escaped = (name: string): string =>
  name.replace(/["\r\n]/g, (character) => `%${character === '"' ? '22' : character === '\r' ? '0D' : '0A'}`);

const sumOf = (sizes: readonly (number | undefined)[]): number | undefined =>
  sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0);

/** A multipart/form-data form, fields first, so that the server has them when the file arrives. */
export async function uploadBody(
  source: UploadSource,
  { altText, focus, poster, onProgress, boundary, idleMs }: UploadBodyOptions,
  streams = sendsStreams,
): Promise<UploadBody> {
  const files: [string, SourceFile][] = [['file', await readSource(source, streams)]];
  if (poster !== undefined) files.push(['poster', await readSource(poster, streams)]);

  const parts: (Uint8Array<ArrayBuffer> | SourceFile)[] = [];
  let text = '';
  const field = (name: string, value: string): void => {
    text += `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  };
  if (altText !== undefined) field('altText', altText);
  if (focus !== undefined) field('focus', `${focus.x.toFixed(6)},${focus.y.toFixed(6)}`);
  for (const [name, file] of files) {
    text += `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${escaped(file.name)}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    parts.push(utf8(text), file);
    text = '\r\n';
  }
  parts.push(utf8(`${text}--${boundary}--\r\n`));

  const totalBytes = sumOf(parts.map((part) => ('byteLength' in part ? part.byteLength : part.bytes)));
  let fault: { readonly error: unknown } | undefined;
  const lastMs = Math.max(answerMs, idleMs ?? 0);
  // A call with its own deadline is not extended.
  let extend: CallScope['extend'] = () => undefined;

  const sent = (sentBytes: number): void => {
    extend(sentBytes === totalBytes ? lastMs : (idleMs ?? 0));
    onProgress?.({ sentBytes, totalBytes });
  };

  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      if ('byteLength' in part) yield part;
      else yield* part.open();
    }
  }

  const stream = (): ReadableStream<Uint8Array> => {
    const reading = chunks();
    let sentBytes = 0;
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          try {
            const { done, value } = await reading.next();
            if (done) {
              extend(lastMs);
              controller.close();
              return;
            }
            if (!(value instanceof Uint8Array)) throw new TwiteInputError('The stream must be one of bytes.');
            sentBytes += value.byteLength;
            controller.enqueue(value);
            sent(sentBytes);
          } catch (error) {
            fault = { error };
            throw error;
          }
        },
        // Closes the file.
        async cancel() {
          await reading.return(undefined);
        },
      },
      // Reads nothing ahead, so that everything read was sent.
      { highWaterMark: 0 },
    );
  };

  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      // Browsers set it themselves and do not allow scripts to.
      ...(streams && totalBytes !== undefined ? { 'content-length': String(totalBytes) } : {}),
    },
    // With any other `redirect` and `window`, Node tees the stream so that it could resend it, and buffers all of it in
    // memory.
    init: streams ? { duplex: 'half', redirect: 'error', window: null } : {},
    open(scope) {
      fault = undefined;
      if (idleMs !== undefined) extend = scope.extend;
      sent(0);
      if (streams) return stream();
      extend(lastMs + (totalBytes as number) / slowestBytesPerMs);
      return new Blob(parts.map((part) => ('byteLength' in part ? part : (part.blob as Blob))));
    },
    sent: (bytes = totalBytes as number) => sent(bytes),
    isRepeatable: () => files.every(([, file]) => file.isRepeatable()),
    fault: () => fault,
  };
}

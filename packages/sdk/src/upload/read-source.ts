import { TwiteInputError } from '../errors.ts';
import { serverProcess } from '../runtime.ts';
import type { UploadSource } from './upload-options.ts';

/** A file to upload. */
export interface SourceFile {
  readonly name: string;
  /** Undefined for a stream. */
  readonly bytes: number | undefined;
  /** Undefined for paths and streams. */
  readonly blob: Blob | undefined;
  open(): AsyncIterable<Uint8Array>;
  /** Whether it can be opened again. */
  isRepeatable(): boolean;
}

/** The subset of Node's modules that is used. */
interface Builtins {
  readonly 'node:fs': {
    readonly promises: { stat(path: string): Promise<{ readonly size: number; isFile(): boolean }> };
    createReadStream(path: string, options: { readonly end?: number }): AsyncIterable<Uint8Array>;
  };
  readonly 'node:url': { fileURLToPath(url: URL): string };
}

interface ServerRuntime {
  getBuiltinModule?<Name extends keyof Builtins>(name: Name): Builtins[Name];
}

// Not an import: bundlers for browsers would try to resolve the module.
const { process: runtime } = globalThis as { readonly process?: ServerRuntime };

/** Node, Deno and Bun can send a stream. Most browsers cannot, and the others only over HTTP/2. */
export const sendsStreams: boolean = serverProcess !== undefined;

const baseName = (path: string): string => path.split(/[/\\]/).pop() || 'file';

const isAsyncIterable = (source: object): source is AsyncIterable<Uint8Array> =>
  Symbol.asyncIterator in source;

const blobFile = (blob: Blob, name = 'file'): SourceFile => ({
  name: baseName(name),
  bytes: blob.size,
  blob,
  open: () => blob.stream() as unknown as AsyncIterable<Uint8Array>,
  isRepeatable: () => true,
});

async function pathFile(source: string | URL): Promise<SourceFile> {
  const fs = runtime?.getBuiltinModule?.('node:fs');
  const url = runtime?.getBuiltinModule?.('node:url');
  if (!fs || !url) throw new TwiteInputError('There are no paths here. Give a File or a Blob.');
  const path = source instanceof URL ? url.fileURLToPath(source) : source;
  const stats = await fs.promises.stat(path);
  if (!stats.isFile()) throw new TwiteInputError(`${path} is not a file.`);
  const { size } = stats;
  return {
    name: baseName(path),
    bytes: size,
    blob: undefined,
    // If the file grows meanwhile, reads no more than was announced.
    open: () => fs.createReadStream(path, size > 0 ? { end: size - 1 } : {}),
    isRepeatable: () => true,
  };
}

function streamFile(source: AsyncIterable<Uint8Array>): SourceFile {
  let begun = false;
  return {
    name: 'file',
    bytes: undefined,
    blob: undefined,
    open() {
      begun = true;
      return source;
    },
    isRepeatable: () => !begun,
  };
}

/** Collects a stream, for platforms that cannot send one. A browser may keep a large Blob on disk. */
async function collect(source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>): Promise<SourceFile> {
  if (!isAsyncIterable(source)) return blobFile(await new Response(source).blob());
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of source) parts.push(part as Uint8Array<ArrayBuffer>);
  return blobFile(new Blob(parts));
}

/** Throws TwiteInputError for an invalid source, and the platform's error for a path that cannot be read. */
export async function readSource(source: UploadSource, streams = sendsStreams): Promise<SourceFile> {
  if (source instanceof Blob) return blobFile(source, (source as File).name);
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return blobFile(new Blob([source as ArrayBuffer]));
  }
  if (typeof source === 'string' || source instanceof URL) return pathFile(source);
  if (typeof source === 'object' && source !== null && (isAsyncIterable(source) || 'getReader' in source)) {
    return streams ? streamFile(source as AsyncIterable<Uint8Array>) : collect(source);
  }
  throw new TwiteInputError('Upload a Blob, bytes, a stream of bytes or a path.');
}

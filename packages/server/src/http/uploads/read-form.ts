import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { ContractError, type InputIssue } from '@twite/contract';
import { discardBody } from 'ts-rest-koa';
import { SpooledFile } from './spooled-file.ts';
import type { Spool } from './upload-folder.ts';
import { type Pace, uploadPace, watchPace } from './watch-pace.ts';

/** The fields of a multipart form, by name. Each may appear once. */
export interface Form {
  readonly files: Readonly<Record<string, { readonly bytesMax: number; readonly required?: boolean }>>;
  readonly texts: Readonly<Record<string, { readonly bytesMax: number }>>;
}

export type FormContent =
  | { readonly value: Readonly<Record<string, string | SpooledFile>> }
  | { readonly issues: readonly InputIssue[] };

export interface ReadFormOptions {
  readonly pace?: Pace;
  /** Called once with the number of received bytes, even if the form is rejected. */
  readonly onReceived?: (bytes: number) => void;
}

const partHeaderBytesMax = 8_192;
const partHeadersMax = 16;
/** Parts beyond the existing fields: each is an issue, so a few are enough. */
const surplusPartsMax = 8;
/** The accepted transfer encodings of parts: none that needs decoding. */
const plainEncodings: readonly string[] = ['7bit', '8bit', 'binary'];

const malformed = (cause?: unknown): ContractError => new ContractError('malformed_form', { cause });
const tooLarge = (): ContractError => new ContractError('media_too_large');

const fileTooLarge = (path: string, bytesMax: number): ContractError => {
  const message = `Must not be larger than ${bytesMax} bytes`;
  return new ContractError('media_too_large', {
    detail: `The field ${path} is larger than ${bytesMax} bytes.`,
    errors: [{ in: 'body', path, code: 'too_big', message }],
  });
};

/** The maximum size of a body with this form, in bytes. */
function bodyBytesMax({ files, texts }: Form): number {
  const fields = [...Object.values(files), ...Object.values(texts)];
  const framing = (fields.length + surplusPartsMax) * partHeaderBytesMax;
  return fields.reduce((sum, { bytesMax }) => sum + bytesMax, framing);
}

/**
 * Reads a multipart body, its files into `spool`. Throws `malformed_form`, `media_too_large`, `request_timeout` and
 * `storage_full`; the rest of the body is discarded then. Nothing writes to the spool once it has settled.
 */
export async function readForm(
  req: IncomingMessage,
  form: Form,
  spool: Spool,
  { pace = uploadPace, onReceived = () => {} }: ReadFormOptions = {},
): Promise<FormContent> {
  const bytesMax = bodyBytesMax(form);
  if (Number(req.headers['content-length'] ?? 0) > bytesMax) throw tooLarge();
  const reader = new PartReader(form, spool);
  const { promise: parsed, resolve, reject } = Promise.withResolvers<void>();
  const parser = makeParser(req, form);
  parser.on('file', (name, part, fileName, encoding) => {
    reader.read(name, part, fileName, encoding).catch(reject);
  });
  parser.on('partsLimit', () => reject(reader.issue('', 'too_many_parts', 'Too many parts')));
  parser.on('finish', resolve);
  parser.on('error', (error) => reject(malformed(error)));

  let bytes = 0;
  const onData = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > bytesMax) reject(tooLarge());
  };
  const onClose = () => {
    if (!req.complete) reject(new Error('The connection closed before the end of the upload'));
  };
  const endWatch = watchPace(req, pace, () => reject(new ContractError('request_timeout')));
  req.on('data', onData).on('error', reject).on('close', onClose);
  req.pipe(parser);
  try {
    await parsed;
    return await reader.finish();
  } catch (error) {
    reader.abort();
    await reader.settled();
    throw error;
  } finally {
    endWatch();
    onReceived(bytes);
    req.off('data', onData).off('error', reject).off('close', onClose).unpipe(parser);
    // Discards the rest of a rejected body, or data after the last boundary.
    if (!req.readableEnded && !req.destroyed) discardBody(req);
  }
}

function makeParser(req: IncomingMessage, { files, texts }: Form) {
  const fieldCount = Object.keys(files).length + Object.keys(texts).length;
  try {
    return new Busboy({
      headers: { ...req.headers, 'content-type': req.headers['content-type'] ?? '' },
      // Text is read like files: bounded by its own field, and decoded strictly.
      isPartAFile: () => true,
      limits: {
        parts: fieldCount + surplusPartsMax,
        headerPairs: partHeadersMax,
        headerSize: partHeaderBytesMax,
      },
    });
  } catch (error) {
    // The boundary is missing.
    throw malformed(error);
  }
}

class PartReader {
  readonly #form: Form;
  readonly #spool: Spool;
  readonly #values: Record<string, string | SpooledFile> = Object.create(null);
  readonly #seen = new Set<string>();
  readonly #issues: InputIssue[] = [];
  readonly #reading = new Set<Promise<void>>();
  readonly #parts = new Set<Readable>();

  constructor(form: Form, spool: Spool) {
    this.#form = form;
    this.#spool = spool;
  }

  /** Records a problem of a field; returns an error when reading on makes no sense. */
  issue(path: string, code: string, message: string): ContractError {
    this.#issues.push({ in: 'body', path, code, message });
    return new ContractError('invalid_input', { errors: this.#issues });
  }

  read(name: string | undefined, part: Readable, fileName: string | undefined, encoding: string) {
    this.#parts.add(part);
    // The parser's own error reports the problem; without a listener, this one would end the process.
    part.on('error', () => {});
    const reading = this.#read(name, part, fileName, encoding).finally(() => {
      this.#parts.delete(part);
      this.#reading.delete(reading);
    });
    this.#reading.add(reading);
    return reading;
  }

  async finish(): Promise<FormContent> {
    await Promise.all(this.#reading);
    for (const [name, { required }] of Object.entries(this.#form.files)) {
      if (required === true && !this.#seen.has(name)) this.issue(name, 'required', 'This file is missing');
    }
    return this.#issues.length > 0 ? { issues: this.#issues } : { value: this.#values };
  }

  abort(): void {
    for (const part of this.#parts) part.destroy();
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#reading);
  }

  async #read(
    name: string | undefined,
    part: Readable,
    fileName: string | undefined,
    encoding: string,
  ): Promise<void> {
    if (name === undefined) {
      part.destroy();
      throw malformed();
    }
    const { files, texts } = this.#form;
    const file = Object.hasOwn(files, name) ? files[name] : undefined;
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
    const wrong = this.#wrongWith(name, file ?? text, encoding);
    this.#seen.add(name);
    if (wrong !== undefined) this.issue(name, ...wrong);
    // Rejected in any case: now only further problems matter.
    if (this.#issues.length > 0 && text === undefined) await drain(part);
    else if (text !== undefined) {
      const value = await readText(part, text.bytesMax);
      if (wrong !== undefined) return;
      if (typeof value === 'string') this.#values[name] = value;
      else this.issue(name, ...value.wrong);
    } else if (file !== undefined) {
      const spooled = await spoolFile(part, await this.#spool.newPath(), { name, bytesMax: file.bytesMax });
      // A browser's form sends this when no file was chosen.
      if (spooled.bytes === 0 && fileName === '') this.#seen.delete(name);
      else this.#values[name] = spooled;
    }
  }

  #wrongWith(
    name: string,
    field: object | undefined,
    encoding: string,
  ): [code: string, message: string] | undefined {
    if (field === undefined) return ['unrecognized_keys', 'Unknown field'];
    if (this.#seen.has(name)) return ['duplicate_key', 'Must be given only once'];
    if (!plainEncodings.includes(encoding)) {
      return ['unsupported_encoding', 'Send the part without Content-Transfer-Encoding'];
    }
    return undefined;
  }
}

async function drain(part: Readable): Promise<void> {
  for await (const _chunk of part);
}

async function readText(
  part: Readable,
  bytesMax: number,
): Promise<string | { wrong: [code: string, message: string] }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of part as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= bytesMax) chunks.push(chunk);
  }
  if (length > bytesMax) return { wrong: ['too_big', `Must not be longer than ${bytesMax} bytes`] };
  const bytes = Buffer.concat(chunks, length);
  return isUtf8(bytes) ? bytes.toString('utf8') : { wrong: ['malformed_encoding', 'Must be valid UTF-8'] };
}

async function spoolFile(
  part: Readable,
  path: string,
  { name, bytesMax }: { readonly name: string; readonly bytesMax: number },
): Promise<SpooledFile> {
  // Awaited, so that the file exists and can be removed whatever happens next.
  const file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  const measured = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw fileTooLarge(name, bytesMax);
      hash.update(chunk);
      yield chunk;
    }
  };
  try {
    await pipeline(part, measured, file.createWriteStream());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new ContractError('storage_full', { cause: error });
    throw error;
  }
  return new SpooledFile({ path, bytes, sha256: hash.digest('hex') });
}

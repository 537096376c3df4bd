import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import https from 'node:https';
import { Client } from 'minio';
import { FailedAnswer, ObjectsAway, translated } from './errors.ts';

/** A bucket for media on an S3 service. */
export interface S3Place {
  /** `http(s)://ACCESS_KEY:SECRET_KEY@host:port` */
  readonly url: string;
  readonly bucket: string;
  readonly region: string;
  /** Whether the bucket is in the path of URLs rather than in the host. */
  readonly pathStyle: boolean;
  /** The prefix of object names: empty, or with a trailing slash. */
  readonly prefix: string;
}

/** In milliseconds. */
export interface S3Deadlines {
  /** For a response that is not a stream. */
  readonly answer: number;
  /** For S3 to copy, delete or list, or to make an uploaded object durable. */
  readonly patient: number;
  /** For the next bytes of a stream, in either direction. */
  readonly stall: number;
}

export const s3Deadlines: S3Deadlines = { answer: 5_000, patient: 30_000, stall: 10_000 };

const connectionsMax = 128;
/** Shorter than servers keep idle connections: a request must not use one that is being closed. */
const idleMs = 4_000;
const failureBytesMax = 4_096;

type Send = (
  options: http.RequestOptions,
  onResponse: (response: http.IncomingMessage) => void,
) => http.ClientRequest;

export interface S3Client extends Disposable {
  readonly minio: Client;
  readonly place: S3Place;
  readonly deadlines: S3Deadlines;
  /** Runs calls of `minio`; their requests are aborted after the deadline. Throws errors converted by `translated`. */
  ask<T>(run: () => Promise<T>, deadlineMs?: number): Promise<T>;
  /** Makes a custom request on the same connections. */
  readonly request: Send;
  /** Runs calls of `minio` whose requests end with the signal. */
  endingWith<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T>;
}

const isFailure = (status: number): boolean => status >= 500 || [408, 429, 499].includes(status);

/** Rejects with the reason of the signal. */
export const whenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** Reads the rest of a failed response and reports it as an error of its request. */
async function fail(request: http.ClientRequest, response: http.IncomingMessage): Promise<void> {
  let body = '';
  try {
    for await (const chunk of response) {
      body += String(chunk);
      if (body.length > failureBytesMax) break;
    }
  } catch {
    // The part that was read is enough.
  }
  // Not by `destroy`: a request whose response is complete would not report the error.
  request.emit('error', new FailedAnswer(response.statusCode ?? 0, body));
  request.destroy();
}

export function openS3(place: S3Place, deadlines = s3Deadlines): S3Client {
  const url = new URL(place.url);
  const isTls = url.protocol === 'https:';
  const { request } = isTls ? https : http;
  const agentOptions = { keepAlive: true, maxSockets: connectionsMax, timeout: idleMs };
  const agent = isTls ? new https.Agent(agentOptions) : new http.Agent(agentOptions);
  const ending = new AsyncLocalStorage<AbortSignal>();

  // The client accepts no signal, writes its retries to the console, and leaves failed responses unread.
  const send: Send = (options, onResponse) => {
    const signal = options.signal ?? ending.getStore();
    const sent: http.ClientRequest = request(
      { ...options, agent, ...(signal === undefined ? {} : { signal }) },
      (response) => {
        if (isFailure(response.statusCode ?? 0) && response.statusCode !== 501) void fail(sent, response);
        else onResponse(response);
      },
    );
    return sent;
  };
  const minio = new Client({
    endPoint: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    useSSL: isTls,
    accessKey: decodeURIComponent(url.username),
    secretKey: decodeURIComponent(url.password),
    region: place.region,
    pathStyle: place.pathStyle,
    transportAgent: agent,
    transport: { request: send as typeof http.request },
    retryOptions: { disableRetry: true },
  });

  const endingWith: S3Client['endingWith'] = async (signal, run) => {
    try {
      return await Promise.race([ending.run(signal, run), whenAborted(signal)]);
    } catch (error) {
      throw translated(signal.aborted ? signal.reason : error);
    }
  };
  return {
    minio,
    place,
    deadlines,
    request: send,
    endingWith,
    async ask(run, deadlineMs = deadlines.answer) {
      const late = new AbortController();
      const timer = setTimeout(
        () => late.abort(new ObjectsAway(`no answer within ${deadlineMs} ms`)),
        deadlineMs,
      );
      try {
        return await endingWith(late.signal, run);
      } finally {
        clearTimeout(timer);
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

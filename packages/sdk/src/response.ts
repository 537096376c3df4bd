import { parseRateLimit, type RateLimit } from './rate-limit.ts';

/** What came with an answer besides its data. */
export interface TwiteResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Names the request in the server's log. */
  readonly requestId: string | undefined;
  /** The version of what was read. */
  readonly etag: string | undefined;
  /** How the tightest rate limit of this request stands; undefined when the server did not say. */
  readonly rateLimit: RateLimit | undefined;
}

/** The data of an answer, and what came with it. */
export interface WithResponse<T> {
  readonly data: T;
  readonly response: TwiteResponse;
}

/** A call that was sent. Await it for its data, or `withResponse()` for the response as well. */
export interface TwiteCall<T> extends Promise<T> {
  withResponse(): Promise<WithResponse<T>>;
}

export function responseOf({ status, headers }: Response): TwiteResponse {
  return {
    status,
    headers,
    requestId: headers.get('x-request-id') ?? undefined,
    etag: headers.get('etag') ?? undefined,
    rateLimit: parseRateLimit(headers),
  };
}

/** A call whose answer is on its way. */
export function twiteCall<T>(answer: Promise<WithResponse<T>>): TwiteCall<T> {
  const data = answer.then((answered) => answered.data);
  return Object.assign(data, {
    withResponse() {
      // Its failure is told by the promise returned here: it must not count as unhandled besides.
      data.catch(() => undefined);
      return answer;
    },
  });
}

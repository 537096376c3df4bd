import { parseRateLimit, type RateLimit } from './rate-limit.ts';

/** The metadata of a response besides its data. */
export interface TwiteResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Identifies the request in the server's log. */
  readonly requestId: string | undefined;
  /** The version of the returned data. */
  readonly etag: string | undefined;
  /** The state of this request's tightest rate limit. Undefined if the server did not send it. */
  readonly rateLimit: RateLimit | undefined;
}

/** The data of a response, and its metadata. */
export interface WithResponse<T> {
  readonly data: T;
  readonly response: TwiteResponse;
}

/** A sent call. Await it for its data, or `withResponse()` for the response as well. */
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

/** Creates a call from its pending answer. */
export function twiteCall<T>(answer: Promise<WithResponse<T>>): TwiteCall<T> {
  const data = answer.then((answered) => answered.data);
  return Object.assign(data, {
    withResponse() {
      // The returned promise reports the failure: it must not also count as an unhandled rejection.
      data.catch(() => undefined);
      return answer;
    },
  });
}

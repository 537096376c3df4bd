import { type CallScope, type Deadline, withDeadline } from './deadline.ts';
import type { Input } from './encode-request.ts';
import { encodeRequest } from './encode-request.ts';
import { isInvalidToken, TwiteInputError } from './errors.ts';
import type { MediaOperations, TwiteOperations } from './generated/client.ts';
import { operations } from './generated/operations.ts';
import type { Media, Session } from './generated/types.ts';
import { type CallOptions, type OperationDefinition, operationName } from './operation.ts';
import type { TwiteOptions } from './options.ts';
import { readOptions } from './options.ts';
import type { Page } from './page.ts';
import { pageRequest } from './page.ts';
import { twiteCall, type WithResponse } from './response.ts';
import { sessionAfter, sessionIn } from './session-effects.ts';
import { sessionKeeper } from './session-keeper.ts';
import type { PreparedRequest } from './transport.ts';
import { isRepeatable, newIdempotencyKey, sendRequest } from './transport.ts';
import { sendsStreams } from './upload/read-source.ts';
import { uploadBody } from './upload/upload-body.ts';
import type { UploadOptions, UploadSource, WaitOptions } from './upload/upload-options.ts';
import { waitUntilReady } from './upload/wait-until-ready.ts';
import { xhrFetch } from './upload/xhr-fetch.ts';

export interface MediaMethods extends MediaOperations {
  /**
   * Resolves when a medium is ready to be shown: after its upload, a video is processed for a while. Rejects with a
   * TwiteError when it cannot be processed.
   */
  waitUntilReady(mediaId: string, options?: WaitOptions): Promise<Media>;
}

/** A client: every operation by namespace, and its session. */
export interface Twite extends TwiteOperations {
  readonly media: MediaMethods;
  /** The session of the client. Undefined when signed out or used with a `token`. */
  readonly session: Session | undefined;
}

type Upload = (
  definition: OperationDefinition,
  source: UploadSource,
  options?: UploadOptions,
) => Promise<WithResponse<unknown>>;
type Call = (
  definition: OperationDefinition,
  input?: Input,
  options?: CallOptions,
) => Promise<WithResponse<unknown>>;

function prepare(definition: OperationDefinition, input: Input, key: string | undefined): PreparedRequest {
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new TwiteInputError(
      `${operationName(definition)}: idempotencyKey must be 1 to 255 visible ASCII characters.`,
      { parameter: 'idempotencyKey' },
    );
  }
  const idempotencyKey = definition.idempotencyKey ? (key ?? newIdempotencyKey()) : undefined;
  return { definition, ...encodeRequest(definition, input), idempotencyKey };
}

/** Creates the methods of all namespaces. Each calls its operation. */
function bind(call: Call, upload: Upload): TwiteOperations {
  const namespaces: Record<string, Record<string, unknown>> = {};
  for (const definition of Object.values(operations)) {
    const listed = (input?: Input, options?: CallOptions) =>
      pageRequest(
        (cursor) =>
          call(definition, cursor === undefined ? input : { ...input, cursor }, options) as Promise<
            WithResponse<Page<unknown>>
          >,
        'cursor' in definition.query,
      );
    const called = (input?: Input, options?: CallOptions) => twiteCall(call(definition, input, options));
    const uploaded = (source: UploadSource, options?: UploadOptions) =>
      twiteCall(upload(definition, source, options));
    namespaces[definition.namespace] ??= {};
    Object.assign(namespaces[definition.namespace] as object, {
      [definition.name]:
        definition.body === 'multipart' ? uploaded : definition.answer === 'page' ? listed : called,
    });
  }
  // The table and the interface are generated from the same contract; a test compares them.
  return namespaces as unknown as TwiteOperations;
}

/** Creates a client. Nothing is requested before the first call. Throws TwiteInputError for invalid options. */
export function createTwite(options: TwiteOptions = {}): Twite {
  const settings = readOptions(options);

  const deadlineOf = (definition: OperationDefinition, { signal, timeoutMs }: CallOptions): Deadline => ({
    signal,
    timeoutMs: timeoutMs ?? settings.timeoutMs,
    operation: operationName(definition),
  });

  const keeper = sessionKeeper({
    session: settings.session,
    sessionStore: settings.sessionStore,
    onSession: settings.onSession,
    now: settings.now,
    // Not bound to a caller's signal: many callers may be waiting for it.
    exchange: async (refreshToken) => {
      const request = prepare(operations.refreshSession, { refreshToken }, undefined);
      const { data } = await withDeadline(deadlineOf(operations.refreshSession, {}), (scope) =>
        sendRequest(settings, request, undefined, scope),
      );
      return sessionIn(data);
    },
  });

  /** Sends a request as the signed-in account, and retries it if the access token has expired. */
  const authorized = async (
    request: PreparedRequest,
    scope: CallScope,
    fetch = settings.fetch,
  ): Promise<WithResponse<unknown>> => {
    const send = (token: string | undefined): Promise<WithResponse<unknown>> =>
      sendRequest({ ...settings, fetch }, request, token, scope);
    if (request.definition.auth === 'none') return send(undefined);
    if (settings.token !== undefined) return send(settings.token);
    let session = await keeper.ready();
    // A session stored by another client may have expired too. Then it is refreshed after all.
    for (let left = settings.sessionStore ? 2 : 1; ; left--) {
      try {
        return await send(session?.accessToken);
      } catch (error) {
        if (left === 0 || !session || !isInvalidToken(error) || !isRepeatable(request)) throw error;
        session = await keeper.readyAfter(session);
        if (!session) throw error;
      }
    }
  };

  let { deviceToken } = settings;

  const call: Call = async (definition, given = {}, callOptions = {}) => {
    const input =
      definition.id === 'createSession' && deviceToken !== undefined ? { deviceToken, ...given } : given;
    const request = prepare(definition, input, callOptions.idempotencyKey);
    let before: Session | undefined;
    const answer = await withDeadline(deadlineOf(definition, callOptions), async (scope) => {
      if (settings.token === undefined) before = await keeper.loaded();
      return authorized(request, scope);
    });
    const device = (answer.data as { readonly deviceToken?: unknown } | undefined)?.deviceToken;
    if (typeof device === 'string') {
      deviceToken = device;
      await settings.onDeviceToken?.(device);
    }
    // A client that was created with a token keeps using it.
    if (settings.token !== undefined) return answer;
    const outcome = { input, output: answer.data, before, current: keeper.current() };
    const change = sessionAfter(definition.id, outcome);
    if (change?.session && !change.signedIn) await keeper.succeed(change.session);
    else if (change) await keeper.replace(change.session);
    return answer;
  };

  const upload: Upload = async (definition, source, uploadOptions = {}) => {
    const request = prepare(definition, {}, uploadOptions.idempotencyKey);
    const idleMs = uploadOptions.timeoutMs === undefined ? settings.timeoutMs : undefined;
    return withDeadline(deadlineOf(definition, uploadOptions), async (scope) => {
      const body = await uploadBody(source, { ...uploadOptions, boundary: newIdempotencyKey(), idleMs });
      const fetch = sendsStreams || options.fetch ? settings.fetch : xhrFetch(body.sent);
      const answer = await authorized({ ...request, body }, scope, fetch);
      if (!sendsStreams) body.sent();
      return answer;
    });
  };

  const client = bind(call, upload) as Twite;
  const { media } = client;
  Object.assign(media, {
    waitUntilReady: (mediaId: string, waitOptions?: WaitOptions) =>
      waitUntilReady((scope) => media.get({ mediaId }, scope), settings.retry.delay, waitOptions),
  });
  Object.defineProperty(client, 'session', { enumerable: true, get: keeper.current });
  return Object.freeze(client);
}

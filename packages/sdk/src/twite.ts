import { withDeadline } from './deadline.ts';
import type { Input } from './encode-request.ts';
import { encodeRequest } from './encode-request.ts';
import { isInvalidToken, TwiteInputError } from './errors.ts';
import type { TwiteOperations } from './generated/client.ts';
import { operations } from './generated/operations.ts';
import type { Session } from './generated/types.ts';
import type { CallOptions, OperationDefinition } from './operation.ts';
import type { TwiteOptions } from './options.ts';
import { readOptions } from './options.ts';
import type { Page } from './page.ts';
import { pageRequest } from './page.ts';
import { sessionAfter, sessionIn } from './session-effects.ts';
import { sessionKeeper } from './session-keeper.ts';
import type { PreparedRequest } from './transport.ts';
import { newIdempotencyKey, sendRequest } from './transport.ts';

/** A client: every operation by namespace, and the session that it holds. */
export interface Twite extends TwiteOperations {
  /** The session that the client is signed in with; undefined when signed out or used with a `token`. */
  readonly session: Session | undefined;
}

type Call = (definition: OperationDefinition, input?: Input, options?: CallOptions) => Promise<unknown>;

function prepare(definition: OperationDefinition, input: Input, key: string | undefined): PreparedRequest {
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new TwiteInputError('idempotencyKey must be 1 to 255 visible ASCII characters.');
  }
  const idempotencyKey = definition.idempotencyKey ? (key ?? newIdempotencyKey()) : undefined;
  return { definition, ...encodeRequest(definition, input), idempotencyKey };
}

/** The methods of all namespaces, each calling its operation. */
function bind(call: Call): TwiteOperations {
  const namespaces: Record<string, Record<string, unknown>> = {};
  for (const definition of Object.values(operations)) {
    const listed = (input?: Input, options?: CallOptions) =>
      pageRequest(
        (cursor) =>
          call(definition, cursor === undefined ? input : { ...input, cursor }, options) as Promise<
            Page<unknown>
          >,
        'cursor' in definition.query,
      );
    const called = (input?: Input, options?: CallOptions) => call(definition, input, options);
    namespaces[definition.namespace] = {
      ...namespaces[definition.namespace],
      [definition.name]: definition.answer === 'page' ? listed : called,
    };
  }
  // Table and interface are printed from the same contract; a test compares them.
  return namespaces as unknown as TwiteOperations;
}

/** Makes a client. Nothing is requested before the first call; throws TwiteInputError for options that cannot work. */
export function createTwite(options: TwiteOptions): Twite {
  const settings = readOptions(options);

  const keeper = sessionKeeper({
    session: settings.session,
    onSession: settings.onSession,
    now: settings.now,
    // Bound to no caller's signal: many may be waiting for it.
    exchange: async (refreshToken) => {
      const request = prepare(operations.refreshSession, { refreshToken }, undefined);
      const output = await withDeadline({ signal: undefined, timeoutMs: settings.timeoutMs }, (scope) =>
        sendRequest(settings, request, undefined, scope),
      );
      return sessionIn(output);
    },
  });

  /** Sends as whoever is signed in; once more when the access token had ended. */
  const authorized = async (
    { auth }: OperationDefinition,
    send: (token: string | undefined) => Promise<unknown>,
  ): Promise<unknown> => {
    if (auth === 'none') return send(undefined);
    if (settings.token !== undefined) return send(settings.token);
    const session = await keeper.ready();
    try {
      return await send(session?.accessToken);
    } catch (error) {
      if (!session || !isInvalidToken(error)) throw error;
      const next = await keeper.readyAfter(session);
      if (!next) throw error;
      return send(next.accessToken);
    }
  };

  const call: Call = async (definition, input = {}, callOptions = {}) => {
    const request = prepare(definition, input, callOptions.idempotencyKey);
    const before = keeper.current();
    const deadline = { signal: callOptions.signal, timeoutMs: callOptions.timeoutMs ?? settings.timeoutMs };
    const output = await withDeadline(deadline, (scope) =>
      authorized(definition, (token) => sendRequest(settings, request, token, scope)),
    );
    // A client made with a token stays what it is.
    if (settings.token !== undefined) return output;
    const change = sessionAfter(definition.id, { input, output, before, current: keeper.current() });
    if (change?.session && !change.signedIn) await keeper.succeed(change.session);
    else if (change) await keeper.replace(change.session);
    return output;
  };

  const client = Object.defineProperty(bind(call), 'session', { enumerable: true, get: keeper.current });
  return Object.freeze(client) as Twite;
}

import type { Input } from './encode-request.ts';
import { TwiteProtocolError } from './errors.ts';
import type { Session } from './generated/types.ts';

const fields = ['sessionId', 'accessToken', 'refreshToken', 'expiresAt'] as const;

/** Whether a value has all fields of a session. */
export const isSession = (value: unknown): value is Session =>
  typeof value === 'object' &&
  value !== null &&
  fields.every((field) => typeof (value as Readonly<Record<string, unknown>>)[field] === 'string');

/** The session in an answer. Throws TwiteProtocolError if there is none. */
export function sessionIn(output: unknown): Session {
  const { session } = output as { readonly session?: unknown };
  if (isSession(session)) return session;
  throw new TwiteProtocolError('The server signed in without a session.', {
    status: 200,
    // Not the body, which may contain tokens.
    bodyStart: '',
    requestId: undefined,
    retryAfterSeconds: undefined,
  });
}

/** A successful call, for deriving the new session. */
export interface CallOutcome {
  readonly input: Input;
  readonly output: unknown;
  /** The session at the start of the call. */
  readonly before: Session | undefined;
  /** The session now. */
  readonly current: Session | undefined;
}

/** The new session of the client after a call. Undefined if the call does not change the session. */
export function sessionAfter(
  operationId: string,
  { input, output, before, current }: CallOutcome,
): { readonly session: Session | undefined; readonly signedIn: boolean } | undefined {
  const signedOut = { session: undefined, signedIn: false };
  // A refresh in between keeps the session's id; another sign-in does not.
  const unchanged = current !== undefined && current.sessionId === before?.sessionId;
  switch (operationId) {
    case 'createAccount':
    case 'createSession':
      return { session: sessionIn(output), signedIn: true };
    case 'refreshSession':
      return current?.refreshToken === input.refreshToken
        ? { session: sessionIn(output), signedIn: false }
        : undefined;
    case 'deleteSession':
      return unchanged && (input.sessionId === 'current' || input.sessionId === current.sessionId)
        ? signedOut
        : undefined;
    case 'deleteMe':
      return unchanged ? signedOut : undefined;
    default:
      return undefined;
  }
}

import {
  TwiteConnectionError,
  TwiteInputError,
  TwiteProblemError,
  TwiteProtocolError,
  TwiteTimeoutError,
} from '@twite/sdk';
import { plain, plainJson, plainLine } from './terminal/plain.ts';
import { CommandError, RefusedFileError, UsageError } from './usage-error.ts';
import { usageMessage } from './usage-message.ts';

/**
 * Exit codes: 1 refused, 2 wrong command line or cancelled, 4 not signed in, 69 no server answers, 70 a bug in twite.
 */
export interface Report {
  readonly exitCode: number;
  /** For `--json`: a problem like those of the API. `next`: how to fix it. */
  readonly problem: Readonly<Record<string, unknown>> & { readonly code: string; readonly detail: string };
  /** Shown to people instead of the detail, which is for programs. */
  readonly words?: string | undefined;
  /** How to fix it, if the message does not say. */
  readonly hint?: string | undefined;
}

const hints: Readonly<Record<string, string>> = {
  unauthenticated: 'Sign in with `twite login HANDLE`, or create an account with `twite signup HANDLE`.',
  invalid_token: 'Sign in again with `twite login HANDLE`.',
  insufficient_role: 'The operator can grant the role on the server: `twite admin grant HANDLE`.',
};

/** Replacements for API messages that address programmers. */
const words: Readonly<Record<string, string>> = {
  unauthenticated: 'You are not signed in.',
  invalid_token: 'The session or token is no longer valid.',
  insufficient_scope: 'The token lacks the required scope. Create a token that has it: `twite token create`.',
  invalid_input: 'Some of the input is invalid:',
  rate_limited: 'Too many requests.',
};

/** The same exit code as `gh`: a script can sign in and retry. */
const needsSignIn: ReadonlySet<string> = new Set(['unauthenticated', 'invalid_token']);

const problem = (title: string, code: string, detail: string) => ({ title, code, detail });

function rooted(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AggregateError && cause.errors.length > 0) return rooted({ cause: cause.errors[0] });
  return cause instanceof Error ? (cause.cause instanceof Error ? rooted(cause) : cause.message) : '';
}

const isRefused = (error: TwiteConnectionError): boolean => {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ((at as NodeJS.ErrnoException).code === 'ECONNREFUSED') return true;
  }
  return false;
};

/** A hint for errors of oclif whose message is unclear. */
function usageHint(message: string): string {
  if (/^Nonexistent flags?: -[^-]/.test(message))
    return 'Put arguments that begin with a dash after `--`, as in `twite post -- "- milk"`.';
  if (message.startsWith('Unexpected argument'))
    return 'Put a text of several words in quotes. See the `--help` of the command.';
  return 'See the `--help` of the command.';
}

function ofProblem(error: TwiteProblemError, usesToken: boolean): Report {
  const { title, status, detail, code, requestId, errors, retryAfterSeconds } = error;
  const hint =
    code === 'invalid_token' && usesToken
      ? 'The token is from --token or TWITE_TOKEN, which take precedence over the session.'
      : hints[code];
  return {
    exitCode: needsSignIn.has(code) ? 4 : status === 503 ? 69 : 1,
    problem: {
      title,
      status,
      detail: needsSignIn.has(code) ? (words[code] ?? detail) : detail,
      code,
      requestId,
      ...(errors.length > 0 ? { errors } : {}),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
    words: code === 'invalid_input' && errors.length === 0 ? undefined : words[code],
    hint: retryAfterSeconds === undefined ? hint : `Try again in ${retryAfterSeconds} s.`,
  };
}

/** Describes an error. `url` is the server that was called, `usesToken` whether with a personal access token. */
export function describeError(error: unknown, url: string, usesToken = false): Report {
  if (error instanceof TwiteProblemError) return ofProblem(error, usesToken);
  if (error instanceof RefusedFileError) {
    const { file, outcome } = error;
    const report = describeError(error.cause, url, usesToken);
    const { code, detail } = report.problem;
    return {
      ...report,
      problem: { ...report.problem, file },
      words: plain(`${file} was refused: ${detail} (${code})\n${outcome}`),
    };
  }
  if (error instanceof TwiteConnectionError) {
    const start = 'Start one with `npm start` or `twite up`, or select another with --url or TWITE_URL.';
    const detail = isRefused(error)
      ? `No Twite server responded at ${url}. ${start}`
      : `No Twite server responded at ${url} (${rooted(error) || error.message}). Check the address and the network.`;
    return { exitCode: 69, problem: problem('No server', 'no_server', detail) };
  }
  if (error instanceof TwiteTimeoutError) {
    const detail = `The server at ${url} did not respond in time. Try again; if it keeps happening, check its log.`;
    return { exitCode: 69, problem: problem('No answer', 'timeout', detail) };
  }
  if (error instanceof TwiteProtocolError) {
    const detail = `What answers at ${url} is not a Twite server that this twite understands: ${error.message} Check --url.`;
    return { exitCode: 69, problem: problem('Not understood', 'protocol', detail) };
  }
  if (error instanceof UsageError || error instanceof TwiteInputError) {
    return { exitCode: 2, problem: problem('Wrong usage', 'usage', error.message) };
  }
  if (error instanceof CommandError) {
    const exitCode = needsSignIn.has(error.code) ? 4 : 1;
    return {
      exitCode,
      problem: problem('The command failed', error.code, error.message),
      hint: hints[error.code],
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const { oclif } = error as { readonly oclif?: { readonly exit?: number } };
  if (oclif) {
    // oclif's own error: a missing, unknown or malformed flag or argument.
    return {
      exitCode: oclif.exit ?? 2,
      problem: problem('Wrong usage', 'usage', usageMessage(message)),
      hint: usageHint(message),
    };
  }
  return { exitCode: 70, problem: problem('A bug in twite', 'bug', message), hint: 'Please report it.' };
}

/** The error for people, on stderr. */
export function errorText({ problem: { title, detail, requestId, errors }, words, hint }: Report): string {
  const told = [words ?? plain(detail)];
  // The title names the problem when the detail covers only this case.
  if (requestId !== undefined && !words) told[0] = `${plainLine(String(title))}: ${plain(detail)}`;
  for (const issue of (errors ?? []) as readonly { in: string; path: string; message: string }[]) {
    told.push(plainLine(`  ${issue.path || issue.in}: ${issue.message}`));
  }
  if (hint) told.push(hint);
  if (requestId !== undefined) told.push(plainLine(`Request ${requestId}`));
  return told.join('\n');
}

/** Prints an error on standard error, so that a pipe gets results only. Returns the exit code. */
export function reportError(
  error: unknown,
  { url, json, usesToken }: { url: string; json: boolean; usesToken: boolean },
): number {
  const report = describeError(error, url, usesToken);
  const { problem, hint } = report;
  if (json) process.stderr.write(`${plainJson(hint === undefined ? problem : { ...problem, next: hint })}\n`);
  else process.stderr.write(`${errorText(report)}\n`);
  // A bug needs its stack trace.
  if (report.exitCode === 70 && !json && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return report.exitCode;
}

import {
  InvalidInputError,
  TwiteConnectionError,
  TwiteProtocolError,
  TwiteTimeoutError,
  UnauthenticatedError,
  UnavailableError,
} from '@twite/sdk';
import { expect, test } from 'vitest';
import { describeError, errorText } from './report-error.ts';
import { CommandError, RefusedFileError, UsageError } from './usage-error.ts';

const url = 'http://127.0.0.1:8080';
const tell = (error: unknown) => {
  const report = describeError(error, url);
  return { exitCode: report.exitCode, text: errorText(report), problem: report.problem };
};

const answer = { requestId: 'r-1', errors: [], retryAfterSeconds: undefined };

test('a problem is shown with its title, detail, issues, request id and a hint', () => {
  const invalid = tell(
    new InvalidInputError({
      ...answer,
      status: 422,
      code: 'invalid_input',
      title: 'Invalid input',
      detail: 'Some of the input is invalid.',
      errors: [{ in: 'body', path: 'text', code: 'too_long', message: 'must be at most 280\u001b[2J' }],
    }),
  );
  expect(invalid.exitCode).toBe(1);
  expect(invalid.text).toBe('Some of the input is invalid:\n  text: must be at most 280␛[2J\nRequest r-1');
  expect(invalid.problem).toMatchObject({ status: 422, code: 'invalid_input', requestId: 'r-1' });

  const signedOut = tell(
    new UnauthenticatedError({
      ...answer,
      status: 401,
      code: 'unauthenticated',
      title: 'Not signed in',
      detail: 'It needs an account.',
    }),
  );
  const token = describeError(
    new UnauthenticatedError({
      ...answer,
      status: 401,
      code: 'invalid_token',
      title: 'Invalid token',
      detail: 'It has ended.',
    }),
    url,
    true,
  );
  expect(token.hint).toContain('TWITE_TOKEN');
  expect(signedOut.text).toContain('You are not signed in.\nSign in with `twite login HANDLE`');
});

test('a server that is missing, too slow, overloaded or not Twite is exit code 69', () => {
  const refused = new TwiteConnectionError('No answer.', {
    cause: new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
  });
  expect(tell(refused)).toMatchObject({
    exitCode: 69,
    text: `No Twite server responded at ${url}. Start one with \`npm start\` or \`twite up\`, or select another with --url or TWITE_URL.`,
  });
  const unknown = new TwiteConnectionError('No answer.', {
    cause: new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND nowhere') }),
  });
  expect(tell(unknown)).toMatchObject({ exitCode: 69, problem: { code: 'no_server' } });
  expect(tell(unknown).text).toContain('ENOTFOUND');
  expect(tell(new TwiteTimeoutError(100)).exitCode).toBe(69);
  const page = { status: 200, bodyStart: '<html>', requestId: undefined, retryAfterSeconds: undefined };
  expect(tell(new TwiteProtocolError('It is not JSON.', page)).exitCode).toBe(69);
  const busy = tell(
    new UnavailableError({
      ...answer,
      status: 503,
      code: 'overloaded',
      title: 'Overloaded',
      detail: 'Busy.',
      retryAfterSeconds: 3,
    }),
  );
  expect([busy.exitCode, busy.text]).toEqual([69, 'Overloaded: Busy.\nTry again in 3 s.\nRequest r-1']);
});

test('wrong usage is 2, a failed command is 1, a bug is 70', () => {
  expect(tell(new UsageError('Give a name.'))).toMatchObject({ exitCode: 2, text: 'Give a name.' });
  expect(tell(new CommandError('damaged', 'Delete it.'))).toMatchObject({
    exitCode: 1,
    problem: { code: 'damaged' },
  });
  expect(tell(new TypeError('undefined is not a function')).exitCode).toBe(70);
});

test('a rejected file is named, with the reason and the consequence', () => {
  const refusal = new InvalidInputError({
    ...answer,
    status: 415,
    code: 'unsupported_media',
    title: 'Unsupported media',
    detail: 'It is neither an image nor a video.',
  });
  const refused = tell(new RefusedFileError('a\u001b[2J.svg', 'Nothing was posted.', refusal));
  expect(refused.exitCode).toBe(1);
  expect(refused.text).toBe(
    'a␛[2J.svg was refused: It is neither an image nor a video. (unsupported_media)\nNothing was posted.\nRequest r-1',
  );
  expect(refused.problem).toMatchObject({ status: 415, code: 'unsupported_media', file: 'a\u001b[2J.svg' });
});

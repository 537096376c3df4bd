import { expect, test } from 'vitest';
import { problem } from './entities/problem.ts';
import { ContractError, errorCodes, errorTable, invalidField } from './errors.ts';

test('every row of the error table has an error status, a unique title and a sentence as its detail', () => {
  const titles = errorCodes.map((code) => errorTable[code].title);
  expect(new Set(titles).size).toBe(titles.length);
  for (const code of errorCodes) {
    const { status, title, detail } = errorTable[code];
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(status >= 400 && status <= 599, code).toBe(true);
    expect(title).toMatch(/^[A-Z][^.]*$/);
    expect(detail).toMatch(/^[A-Z].*\.$/);
  }
  expect(Object.isFrozen(errorTable)).toBe(true);
});

test('a problem only accepts codes of the table', () => {
  const { code } = problem.shape;
  expect(code.options).toEqual(errorCodes);
  for (const other of ['toString', '__proto__', '']) expect(code.safeParse(other).success).toBe(false);
});

test('a contract error has the status of its code', () => {
  const cause = new Error('why');
  const error = new ContractError('overloaded', { detail: 'Later.', retryAfterSeconds: 3, cause });
  expect(error).toMatchObject({
    code: 'overloaded',
    status: 503,
    message: 'Later.',
    retryAfterSeconds: 3,
    cause,
  });
  expect(new ContractError('not_found').message).toBe(errorTable.not_found.detail);
  expect('cause' in new ContractError('not_found')).toBe(false);
  expect(invalidField('text', 'too_long', 'is too long')).toMatchObject({
    status: 422,
    errors: [{ in: 'body', path: 'text', code: 'too_long', message: 'is too long' }],
  });
});

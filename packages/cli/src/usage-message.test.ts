import { expect, test } from 'vitest';
import { usageMessage } from './usage-message.ts';

test.each([
  [
    'Missing 1 required arg:\naccount  An account: @handle, handle or id.\nSee more help with --help',
    'Missing ACCOUNT: An account: @handle, handle or id.',
  ],
  [
    'Missing 2 required args:\nname  What it is for.\nrole  (user|admin) The role.\n\nNote: --scope allows multiple values.',
    'Missing NAME: What it is for.\nMissing ROLE: (user|admin) The role.',
  ],
  ['The following error occurred:\n  Missing required flag graph', 'Missing --graph.'],
  ['Parsing --limit \n\tExpected an integer but received: x', '--limit must be an integer, not "x".'],
  [
    'Parsing --limit \n\tExpected an integer less than or equal to 100 but received: 500',
    '--limit must be an integer less than or equal to 100, not "500".',
  ],
  ['Expected --scope=foo to be one of: read, write', '--scope must be one of read, write, not "foo".'],
  ['Expected king to be one of: user, admin', '"king" is not one of user, admin.'],
  ['Nonexistent flag: --nope', 'There is no flag --nope.'],
  ['Flag --cursor expects a value', '--cursor needs a value.'],
  ['Something else', 'Something else'],
])('%j', (said, told) => {
  expect(usageMessage(said)).toBe(told);
});

import { expect, test } from 'vitest';
import { verifyPassword } from './verify-password.ts';

const composed = 'd\u00e9j\u00e0 vu encore';
const decomposed = composed.normalize('NFD');

/** A hasher that uses the passwords themselves as hashes. */
function plainHasher() {
  const tried: string[] = [];
  return {
    tried,
    passwords: {
      hash: async (password: string) => password,
      async verify(hash: string | undefined, password: string) {
        tried.push(password);
        return hash === password;
      },
    },
  };
}

test.each([
  ['a hash of the composed form', composed],
  ['a hash of what was typed, made before passwords were composed', decomposed],
])('%s matches a decomposed input', async (_, hash) => {
  const { passwords } = plainHasher();
  expect(await verifyPassword({ passwords }, hash, decomposed)).toBe(true);
  expect(await verifyPassword({ passwords }, hash, `${decomposed}!`)).toBe(false);
});

test('a composed password costs one hash', async () => {
  const { passwords, tried } = plainHasher();
  expect(await verifyPassword({ passwords }, undefined, composed)).toBe(false);
  expect(tried).toEqual([composed]);
});

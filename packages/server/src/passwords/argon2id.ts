import { argon2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

// Node's own argon2 (OpenSSL's), since the `argon2` package has no way to hash but in the libuv pool, also when a
// worker thread asks it: there it delays file reads, and it cannot be given a lower priority than answers.

/** 19 MiB, two passes, one lane: OWASP's first recommendation for argon2id. */
const memoryKibibytes = 19_456;
const passes = 2;
const parallelism = 1;
const tagBytes = 32;
const saltBytes = 16;

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

interface Parameters {
  readonly memoryKibibytes: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly tagBytes: number;
}

const derive = (password: string, parameters: Parameters): Buffer =>
  argon2Sync('argon2id', {
    message: password,
    nonce: parameters.salt,
    memory: parameters.memoryKibibytes,
    passes: parameters.passes,
    parallelism: parameters.parallelism,
    tagLength: parameters.tagBytes,
  });

/** Blocks for some 30 ms. Answers `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`, the PHC format. */
export function hashPassword(password: string): string {
  const salt = randomBytes(saltBytes);
  const tag = derive(password, { memoryKibibytes, passes, parallelism, salt, tagBytes });
  return `$argon2id$v=19$m=${memoryKibibytes},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

const phcPattern =
  /^\$argon2id\$v=19\$((?:[mtp]=[0-9]{1,7},?){3})\$([A-Za-z0-9+/]{11,88})\$([A-Za-z0-9+/]{22,88})$/;

function parseHash(passwordHash: string): { parameters: Parameters; tag: Buffer } {
  const [, list, salt, tag] = phcPattern.exec(passwordHash) ?? [];
  // Writers differ in the order of m, t and p.
  const { m, t, p } = Object.fromEntries(list?.split(',').map((pair) => pair.split('=')) ?? []);
  if (!m || !t || !p || !salt || !tag)
    throw new Error('the stored password hash is not argon2id in PHC format');
  const expected = Buffer.from(tag, 'base64');
  return {
    parameters: {
      memoryKibibytes: Number(m),
      passes: Number(t),
      parallelism: Number(p),
      salt: Buffer.from(salt, 'base64'),
      tagBytes: expected.length,
    },
    tag: expected,
  };
}

/** With the parameters that the hash names, so that older hashes stay valid. Throws when it is not an argon2id hash. */
export function verifyPassword(passwordHash: string, password: string): boolean {
  const { parameters, tag } = parseHash(passwordHash);
  return timingSafeEqual(derive(password, parameters), tag);
}

/** Of no password that anyone knows; checked in place of the hash of an unknown account, at the same cost. */
export const dummyPasswordHash = `$argon2id$v=19$m=${memoryKibibytes},t=${passes},p=${parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

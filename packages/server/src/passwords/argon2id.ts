import argon2 from 'argon2';

/** 19 MiB, two passes, one lane: OWASP's first recommendation for argon2id. */
const options = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** About 30 ms of one core. Returns `$argon2id$v=19$m=19456,p=1,t=2$salt$tag`, the PHC format. */
export const hashPassword = (password: string): Promise<string> => argon2.hash(password, options);

/** With the parameters in the hash, so that older hashes stay valid. Rejects an invalid hash. */
export const verifyPassword = (passwordHash: string, password: string): Promise<boolean> =>
  argon2.verify(passwordHash, password);

import { randomBytes } from 'node:crypto';

// Without letters and digits that look alike: 32 characters, so that five bits make one.
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
const groupLength = 4;

/** 140 random bits as seven groups of four: `k7qf-…`. */
export function readablePassword(): string {
  const letters = Array.from(randomBytes(28), (byte) => alphabet[byte % alphabet.length]).join('');
  return letters.match(new RegExp(`.{${groupLength}}`, 'g'))?.join('-') ?? letters;
}

import { createCipheriv, createDecipheriv, createHmac, hash, hkdfSync, randomBytes } from 'node:crypto';

/**
 * What the store holds for an Idempotency-Key. Answers can contain tokens, so they are sealed (AES-256-GCM) with a key
 * derived from the Idempotency-Key, which only the client has: the store alone can neither read them nor guess
 * passwords from fingerprints.
 */
export interface SealingKey {
  readonly keyHash: string;
  fingerprint(input: string): string;
  seal(plain: string): string;
  open(sealed: string): string;
}

const ivBytes = 12;
const tagBytes = 16;

export function makeSealingKey(caller: string, idempotencyKey: string): SealingKey {
  const secret = Buffer.from(hkdfSync('sha256', idempotencyKey, caller, 'twite idempotency', 32));
  return {
    keyHash: hash('sha256', `${caller}\n${idempotencyKey}`),
    fingerprint: (input) => createHmac('sha256', secret).update(input).digest('hex'),
    seal(plain) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', secret, iv);
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, ivBytes));
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      return decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}

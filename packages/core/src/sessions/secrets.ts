import { createHmac, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Bearer secrets have telling prefixes, so that scanners and people can identify them. */
export const accessTokenPrefix = 'twa_';
const refreshTokenPrefix = 'twr_';
export const personalTokenPrefix = 'twp_';
const resetSecretPrefix = 'tws_';

/** How every secret is stored: SHA-256 in hex. Secrets are 256 random bits, so a fast hash is enough. */
export const hashSecret = (secret: string): string => hash('sha256', secret);

export const newPersonalToken = (): string => personalTokenPrefix + randomBytes(32).toString('base64url');
export const newResetSecret = (): string => resetSecretPrefix + randomBytes(32).toString('base64url');
export const newAccessToken = (): string => accessTokenPrefix + randomBytes(32).toString('base64url');
export const newTagKey = (): string => randomBytes(32).toString('base64url');
export const newSalt = (): string => randomBytes(32).toString('base64url');

const bodyBytes = 8 + 4 + 32;
const tagBytes = 16;

const tagOf = (body: Buffer, tagKey: string): Buffer =>
  createHmac('sha256', tagKey).update(body).digest().subarray(0, tagBytes);

/**
 * `twr_` + base64url of: session id (8 bytes), generation (4), secret (32), tag (16). The tag, made with a key of the
 * session, proves that we issued an old token. Its reuse can thus end the session without storing every old hash, and
 * nobody can end another's session by guessing its id.
 */
export function makeRefreshToken(
  sessionId: string,
  generation: number,
  secret: Buffer,
  tagKey: string,
): string {
  const body = Buffer.alloc(bodyBytes);
  body.writeBigUInt64BE(BigInt(sessionId), 0);
  body.writeUInt32BE(generation, 8);
  secret.copy(body, 12);
  return refreshTokenPrefix + Buffer.concat([body, tagOf(body, tagKey)]).toString('base64url');
}

/** The session that a refresh token claims to belong to. Undefined if we cannot have issued it. */
export function readRefreshToken(
  token: string,
): { sessionId: string; body: Buffer; tag: Buffer } | undefined {
  if (!token.startsWith(refreshTokenPrefix)) return undefined;
  const bytes = Buffer.from(token.slice(refreshTokenPrefix.length), 'base64url');
  if (bytes.length !== bodyBytes + tagBytes) return undefined;
  return {
    sessionId: bytes.readBigUInt64BE(0).toString().padStart(19, '0'),
    body: bytes.subarray(0, bodyBytes),
    tag: bytes.subarray(bodyBytes),
  };
}

export const isOurs = (token: { body: Buffer; tag: Buffer }, tagKey: string): boolean =>
  timingSafeEqual(tagOf(token.body, tagKey), token.tag);

/**
 * The successors of a refresh token: derived from it and a salt that is stored for the grace period, so that a client
 * that lost the answer gets the same ones again, although only hashes are stored. Neither the old token nor the store
 * alone is enough to derive them.
 */
export function deriveSuccessor(
  oldToken: string,
  salt: string,
): { accessToken: string; refreshSecret: Buffer } {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', oldToken, salt, `twite ${use}`, 32));
  return {
    accessToken: accessTokenPrefix + derive('access').toString('base64url'),
    refreshSecret: derive('refresh'),
  };
}

import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Deps } from '../engine.ts';

/**
 * A device token proves that a client was signed in to an account before, so that attackers who guess the account's
 * password cannot lock the client out. It does not sign in by itself: the password is required too.
 *
 * `twd_` + base64url of: account id (8 bytes), expiry in seconds since 1970 (8), device (12), tag (16). The key of the
 * tag is derived from the stored password hash, so nothing else has to be stored, and a new password invalidates all
 * tokens.
 */
const deviceTokenPrefix = 'twd_';

const bodyBytes = 8 + 8 + 12;
const tagBytes = 16;
/** Counted from the client's last sign-in. */
export const deviceTokenSeconds = 180 * 24 * 3_600;

/** A client that was signed in to an account before. */
export interface KnownDevice {
  /** Random bytes in hex. Stays the same while the client signs in with its token. */
  readonly deviceId: string;
}

function tagOf(body: Buffer, passwordHash: string): Buffer {
  const key = Buffer.from(hkdfSync('sha256', passwordHash, '', 'twite device token', 32));
  return createHmac('sha256', key).update(body).digest().subarray(0, tagBytes);
}

/** Makes a token for a client that has just presented the password. A known device keeps its id. */
export function makeDeviceToken(
  deps: Pick<Deps, 'clock'>,
  accountId: string,
  passwordHash: string,
  device?: KnownDevice,
): string {
  const body = Buffer.alloc(bodyBytes);
  body.writeBigUInt64BE(BigInt(accountId), 0);
  body.writeBigUInt64BE(BigInt(Math.floor(deps.clock.now() / 1000) + deviceTokenSeconds), 8);
  (device === undefined ? randomBytes(12) : Buffer.from(device.deviceId, 'hex')).copy(body, 16);
  return deviceTokenPrefix + Buffer.concat([body, tagOf(body, passwordHash)]).toString('base64url');
}

/**
 * The device of a token. Undefined unless we issued the token, for this account and password, and it has not expired.
 */
export function readDeviceToken(
  deps: Pick<Deps, 'clock'>,
  token: string,
  accountId: string,
  passwordHash: string,
): KnownDevice | undefined {
  if (!token.startsWith(deviceTokenPrefix)) return undefined;
  const bytes = Buffer.from(token.slice(deviceTokenPrefix.length), 'base64url');
  if (bytes.length !== bodyBytes + tagBytes) return undefined;
  const body = bytes.subarray(0, bodyBytes);
  if (!timingSafeEqual(tagOf(body, passwordHash), bytes.subarray(bodyBytes))) return undefined;
  if (body.readBigUInt64BE(0) !== BigInt(accountId)) return undefined;
  if (Number(body.readBigUInt64BE(8)) * 1000 <= deps.clock.now()) return undefined;
  return { deviceId: body.subarray(16).toString('hex') };
}

/** The known device of a sign-in to a handle. Undefined if the device never signed in to it. */
export async function findKnownDevice(
  deps: Pick<Deps, 'accounts' | 'clock'>,
  handle: string,
  token: string | undefined,
): Promise<KnownDevice | undefined> {
  if (token === undefined) return undefined;
  const account = await deps.accounts.findByHandle(handle);
  if (account === undefined) return undefined;
  const passwordHash = await deps.accounts.findPasswordHash(account.accountId);
  if (passwordHash === undefined) return undefined;
  return readDeviceToken(deps, token, account.accountId, passwordHash);
}

import { prepareChild } from '@twite/process/pool/prepare-child';
import { hashPassword, verifyPassword } from './argon2id.ts';

/** `passwordHash` null: hash; otherwise: verify against it. */
export interface PasswordTask {
  readonly password: string;
  readonly passwordHash: string | null;
}

prepareChild();

export default ({ password, passwordHash }: PasswordTask): Promise<string | boolean> =>
  passwordHash === null ? hashPassword(password) : verifyPassword(passwordHash, password);

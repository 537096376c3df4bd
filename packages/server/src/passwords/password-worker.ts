import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashPassword, verifyPassword } from './argon2id.ts';

/** `passwordHash` undefined: hash; else: verify against it. */
export interface PasswordTask {
  readonly password: string;
  readonly passwordHash: string | undefined;
}

export type PasswordOutcome =
  | { readonly ok: true; readonly result: string | boolean }
  | { readonly ok: false; readonly message: string };

// On Linux this is the priority of the calling thread alone: answers to others go first. Elsewhere it would slow down
// the whole process.
if (process.platform === 'linux') {
  try {
    setPriority(0, 19);
  } catch {
    // A sandbox may forbid it; hashing then merely competes on equal terms.
  }
}

const perform = ({ password, passwordHash }: PasswordTask): PasswordOutcome => {
  try {
    const result =
      passwordHash === undefined ? hashPassword(password) : verifyPassword(passwordHash, password);
    return { ok: true, result };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
};

parentPort?.on('message', (task: PasswordTask) => parentPort?.postMessage(perform(task)));

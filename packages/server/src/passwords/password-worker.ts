import { setPriority } from 'node:os';
import { hashPassword, verifyPassword } from './argon2id.ts';

/** `passwordHash` null: hash; else: verify against it. */
export interface PasswordTask {
  readonly password: string;
  readonly passwordHash: string | null;
}

export type PasswordOutcome =
  | { readonly ok: true; readonly result: string | boolean }
  | { readonly ok: false; readonly message: string };

// Answers to others go first.
try {
  setPriority(19);
} catch {
  // A sandbox may forbid it; hashing then merely competes on equal terms.
}

// A terminal's Ctrl-C reaches us too; the server ends us when what is under way is done.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit());

async function perform({ password, passwordHash }: PasswordTask): Promise<PasswordOutcome> {
  try {
    const result = await (passwordHash === null
      ? hashPassword(password)
      : verifyPassword(passwordHash, password));
    return { ok: true, result };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

process.on('message', async (task: PasswordTask) => process.send?.(await perform(task)));

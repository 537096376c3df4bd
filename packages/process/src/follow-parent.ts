import { readFileSync } from 'node:fs';

/** Set by `supervise` for the process that it starts. */
export const supervisedVariable = 'TWITE_SUPERVISED';

const CHECK_MS = 250;
const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'busybox']);

/** The name and parent of another process; undefined without /proc, or if the process does not exist. */
function processInfo(pid: number): { readonly name: string; readonly parent: number } | undefined {
  try {
    // `pid (name) state parent …`; the name may contain anything, even parentheses.
    const match = /^\d+ \((.*)\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return match === null ? undefined : { name: match[1] ?? '', parent: Number(match[2]) };
  } catch {
    return undefined;
  }
}

const isSupervised = (): boolean => process.env[supervisedVariable] === '1' && process.send !== undefined;

let isFollowing = false;

export interface FollowParentOptions {
  /** The parent at the start of the process. Defaults to the current one. */
  readonly parent?: number;
}

/**
 * Sends this process SIGTERM when its owner exits: its supervisor, or the npm, npx, pnpm or yarn that started it. These
 * start commands through a shell, which dies of a signal without passing it on. Any other parent may exit: with
 * `setsid`, `disown` or a service manager, outliving the parent is intended. A second call does nothing.
 */
export function followParent({ parent = process.ppid }: FollowParentOptions = {}): void {
  if (isFollowing) return;
  isFollowing = true;
  const stop = () => process.kill(process.pid, 'SIGTERM');
  if (isSupervised()) {
    if (process.connected) process.once('disconnect', stop);
    else stop();
    process.channel?.unref();
    return;
  }
  if (!process.env.npm_lifecycle_event) return;
  // A shell that waits for this process stays alive when npm is killed, so its own parent is watched as well.
  const started = processInfo(parent);
  const shellParent = started !== undefined && shells.has(started.name) ? started.parent : undefined;
  const check = setInterval(() => {
    const isOrphan =
      process.ppid !== parent || (shellParent !== undefined && processInfo(parent)?.parent !== shellParent);
    if (!isOrphan) return;
    clearInterval(check);
    stop();
  }, CHECK_MS).unref();
}

/** A supervised process's message about itself. */
export type SupervisedMessage =
  /** The process serves. */
  | { readonly twite: 'ready' }
  /** The process exits, and a restart would fail the same way: the operator has to change something. */
  | { readonly twite: 'refused' }
  /** The process exits because it failed. */
  | { readonly twite: 'failed'; readonly reason: string };

/** Does nothing when this process was not started by a supervisor. */
export function tellSupervisor(message: SupervisedMessage): void {
  if (isSupervised() && process.connected) process.send?.(message);
}

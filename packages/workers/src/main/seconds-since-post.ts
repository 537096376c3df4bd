import { idTime } from '@twite/core/ids/ids';

const dayMs = 86_400_000;

/** Undefined for posts more than a day old: these come from a snapshot or a replay, and nobody waits for them. */
export function secondsSincePost(postId: string, now: number): number | undefined {
  const ms = Math.max(0, now - idTime(postId).getTime());
  return ms > dayMs ? undefined : ms / 1_000;
}

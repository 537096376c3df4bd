const keptMs = 30 * 86_400_000;

/** When data deleted now is erased: after every relay, consumer and rebuild has seen the tombstone. */
export const purgeTime = (wallNow: number): Date => new Date(wallNow + keptMs);

/** The hash of no known password; checked in place of the hash of an unknown account, at the same cost. */
export const dummyPasswordHash = `$argon2id$v=19$m=19456,p=1,t=2$${'A'.repeat(22)}$${'A'.repeat(43)}`;

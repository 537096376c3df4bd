import type { Role } from '@twite/contract';

/** Roles by what they may do: each may do all that those below it may. */
export const roleRank: Readonly<Record<Role, number>> = { user: 0, moderator: 1, admin: 2 };

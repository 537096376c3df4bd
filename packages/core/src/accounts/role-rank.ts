import type { Role } from '@twite/contract';

/** Roles by permission: each role may do everything that lower roles may do. */
export const roleRank: Readonly<Record<Role, number>> = { user: 0, moderator: 1, admin: 2 };

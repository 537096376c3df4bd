import type { Settings } from '../engine.ts';

/**
 * Handles that nobody can sign up with unless the operator allows it: those that speak for the instance, and mailbox
 * names that people trust (RFC 2142).
 */
export const defaultReservedHandles: readonly string[] = Object.freeze([
  'abuse',
  'admin',
  'administrator',
  'admins',
  'anonymous',
  'api',
  'contact',
  'help',
  'helpdesk',
  'hostmaster',
  'info',
  'legal',
  'me',
  'mod',
  'moderation',
  'moderator',
  'moderators',
  'mods',
  'noreply',
  'null',
  'official',
  'operator',
  'owner',
  'postmaster',
  'press',
  'privacy',
  'root',
  'security',
  'staff',
  'superuser',
  'support',
  'sysadmin',
  'system',
  'team',
  'twite',
  'undefined',
  'webmaster',
  'www',
]);

/** Case and underscores do not make a different name to a reader: `Admin_` passes for `admin`. */
const keyOf = (handle: string): string => handle.toLowerCase().replaceAll('_', '');

/** Whether new accounts are refused this handle. Accounts that have it keep it. */
export const isReservedHandle = (
  { reservedHandles }: Pick<Settings, 'reservedHandles'>,
  handle: string,
): boolean => reservedHandles.some((reserved) => keyOf(reserved) === keyOf(handle));

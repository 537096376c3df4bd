import type { Me } from '@twite/contract';
import type { Engine } from '../engine.ts';
import { getActiveAccount } from './get-account.ts';
import { presentMe } from './present-account.ts';

export async function getMe(
  deps: Pick<Engine, 'accounts' | 'blocks' | 'follows'>,
  viewerId: string,
): Promise<Me> {
  return presentMe(deps, await getActiveAccount(deps, viewerId));
}

/** Changes what is given; nothing given, nothing changed. */
export async function updateMe(
  deps: Pick<Engine, 'accounts' | 'blocks' | 'follows'>,
  viewerId: string,
  changes: { readonly displayName?: string | undefined; readonly bio?: string | undefined },
): Promise<Me> {
  const { displayName, bio } = changes;
  if (displayName !== undefined || bio !== undefined) {
    await deps.accounts.update(viewerId, {
      ...(displayName === undefined ? {} : { displayName }),
      ...(bio === undefined ? {} : { bio }),
    });
  }
  return getMe(deps, viewerId);
}

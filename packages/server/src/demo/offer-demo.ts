import type { Deps } from '@twite/core/engine';
import { readDemoMarker, writeDemoMarker } from './demo-marker.ts';
import { type DemoSummary, loadDemo } from './load-demo.ts';
import { loadAvatars } from './pictures/load-pictures.ts';
import { planDemo } from './plan-demo.ts';
import { readablePassword } from './readable-password.ts';

/** The sign-in data of the demo that was just loaded. The plaintext password is not stored anywhere. */
export interface LoadedDemo {
  readonly handle: string;
  readonly password: string;
  readonly summary: DemoSummary;
}

/**
 * Loads the demo without avatars when the database is empty and nothing was decided before, or when a load was
 * interrupted. Undefined: not loaded now. Call it before the server answers requests; then call `completeDemo`.
 */
export async function offerDemo(
  deps: Deps,
  dataDir: string,
  { empty }: { readonly empty: boolean },
): Promise<LoadedDemo | undefined> {
  const marker = await readDemoMarker(dataDir);
  if (marker !== undefined && marker.state !== 'loading') return undefined;
  // From now on users may sign up with any handle: a later start must not resume a partly loaded demo.
  if (empty || (!marker && (await deps.stats.count()).accounts > 0)) {
    await writeDemoMarker(dataDir, { state: 'declined' });
    return undefined;
  }
  const startedAt = marker?.startedAt ?? deps.clock.now();
  if (!marker) await writeDemoMarker(dataDir, { state: 'loading', startedAt });
  const password = readablePassword();
  const summary = await loadDemo(deps, { password, startedAt });
  await writeDemoMarker(dataDir, { state: 'withoutAvatars', startedAt });
  return { handle: 'Cosette', password, summary };
}

/**
 * Adds the missing avatars of a demo. The server answers meanwhile, so that the first start does not wait for 77
 * pictures; a start after an interruption adds the missing ones. `signal` aborts it.
 */
export async function completeDemo(deps: Deps, dataDir: string, signal: AbortSignal): Promise<void> {
  const marker = await readDemoMarker(dataDir);
  if (marker?.state !== 'withoutAvatars') return;
  await loadAvatars(deps, planDemo(marker.startedAt), signal);
  await writeDemoMarker(dataDir, { state: 'loaded' });
}

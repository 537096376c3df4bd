import { hasOldAnalysis } from './indices.ts';
import { RebuildUnderWay } from './rebuild-lock.ts';
import { type RebuildSearchOptions, rebuildSearch } from './rebuild-search.ts';

/**
 * Rebuilds the search index if it was built by an older release that splits words differently. Returns whether it did.
 */
export async function renewAnalysis(options: RebuildSearchOptions): Promise<boolean> {
  if (!(await hasOldAnalysis(options.client, options.namespace))) return false;
  try {
    await rebuildSearch(options);
    return true;
  } catch (error) {
    // Another process is rebuilding it.
    if (error instanceof RebuildUnderWay) return false;
    throw error;
  }
}

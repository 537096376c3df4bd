import { hasOldAnalysis } from './indices.ts';
import { RebuildUnderWay } from './rebuild-lock.ts';
import { type RebuildSearchOptions, rebuildSearch } from './rebuild-search.ts';

/** Rebuilds the search index if an older release built it, whose words differ. Returns whether it did. */
export async function renewAnalysis(options: RebuildSearchOptions): Promise<boolean> {
  if (!(await hasOldAnalysis(options.client, options.namespace))) return false;
  try {
    await rebuildSearch(options);
    return true;
  } catch (error) {
    // By another process.
    if (error instanceof RebuildUnderWay) return false;
    throw error;
  }
}

import type { Collection, Document, Filter } from 'mongodb';
import { bounded, inMax } from './reads.ts';

/**
 * Deletes matching documents in batches, and calls `onDeleted` with each batch. Returns how many it deleted. A document
 * that no longer matches when its turn comes stays.
 */
export async function deleteInBatches<Doc extends Document & { readonly _id: string }>(
  collection: Collection<Doc>,
  filter: Filter<Doc>,
  { projection, onDeleted }: { projection: Document; onDeleted: (batch: readonly Doc[]) => Promise<void> },
): Promise<number> {
  for (let total = 0; ; ) {
    const found = await collection
      .find<Doc>(filter, { ...bounded, projection })
      .limit(inMax)
      .toArray();
    const ofBatch = { _id: { $in: found.map(({ _id }) => _id) } } as Filter<Doc>;
    const { deletedCount } = await collection.deleteMany({ ...ofBatch, ...filter });
    await onDeleted(found);
    total += deletedCount;
    if (found.length < inMax) return total;
  }
}

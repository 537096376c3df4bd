import type { Engine } from '@twite/core/engine';
import type { MediaRecord } from '@twite/core/media/media-record';
import { eachAtOnce } from '../mongodb/reads.ts';
import type { Comparing } from './mismatches.ts';

const pageSize = 200;
const atOnce = 16;
const differingMax = 10_000;

type ObjectsSide = Pick<Engine, 'media' | 'blobs'>;

/** The objects that a published medium must have. */
function keysOf({ state, main, variants, sourceKey }: MediaRecord): readonly string[] {
  if (state === 'uploading' || state === 'removed') return [];
  const keys = [...variants.map(({ key }) => key), main?.key, sourceKey];
  return [...new Set(keys)].filter((key): key is string => typeof key === 'string');
}

async function* pagesOf(
  { media }: ObjectsSide,
  only: readonly string[] | undefined,
): AsyncGenerator<readonly MediaRecord[]> {
  if (only !== undefined) {
    yield [...(await media.findMany(only)).values()];
    return;
  }
  for (let after: string | undefined; ; ) {
    const page = await media.list({ after, limit: pageSize });
    yield page;
    if (page.length < pageSize) return;
    after = page[page.length - 1]?.mediaId;
  }
}

/** Every published medium has all of its objects. Objects that no record has are left to `prune`. */
export const compareObjects = (side: ObjectsSide): Comparing => ({
  what: 'media: objects',
  async compare(only) {
    const differing = new Set<string>();
    let compared = 0;
    for await (const page of pagesOf(side, only)) {
      const wanted = page.flatMap((record) => keysOf(record).map((key) => [record.mediaId, key] as const));
      await eachAtOnce(wanted, atOnce, async ([mediaId, key]) => {
        const isThere = (await side.blobs.stat(key)) !== undefined;
        if (!isThere && differing.size < differingMax) differing.add(mediaId);
      });
      compared += page.length;
    }
    return { compared, differing: [...differing] };
  },
});

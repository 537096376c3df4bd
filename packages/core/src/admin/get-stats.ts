import type { Stats } from '@twite/contract';
import type { Deps } from '../engine.ts';

export const getStats = (deps: Pick<Deps, 'stats'>): Promise<Stats> => deps.stats.count();
